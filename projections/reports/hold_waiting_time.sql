-- A hold counts in the month it was placed in. What never was set aside has no waiting time.
select
    date_trunc('month', h.placed_on::timestamp)::date as month,
    h.pickup_branch as pickup_branch,
    count(*) as holds,
    count(*) filter (where h.status in ('PLACED', 'IN_TRANSIT', 'READY')) as waiting,
    count(*) filter (where h.status = 'FULFILLED') as fulfilled,
    count(*) filter (where h.status = 'EXPIRED') as expired,
    count(*) filter (where h.status = 'CANCELLED') as cancelled,
    round((percentile_cont(0.5) within group (order by h.days_waited))::numeric, 1) as days_p50,
    round((percentile_cont(0.9) within group (order by h.days_waited))::numeric, 1) as days_p90
from
    read.hold as h
group by
    month, h.pickup_branch
