-- An item shows no paper and no resolution that is not public itself.
select
    i.record_id as meeting_id,
    i.item_id as item_id,
    i.number as number,
    i.sequence as sequence,
    i.title as title,
    p.record_id as paper_id,
    i.yes as yes,
    i.no as no,
    i.abstain as abstain,
    i.outcome as outcome,
    r.resolution_number as resolution_number,
    r.text as resolution_text
from
    read.agenda_item as i
    join read.meeting as m on m.record_id = i.record_id and m.publication = 'published'
    left join read.paper as p on p.record_id = i.paper_id and p.public and p.publication = 'published'
    left join read.resolution as r on r.record_id = i.resolution_id and r.public
where
    i.public
