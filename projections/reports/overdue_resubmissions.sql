-- Whether the calendar has recorded it or not: what counts is that the day has passed and nobody has seen to it.
select
    r.record_id as case_id,
    r.no as no,
    c.reference as case_reference,
    r.addressee as addressee,
    c.lead_unit as lead_unit,
    r.due as due,
    (today.day - r.due)::bigint as days_overdue,
    r.status as status
from
    read.resubmission as r
    join read.case_record as c on c.record_id = r.record_id
    cross join read.today as today
where
    r.status in ('SCHEDULED', 'OVERDUE')
    and r.due < today.day
