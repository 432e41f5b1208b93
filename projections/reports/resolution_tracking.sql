-- Open resolutions appear in every report, finished ones until their final report was given, and then never again.
-- Days are those of Berlin; while a resolution is suspended, none is counted. A resolution that several bodies adopted
-- together appears for each of them.
select
    coalesce(b.code, b.short_name, adopting.body_id::text) as body,
    adopting.body_id as body_id,
    r.resolution_number as resolution_number,
    r.record_id as resolution_id,
    p.reference as paper_reference,
    r.text as text,
    r.public as public,
    r.adopted_on as adopted_on,
    r.status as status,
    r.unit as unit,
    r.due as due,
    tracked.open and r.due is not null and r.due < today.day as overdue,
    case when tracked.open then (today.day - r.due)::bigint end as days_overdue,
    r.reports as reports,
    r.delay_reason as delay_reason,
    r.note as note,
    r.completed_on as completed_on,
    r.tracking_reports as tracking_reports,
    r.last_reported_on as last_reported_on,
    r.last_report_meeting_id as last_report_meeting_id
from
    read.resolution as r
    cross join lateral unnest(r.bodies) as adopting (body_id)
    cross join lateral (select r.status not in ('done', 'repealed', 'suspended')) as tracked (open)
    cross join read.today as today
    left join read.body as b on b.record_id = adopting.body_id
    left join read.paper as p on p.record_id = r.paper_id
where
    r.status <> 'reported_final'
