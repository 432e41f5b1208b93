-- A case counts in the month of its last closing; while it is reopened it does not count. Days are calendar days.
select
    date_trunc('month', c.zda_on::timestamp)::date as month,
    c.plan_code as plan_code,
    count(*) as closed,
    round((percentile_cont(0.5) within group (order by c.processing_days))::numeric, 1) as median_days,
    round((percentile_cont(0.9) within group (order by c.processing_days))::numeric, 1) as p90_days
from
    read.case_record as c
where
    c.zda_on is not null
group by
    month, c.plan_code
