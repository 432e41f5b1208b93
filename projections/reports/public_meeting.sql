-- What is published, whole; of what was depublished only that it was there.
select
    m.record_id as meeting_id,
    m.meeting_number as meeting_number,
    m.publication as publication,
    case when m.publication = 'published' then m.name end as name,
    case when m.publication = 'published' then m.location end as location,
    case when m.publication = 'published' then m.status end as status,
    case when m.publication = 'published' then m.starts_at end as starts_at
from
    read.meeting as m
where
    m.publication <> 'unpublished'
