-- A paper counts in the month in which it was decided, rejected or withdrawn. Days are calendar days.
select
    date_trunc('month', p.ended_on::timestamp)::date as month,
    coalesce(p.lead_unit, '-') as lead_unit,
    p.paper_type as paper_type,
    count(*) as papers,
    round((percentile_cont(0.5) within group (order by p.ended_on - p.dated))::numeric, 1) as median_days,
    round((percentile_cont(0.9) within group (order by p.ended_on - p.dated))::numeric, 1) as p90_days,
    round((percentile_cont(0.5) within group (order by p.ended_on - p.released_on))::numeric, 1)
        as median_days_from_release
from
    read.paper as p
where
    p.ended_on is not null and p.dated is not null
group by
    1, 2, 3
