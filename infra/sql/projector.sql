-- What the projector asks the ledger, and what it keeps about read models. Parameters are psycopg's; %b is binary.

-- name: head
select position from ledger.head

-- name: events_after
select position, record_id, version, topic, recorded_at, effective_at, envelope, body
from ledger.event where position > %b::bigint order by position limit %b::bigint

-- name: events_between
select position, record_id, version, topic, recorded_at, effective_at, envelope, body
from ledger.event
where position > %b::bigint and position <= %b::bigint and (topic = any(%b::text[]) or topic <> all(%b::text[]))
order by position

-- name: events_of
select position, record_id, version, topic, recorded_at, effective_at, envelope, body
from ledger.event where record_id = %b::uuid order by version

-- name: events_by_record
select position, record_id, version, topic, recorded_at, effective_at, envelope, body
from ledger.event
where (record_id, version) > (%b::uuid, %b::bigint) and record_id <= %b::uuid and position <= %b::bigint
  and (topic = any(%b::text[]) or topic <> all(%b::text[]))
order by record_id, version limit %b::bigint

-- name: count_events
select count(*), coalesce(max(position), 0) from ledger.event where position <= %b::bigint

-- name: register
insert into projector.projection (name) select unnest(%b::text[]) on conflict do nothing

-- name: states
select name, fingerprint, relation, generation, position, status, revision
from projector.projection where name = any(%b::text[]) order by name

-- name: locked_states
select name, fingerprint, relation, generation, position, status, revision
from projector.projection where name = any(%b::text[]) order by name for update

-- name: advance
update projector.projection set position = %b::bigint, updated_at = clock_timestamp() where name = any(%b::text[])

-- name: stop
update projector.projection
set status = 'stopped', position = %b::bigint, error = %b::text, error_position = %b::bigint,
    error_since = clock_timestamp(), updated_at = clock_timestamp()
where name = %b::text

-- name: resume
update projector.projection set status = 'live', error = null, error_position = null, error_since = null
where name = any(%b::text[]) and status = 'stopped'

-- name: not_built
update projector.projection
set error = %b::text, error_position = %b::bigint, error_since = clock_timestamp(),
    status = case when relation is null then 'building' else 'stopped' end
where name = %b::text

-- name: held
select distinct relation, key from projector.quarantine where relation = any(%b::text[])

-- name: set_aside
insert into projector.quarantine (relation, position, key, record_id, topic, error, attempts)
select %b::text, e.*, (e.error is not null)::int
from unnest(%b::bigint[], %b::text[], %b::uuid[], %b::text[], %b::text[]) e(position, key, record_id, topic, error)

-- name: rows_aside
select q.key from projector.quarantine q where q.relation = %b::text group by q.key
having coalesce(%b::bigint = any(array_agg(q.position)), true)
order by min(q.position)

-- name: aside_of_row
select position from projector.quarantine where relation = %b::text and key = %b::text order by position

-- name: events_of_records
select position, record_id, version, topic, recorded_at, effective_at, envelope, body
from ledger.event where record_id = any(%b::text[]::uuid[]) and position <= %b::bigint order by position

-- name: events_at
select position, record_id, version, topic, recorded_at, effective_at, envelope, body
from ledger.event where position = any(%b::bigint[]) order by position

-- name: positions_aside
select position from projector.quarantine where relation = %b::text

-- name: healed
delete from projector.quarantine where relation = %b::text and position = any(%b::bigint[])

-- name: tried_again
update projector.quarantine set error = %b::text, attempts = attempts + 1 where relation = %b::text and position = %b::bigint

-- name: mended
update projector.projection set revision = revision + 1, updated_at = clock_timestamp() where name = %b::text

-- name: forget_aside
delete from projector.quarantine where relation = %b::text

-- name: quarantine
select name, position, key, record_id, topic, error, since, attempts
from read.projection_quarantine order by name, position

-- name: announce
select pg_notify('projector', %b::text)

