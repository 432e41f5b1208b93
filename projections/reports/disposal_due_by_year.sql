-- What is kept for ever has no year and does not appear.
select
    extract(year from r.retention_until)::bigint as year,
    r.disposal_kind as disposal_kind,
    r.kind as kind,
    count(*) as records,
    count(*) filter (where r.status = 'RETENTION_EXPIRED') as expired,
    count(*) filter (where r.offer_due) as offer_due,
    count(*) filter (where r.legal_holds > 0) as held
from
    (
        select 'file' collate "C" as kind, f.status, f.retention_until, f.disposal_kind, f.offer_due, f.legal_holds
        from read.file as f
        union all
        select 'case', c.status, c.retention_until, c.disposal_kind, c.offer_due, c.legal_holds
        from read.case_record as c
    ) as r
where
    r.status in ('CLOSED', 'RETENTION_EXPIRED')
    and r.retention_until is not null
group by
    extract(year from r.retention_until), r.disposal_kind, r.kind
