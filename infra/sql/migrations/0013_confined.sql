-- What PostgreSQL lets every login do, and what would let one that only reads fill the disk or stop others: large objects
-- and files of snapshots are written by functions, and advisory locks are taken by whoever knows their numbers.

create view migration.open_function as
select p.oid::regprocedure as function, p.proname ~ 'advisory' as locks
from pg_proc p
where p.pronamespace = 'pg_catalog'::regnamespace
  and p.proname ~ '^(lo_.*|loread|lowrite|pg_(try_)?advisory_.*|pg_export_snapshot|pg_logical_emit_message)$'
  and has_function_privilege('public', p.oid, 'execute');
comment on view migration.open_function is 'Functions of PostgreSQL that everybody may call in this database and nobody should.';
grant select on migration.open_function to public;

create function migration.confine() returns void language plpgsql set search_path = pg_catalog, pg_temp
as $$
declare
  found record;
begin
  for found in select function, locks from migration.open_function loop
    execute format('grant execute on function %s to stadtbuch_owner', found.function);
    if found.locks then
      execute format('grant execute on function %s to stadtbuch_projector', found.function);
    end if;
    execute format('revoke execute on function %s from public', found.function);
  end loop;
end
$$;
comment on function migration.confine() is
  'Takes those functions from everybody; the projector keeps its locks. init calls it, as a superuser or not at all.';
revoke execute on function migration.confine() from public;

-- Whoever may read may also send notifications, so that a rebuild is called off by a row.
create table projector.called_off (
  name text collate "C" primary key,
  at   timestamptz not null
);
comment on table projector.called_off is 'When a rebuild of a read model was last called off, for the process that rebuilds it.';
grant select, insert, update on projector.called_off to stadtbuch_projector;