-- name: build
select relation, fingerprint, generation, target, cut, parts, position from projector.build where name = %b::text

-- name: begin_build
insert into projector.build (relation, name, fingerprint, generation, target, cut, parts)
values (%b::text, %b::text, %b::text, %b::int, %b::bigint, %b::text, %b::int)

-- name: end_build
delete from projector.build where name = %b::text

-- name: claim_part
insert into projector.build_part (relation, part) values (%b::text, %b::int)

-- name: parts_filled
select part from projector.build_part where relation = %b::text

-- name: build_reached
update projector.build set position = %b::bigint where relation = %b::text

-- name: rows_about
select coalesce((select greatest(reltuples, 0)::bigint from pg_class where oid = to_regclass(%b::text)), 0)

-- name: count_of_topics
select count(*) from ledger.event where position <= %b::bigint and topic = any(%b::text[])

-- name: set_aside_in
select count(*) filter (where error is not null), min(position),
  (array_agg(error order by position) filter (where error is not null))[1]
from projector.quarantine where relation = %b::text

-- name: building
update projector.projection set building_done = %b::bigint, building_total = %b::bigint, building_rate = %b::float8,
  building_since = case when %b::bigint is null then null else coalesce(building_since, clock_timestamp()) end
where name = %b::text

-- name: forget_progress
update projector.projection set building_done = null, building_total = null, building_rate = null, building_since = null
where name = any(%b::text[]) and building_since is not null and not exists (
    select from pg_locks l join pg_database d on d.oid = l.database
    where d.datname = current_database() and l.locktype = 'advisory' and l.objsubid = 2
      and l.classid::bigint = hashtext('stadtbuch.rebuild')::bigint & 4294967295
      and l.objid::bigint = hashtext(name)::bigint & 4294967295)

-- name: swap
update projector.projection
set relation = %b::text, fingerprint = %b::text, generation = %b::int, position = %b::bigint, status = 'live',
    error = null, error_position = null, error_since = null, updated_at = clock_timestamp(),
    building_done = null, building_total = null, building_since = null, building_rate = null,
    rebuilt_at = clock_timestamp(), rebuilt_position = %b::bigint, rebuilt_rows = %b::bigint,
    rebuilt_seconds = %b::float8, checksum = %b::text
where name = %b::text

-- name: reached
select count(*) from read.projection_status where name = any(%b::text[]) and position >= %b::bigint

-- name: status
select name, status, position, lag_events, lag_seconds::float8, updated_at, error_position, error, error_since,
  building_done, building_total, building_since, building_rate, building_seconds_left, rebuilt_at, rebuilt_position,
  rebuilt_rows, rebuilt_seconds, checksum, fingerprint, quarantined_rows, quarantined_events, quarantined_since
from read.projection_status order by name

-- name: tables
select c.relname from pg_class c where c.relnamespace = 'read'::regnamespace and c.relkind = 'r'

-- name: is_indexed
select exists (select from pg_index where indrelid = to_regclass(%b::text))

-- name: view_columns
select a.attname, format_type(a.atttypid, null) from pg_attribute a
where a.attrelid = to_regclass(%b::text) and a.attnum > 0 and not a.attisdropped order by a.attnum

-- name: lock_of
select pg_try_advisory_lock(hashtext(%b::text), hashtext(%b::text))

-- name: unlock
select pg_advisory_unlock(hashtext(%b::text), hashtext(%b::text))

-- name: call_off
insert into projector.called_off (name, at) values (%b::text, clock_timestamp())
on conflict (name) do update set at = excluded.at

-- name: was_called_off
select exists (select from projector.called_off where name = %b::text and at >= %b::timestamptz)

-- name: clock
select clock_timestamp()

-- name: report
select checksum from projector.report where name = %b::text

-- name: keep_report
insert into projector.report (name, checksum) values (%b::text, %b::text)
on conflict (name) do update set checksum = excluded.checksum
