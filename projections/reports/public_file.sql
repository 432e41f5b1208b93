-- A file is public where its record is published and public, and the item too that it belongs to.
select
    f.record_id as record_id,
    f.file_id as file_id,
    f.item_id as item_id,
    f.role as role,
    f.name as name,
    f.file_name as file_name,
    f.mime_type as mime_type,
    f.size as size,
    f.sha512 as sha512,
    f.access_url as access_url
from
    read.council_file as f
    left join read.paper as p on p.record_id = f.record_id
    left join read.meeting as m on m.record_id = f.record_id
    left join read.agenda_item as i on i.record_id = f.record_id and i.item_id = f.item_id
where
    f.public
    and (
        f.kind = 'paper' and p.public and p.publication = 'published'
        or f.kind = 'meeting' and m.publication = 'published' and (f.item_id is null or i.public)
    )
