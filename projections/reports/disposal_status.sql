-- Files and cases together: a disposal is of both.
select
    r.process_id as process_id,
    r.archive as archive,
    min(r.offered_on) as offered_on,
    count(*) as records,
    count(*) filter (where r.appraisal is null) as undecided,
    count(*) filter (where r.appraisal = 'A') as to_archive,
    count(*) filter (where r.appraisal = 'V') as to_destroy,
    count(*) filter (where r.status = 'TRANSFERRED') as transferred,
    count(*) filter (where r.archive_id is not null) as confirmed,
    count(*) filter (where r.status = 'DESTROYED') as destroyed,
    count(*) filter (where r.legal_holds > 0) as held
from
    (
        select f.process_id, f.archive, f.offered_on, f.appraisal, f.archive_id, f.status, f.legal_holds
        from read.file as f
        union all
        select c.process_id, c.archive, c.offered_on, c.appraisal, c.archive_id, c.status, c.legal_holds
        from read.case_record as c
    ) as r
where
    r.process_id is not null
group by
    r.process_id, r.archive
