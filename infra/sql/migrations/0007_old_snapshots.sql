-- A rebuild points a view at another table. PostgreSQL looks names up as of now, but shows rows as of the snapshot of a
-- transaction: one at REPEATABLE READ that began before would find the new table, and few or none of its rows.
-- So the views of read models ask whether their table is the live one in the reader's own snapshot.

create function as_of.refuse_old_snapshot() returns boolean
language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
begin
  raise exception 'the rows of a read model were replaced after this transaction began'
    using errcode = 'serialization_failure', hint = 'Begin a new transaction and ask again.';
end
$$;
comment on function as_of.refuse_old_snapshot() is
  'Ends a query whose transaction began before the rows that it would read came in: it would see only some of them.';
revoke all on function as_of.refuse_old_snapshot() from public;
grant execute on function as_of.refuse_old_snapshot() to stadtbuch_reader, stadtbuch_projector, stadtbuch_writer, stadtbuch_log;
