-- What is written down when somebody is shown what is sealed. Parameters are psycopg's.

-- name: export
insert into access.export (actor, role, org_unit, authentication, kind, position, reason)
values (%s, %s, %s, %s, %s, %s, %s)
returning entry, encode(leaf, 'hex')
