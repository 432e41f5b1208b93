-- As of a moment: every version of a row (schema history), and views of what was so at a moment that the session names
-- (schema as_of).

create schema history;
create schema as_of;
revoke all on schema history, as_of from public;
comment on schema history is 'Every version of every row of the read models: one view per read model, beside the one of its name in schema read.';
comment on schema as_of is
  'The read models and reports as of a moment: set stadtbuch.as_of_position or stadtbuch.as_of_recorded, and stadtbuch.as_of_effective, and ask as in schema read.';

create function as_of.position_at(recorded timestamptz) returns bigint
language plpgsql stable strict security definer set search_path = pg_catalog, ledger, pg_temp
as $$
declare
  low bigint := 0;
  high bigint := (select h.position from ledger.head h);
  middle bigint;
begin
  -- recorded_at grows with the position, so halving finds the place without an index of its own.
  while low < high loop
    middle := (low + high + 1) / 2;
    if (select e.recorded_at from ledger.event e where e.position = middle) <= recorded then
      low := middle;
    else
      high := middle - 1;
    end if;
  end loop;
  return low;
end $$;
comment on function as_of.position_at(timestamptz) is 'The last position that was recorded by then; 0 where there was none.';

create function as_of.recorded_at(place bigint) returns timestamptz
language sql stable strict security definer set search_path = pg_catalog, ledger, pg_temp
as $$ select e.recorded_at from ledger.event e where e.position = place $$;
comment on function as_of.recorded_at(bigint) is 'When a position was recorded; null where it is not there.';

create function as_of.position() returns bigint language sql stable
as $$
  select coalesce(
    nullif(current_setting('stadtbuch.as_of_position', true), '')::bigint,
    as_of.position_at(nullif(current_setting('stadtbuch.as_of_recorded', true), '')::timestamptz),
    9223372036854775806)
$$;
comment on function as_of.position() is
  'The position that the views of this schema show: stadtbuch.as_of_position, or the last one recorded by stadtbuch.as_of_recorded, or the present.';

create function as_of.effective() returns date language sql stable
as $$ select coalesce(nullif(current_setting('stadtbuch.as_of_effective', true), '')::date, 'infinity'::date) $$;
comment on function as_of.effective() is
  'The day (Berlin) up to which events count that took effect: stadtbuch.as_of_effective; infinity where it is not set.';

create function as_of.effective_before() returns timestamptz language sql stable
as $$ select (as_of.effective() + 1)::timestamp at time zone 'Europe/Berlin' $$;
comment on function as_of.effective_before() is 'The end of that day: events count that took effect before.';

create view as_of.today as
select coalesce(
  nullif(current_setting('stadtbuch.as_of_effective', true), '')::date,
  (coalesce(
     nullif(current_setting('stadtbuch.as_of_recorded', true), '')::timestamptz,
     as_of.recorded_at(nullif(current_setting('stadtbuch.as_of_position', true), '')::bigint),
     now()) at time zone 'Europe/Berlin')::date) as day;
comment on view as_of.today is 'The day that reports count from: one row. (Der Tag, auf den sich Auswertungen beziehen.)';
comment on column as_of.today.day is
  'The effective day asked for, else the day in Berlin of the moment asked for. (Der erfragte Tag oder der des Zeitpunkts.)';

revoke all on all functions in schema as_of from public;
grant usage on schema history, as_of to stadtbuch_reader, stadtbuch_projector, stadtbuch_writer, stadtbuch_log;
grant create on schema history, as_of to stadtbuch_projector;
grant execute on all functions in schema as_of to stadtbuch_reader, stadtbuch_projector, stadtbuch_writer, stadtbuch_log;
grant select on as_of.today to stadtbuch_reader, stadtbuch_projector;
