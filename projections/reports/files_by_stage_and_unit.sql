-- Every file and every case counts once, with its present lead unit.
select
    r.lead_unit as lead_unit,
    r.kind as kind,
    r.status as status,
    count(*) as records,
    count(*) filter (where r.confidentiality <> '003') as confidential,
    count(*) filter (where r.legal_holds > 0) as held,
    min(r.opened_on) as oldest
from
    (
        select 'file' collate "C" as kind, f.lead_unit, f.status, f.confidentiality, f.legal_holds, f.opened_on
        from read.file as f
        union all
        select 'case', c.lead_unit, c.status, c.confidentiality, c.legal_holds, c.opened_on
        from read.case_record as c
    ) as r
group by
    r.lead_unit, r.kind, r.status
