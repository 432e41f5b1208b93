-- The steps of each case's last round. A step waits from the day it became current until it is done; skipped steps and
-- those whose signature a new version has made void count neither as waiting nor as done. Days are those of Berlin.
select
    s.addressee collate "C" as addressee,
    s.kind collate "C" as step_kind,
    count(*) filter (where s.status = '002') as waiting,
    count(*) filter (where s.status = '002' and s.due < today.day) as overdue,
    (max(today.day - s.since) filter (where s.status = '002'))::bigint as longest_days,
    count(*) filter (where s.status = '003') as done,
    round(
        (percentile_cont(0.5) within group (order by s.ended - s.since) filter (where s.status = '003'))::numeric, 1
    ) as median_days,
    round(
        (percentile_cont(0.9) within group (order by s.ended - s.since) filter (where s.status = '003'))::numeric, 1
    ) as p90_days
from
    read.case_record as c
    cross join lateral json_to_recordset(c.steps)
        as s (addressee text, kind text, status text, due date, since date, ended date)
    cross join read.today as today
where
    s.status in ('002', '003')
group by
    s.addressee collate "C", s.kind collate "C"
