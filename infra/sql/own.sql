-- What own projections ask of the ledger and of the read models. Parameters are psycopg's; %b is binary.

-- name: sample
select e.position, e.record_id, e.version, e.topic, e.recorded_at, e.effective_at, e.envelope, e.body
from ledger.event e
where e.record_id in (
    (select first.record_id from ledger.event first where first.topic = any(%b::text[]) order by first.position limit %b::bigint)
    union
    (select last.record_id from ledger.event last where last.topic = any(%b::text[]) order by last.position desc limit %b::bigint)
  )
order by e.position

-- name: relations
select n.nspname::text, c.relname::text, c.relkind::text from pg_class c join pg_namespace n on n.oid = c.relnamespace
where n.nspname in ('read', 'history', 'as_of') and c.relkind in ('r', 'v') and starts_with(c.relname, %s)
order by c.relkind desc, n.nspname, c.relname

-- name: forget_quarantine
delete from projector.quarantine where relation = any(%s::text[])

-- name: forget_build
delete from projector.build where name = %s

-- name: forget
delete from projector.projection where name = %s

-- name: lock
select pg_advisory_lock(hashtext('stadtbuch.projection'), hashtext(%s)), pg_advisory_lock(hashtext('stadtbuch.rebuild'), hashtext(%s))
