-- Each entry about sealed texts that left in clear covers itself and the entry before it by a hash: `verify` finds one
-- that was altered, added, or taken out from among others. The oldest may be deleted when their time is over.

alter table access.export alter column entry drop identity;
alter table access.export add column previous bytea, add column leaf bytea;

create table access.head (
  one   boolean primary key default true check (one),
  entry bigint not null,
  leaf  bytea not null
);
comment on table access.head is 'The last entry about exports in clear; entries are numbered and chained by it.';
insert into access.head (entry, leaf) values (0, '');

create function access.leaf_of(e access.export) returns bytea
language sql stable set search_path = pg_catalog, pg_temp
as $$
  select sha256(convert_to(json_build_array(
    'stadtbuch.access.export.v1'::text, e.entry, to_char(e.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), e.actor::text, e.role,
    e.org_unit, e.authentication, e.kind, e.position, e.reason, encode(e.previous, 'hex'))::text, 'UTF8'))
$$;
comment on function access.leaf_of(access.export) is 'SHA-256 of an entry as a JSON array in UTF-8, with the leaf of the entry before it.';

create function access.chain() returns trigger
language plpgsql security definer set search_path = pg_catalog, access, pg_temp
as $$
begin
  select h.entry + 1, h.leaf into strict new.entry, new.previous from access.head h for update;
  new.at := clock_timestamp();
  new.leaf := access.leaf_of(new);
  update access.head set entry = new.entry, leaf = new.leaf;
  return new;
end
$$;
comment on function access.chain() is 'Numbers an entry, and chains it to the one before.';

do $$
declare
  old access.export;
begin
  for old in select * from access.export order by entry loop
    old.previous := (select h.leaf from access.head h);
    old.leaf := access.leaf_of(old);
    update access.export set previous = old.previous, leaf = old.leaf where entry = old.entry;
    update access.head set entry = old.entry, leaf = old.leaf;
  end loop;
end
$$;

alter table access.export alter column previous set not null, alter column leaf set not null;
create trigger chain before insert on access.export for each row execute function access.chain();

revoke all on all functions in schema access from public;
grant select (leaf) on access.export to stadtbuch_writer;
grant usage on schema access to stadtbuch_log;
grant select on access.export, access.head to stadtbuch_log;

create or replace view read.clear_export as
select entry, at, actor, role, org_unit, authentication, kind, position, reason, encode(leaf, 'hex') as leaf from access.export;
comment on column read.clear_export.leaf is
  'SHA-256 over this entry and the leaf of the one before; the export names it in export.json. (Prüfsumme mit der des vorigen Eintrags.)';
