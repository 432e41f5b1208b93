-- A meeting that was cancelled needed no invitation any more; what is imported does not say when it was invited to.
select
    m.record_id as meeting_id,
    m.meeting_number as meeting_number,
    m.bodies as bodies,
    m.starts_at as starts_at,
    m.status as status,
    m.invite_by as invite_by,
    m.invited_on as invited_on,
    m.notice_days as notice_days,
    m.late_since as late_since,
    m.shortened_notice_reason as reason
from
    read.meeting as m
where
    m.status <> 'cancelled' and m.source is null and (m.invited_on > m.invite_by or m.late_since is not null)
