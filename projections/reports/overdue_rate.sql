-- A loan counts in the month it was last due in. Late is what came back, was lost or was said to be back after that day,
-- and what the calendar has recorded as overdue and nobody has seen since. Nothing here knows who borrowed.
select
    date_trunc('month', l.due::timestamp)::date as month,
    l.branch as branch,
    l.media_type as media_type,
    count(*) as loans,
    count(*) filter (where l.days_overdue > 0 or l.status = 'OVERDUE') as overdue,
    count(*) filter (where l.status = 'OVERDUE') as out,
    count(*) filter (where l.lost_on is not null) as lost,
    round(100.0 * count(*) filter (where l.days_overdue > 0 or l.status = 'OVERDUE') / count(*), 1) as overdue_rate
from
    read.loan as l
group by
    month, l.branch, l.media_type
