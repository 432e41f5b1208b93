-- Trusted documents: added, looked through, removed. Parameters are psycopg's.

-- name: add
insert into api.document (id, text, source) values (%s, %s, %s) on conflict (id) do nothing returning id

-- name: all
select id, text, source, added_at from read.trusted_document order by source, id

-- name: remove
delete from api.document where id = %s returning id
