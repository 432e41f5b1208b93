-- A moment to come is refused, whoever asks: what will be known then is not known. And the present is a position too.

create or replace function as_of.position() returns bigint
language plpgsql stable security definer set search_path = pg_catalog, ledger, pg_temp
as $$
declare
  place bigint := nullif(current_setting('stadtbuch.as_of_position', true), '')::bigint;
  recorded timestamptz := nullif(current_setting('stadtbuch.as_of_recorded', true), '')::timestamptz;
  last bigint := (select h.position from ledger.head h);
begin
  if place is not null then
    if place < 0 or place > last then
      raise exception 'position % is not in the ledger: it goes from 0 to %', place, last using errcode = '22023',
        hint = 'set stadtbuch.as_of_position to one of these, or reset it to see the present';
    end if;
    return place;
  end if;
  if recorded is not null then
    -- Not now(): that is when the transaction began, and a moment since then has come.
    if recorded > clock_timestamp() then
      raise exception '% has not come yet; what will be known then is not known', recorded using errcode = '22023',
        hint = 'set stadtbuch.as_of_recorded to a time that has passed, or reset it to see the present';
    end if;
    return as_of.position_at(recorded);
  end if;
  return last;
end $$;
comment on function as_of.position() is
  'The position that the views of this schema show: stadtbuch.as_of_position, or the last one recorded by stadtbuch.as_of_recorded, or the end of the ledger. Refuses a moment to come.';
