-- What `stadtbuch report` asks of the catalogue and of the read models.

-- name: views
select c.relname::text, obj_description(c.oid, 'pg_class')
from pg_class c
where c.relnamespace = 'read'::regnamespace and c.relkind = 'v' and has_table_privilege(c.oid, 'select')
order by c.relname

-- name: columns
select a.attname::text, format_type(a.atttypid, null), col_description(a.attrelid, a.attnum)
from pg_attribute a join pg_class c on c.oid = a.attrelid
where c.relnamespace = 'read'::regnamespace and c.relname = %s and a.attnum > 0 and not a.attisdropped
order by a.attnum

-- name: position
select min(position), as_of.position()
from read.projection_status where name = any(%s::text[])
