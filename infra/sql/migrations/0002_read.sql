-- Read models: what can be read (schema read, made by the projector), and how far each of them has come (schema projector).

create schema read;
create schema projector;
revoke all on schema read, projector from public;
comment on schema read is 'What can be read: one view per read model and report. Everything in it follows from ledger.event.';
comment on schema projector is 'How far each read model has come.';

create table projector.projection (
  name             text collate "C" primary key,
  fingerprint      text collate "C",
  relation         text collate "C",
  generation       int not null default 0,
  position         bigint not null default 0,
  status           text collate "C" not null default 'building' check (status in ('building', 'live', 'stopped')),
  updated_at       timestamptz not null default clock_timestamp(),
  error            text,
  error_position   bigint,
  error_since      timestamptz,
  building_done    bigint,
  building_total   bigint,
  building_since   timestamptz,
  rebuilt_at       timestamptz,
  rebuilt_position bigint,
  rebuilt_rows     bigint,
  rebuilt_seconds  double precision,
  checksum         text collate "C",
  check ((relation is null) = (fingerprint is null)),
  check ((status = 'building') = (relation is null)),
  check (status <> 'stopped' or error is not null)
) with (fillfactor = 10);
comment on table projector.projection is 'One row per read model; position moves in the transaction that changes the rows.';
comment on column projector.projection.relation is 'The table in schema read that the view of this name shows.';

create table projector.report (
  name     text collate "C" primary key,
  checksum text collate "C" not null
);
comment on table projector.report is 'The views of reports as they were last made: SHA-256 of their text and columns.';

-- Of the owner of both sides, so that a reader sees the lag without seeing the ledger.
create view read.projection_status as
select p.name, p.status, p.position,
       (select h.position from ledger.head h) - p.position as lag_events,
       coalesce((select greatest(extract(epoch from now() - e.recorded_at), 0) from ledger.event e where e.position = p.position + 1), 0)::numeric(18, 3)
         as lag_seconds,
       p.updated_at, p.error_position, p.error, p.error_since,
       p.building_done, p.building_total, p.building_since,
       p.rebuilt_at, p.rebuilt_position, p.rebuilt_rows, p.rebuilt_seconds, p.checksum, p.fingerprint
from projector.projection p;
comment on view read.projection_status is 'How far each read model has come, and what is wrong with it.';
comment on column read.projection_status.name is 'The read model; its rows are in the view of that name.';
comment on column read.projection_status.status is 'building: being filled for the first time; live: following the ledger; stopped: see error.';
comment on column read.projection_status.position is 'The last event the rows reflect.';
comment on column read.projection_status.lag_events is 'How many recorded events the rows do not reflect yet.';
comment on column read.projection_status.lag_seconds is 'How long the oldest of those has been recorded.';
comment on column read.projection_status.updated_at is 'When the position last moved.';
comment on column read.projection_status.error_position is 'The event at which the read model stopped.';
comment on column read.projection_status.error is 'Why it stopped, or why it could not be built.';
comment on column read.projection_status.error_since is 'When it stopped.';
comment on column read.projection_status.building_done is 'While it is rebuilt: events folded so far.';
comment on column read.projection_status.building_total is 'While it is rebuilt: events to fold.';
comment on column read.projection_status.building_since is 'While it is rebuilt: when that began.';
comment on column read.projection_status.rebuilt_at is 'When it was last rebuilt from the ledger.';
comment on column read.projection_status.rebuilt_position is 'The position at which the rebuilt rows were compared.';
comment on column read.projection_status.rebuilt_rows is 'How many rows were rebuilt.';
comment on column read.projection_status.rebuilt_seconds is 'How long that took.';
comment on column read.projection_status.checksum is 'SHA-256 over the rebuilt rows, in hex.';
comment on column read.projection_status.fingerprint is 'Digest of the shape and the fold that made the rows.';

grant usage on schema read to stadtbuch_reader, stadtbuch_projector, stadtbuch_writer, stadtbuch_log;
grant create on schema read to stadtbuch_projector;
grant usage on schema projector to stadtbuch_projector;
grant select, insert, update, delete on projector.projection, projector.report to stadtbuch_projector;
grant select on read.projection_status to stadtbuch_reader, stadtbuch_projector, stadtbuch_writer, stadtbuch_log;
