-- What is published and public, whole; of what was depublished only that it was there.
select
    p.record_id as paper_id,
    p.reference as reference,
    p.publication as publication,
    case when p.publication = 'published' then p.title end as title,
    case when p.publication = 'published' then p.paper_type end as paper_type,
    case when p.publication = 'published' then p.status end as status,
    case when p.publication = 'published' then p.dated end as dated
from
    read.paper as p
where
    p.public and p.publication = 'published'
    or p.publication in ('depublished', 'deleted_at_source')
