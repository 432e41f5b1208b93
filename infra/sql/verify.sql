-- What verify reads, all in one snapshot.

-- name: head
select log, position, recorded_at from ledger.head

-- name: events
select position, record_id, version, topic, recorded_at, effective_at, envelope::text, body::text, salt, sealed, leaf
from ledger.event where position > %b order by position limit %b

-- name: parts
select s.position, s.part, s.key_id, s.nonce, s.ciphertext, k.commitment
from ledger.sealed s left join vault.key k using (key_id)
where s.position > %b and s.position <= %b order by s.position, s.part

-- name: claims
select kind, key, record_id, position from ledger.claim

-- name: commands
select e.position, case when c.command_id is null then 'ledger.command does not know its command'
                        else 'ledger.command remembers other positions for its command' end
from ledger.event e left join ledger.command c using (command_id)
where c.command_id is null or e.position not between c.first_position and c.last_position
union all
select c.first_position, 'ledger.command remembers a command that no event is of'
from ledger.command c
where c.outcome = 'recorded' and not exists (
  select from ledger.event e where e.position = c.first_position and e.command_id = c.command_id)
order by 1 limit 100
