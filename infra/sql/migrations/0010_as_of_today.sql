-- A position goes before a recorded time in all that asks for the moment: `as_of.position()` had it so, the day did not.

create or replace view as_of.today as
select coalesce(
  nullif(current_setting('stadtbuch.as_of_effective', true), '')::date,
  (coalesce(
     case
       when nullif(current_setting('stadtbuch.as_of_position', true), '') is null
         then nullif(current_setting('stadtbuch.as_of_recorded', true), '')::timestamptz
       else as_of.recorded_at(current_setting('stadtbuch.as_of_position', true)::bigint)
     end,
     now()) at time zone 'Europe/Berlin')::date) as day;
