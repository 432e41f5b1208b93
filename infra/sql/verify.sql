-- What verify reads, all in one snapshot.

-- name: head
select h.log, coalesce(h.position, 0), h.recorded_at, clock_timestamp() from (select) one left join ledger.head h on true

-- name: events
select position, record_id::text, version, topic, recorded_at, effective_at,
       convert_to(envelope::text, 'UTF8'), convert_to(body::text, 'UTF8'), salt, sealed, leaf,
       actor_id::text, channel, command_id::text, correlation_id::text
from ledger.event where position > %b order by position limit %b

-- name: parts
select s.position, s.part, s.key_id, s.nonce, s.ciphertext, k.commitment
from ledger.sealed s left join vault.key k using (key_id)
where s.position > %b and s.position <= %b order by s.position, s.part

-- name: destroyed
select key_id from vault.key where key_id = any (%b::uuid[]) and destroyed_at is not null

-- name: claims
select position, kind, key, record_id::text from ledger.claim order by position, kind, key

-- name: commands
select first_position, last_position, command_id::text, record_id::text, version
from ledger.command where first_position is not null and last_position is not null order by first_position

-- name: exports
select entry, at, actor, role, org_unit, authentication, kind, position, reason, previous, leaf from access.export order by entry

-- name: exports_head
select entry, leaf from access.head

-- name: versions
select position, case
    when version <> coalesce(previous, 0) + 1 then format('version %s of record %s follows version %s: what lies between is missing; restore it from a backup',
                                                          version, record_id, coalesce(previous, 0))
    else format('version %s of record %s lies before version %s: rows were exchanged; restore them from a backup', version, record_id, previous) end
from (select position, record_id, version, lag(version) over record as previous, lag(position) over record as before
      from ledger.event window record as (partition by record_id order by version)) v
where version <> coalesce(previous, 0) + 1 or position < before
order by position limit 100

-- name: commands_at_odds
select first_position, format('command %s is remembered as %s, at positions %s to %s: correct ledger.command',
                              command_id, outcome, coalesce(first_position::text, 'none'), coalesce(last_position::text, 'none'))
from ledger.command
where (first_position is null) <> (outcome = 'nothing') or (first_position is null) <> (last_position is null) or first_position > last_position
union all
select null, format('command %s recorded nothing, upon version %s of record %s, which is not there: correct ledger.command', command_id, version, record_id)
from ledger.command c
where outcome = 'nothing' and version <> 0
  and not exists (select from ledger.event e where e.record_id = c.record_id and e.version = c.version)
order by first_position limit 100
