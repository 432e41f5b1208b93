-- What verify asks of the vault.

-- name: own_secret
select destroyed_at is not null from vault.key where key_id = %b

-- name: half_destroyed
select min(s.position), format('the key %s is destroyed, what it seals is still there: run ledger.destroy_key again', k.key_id)
from vault.key k join ledger.sealed s using (key_id) where k.destroyed_at is not null
group by k.key_id order by 1 limit 100

-- name: as_writer
-- The log role may not read wrapped keys. For this transaction alone, which stays read-only and in its snapshot.
set local role stadtbuch_writer

-- name: wrapped
select k.key_id, k.wrapped_key, k.kek_id, k.commitment, (select min(s.position) from ledger.sealed s where s.key_id = k.key_id)
from vault.key k where k.wrapped_key is not null
