-- Read models: events that a fold cannot take are set aside, rebuilds can be resumed, and both can be seen.

alter table projector.projection add column revision bigint not null default 0, add column building_rate double precision;
comment on column projector.projection.revision is 'Grows when rows are mended without the position moving: who holds rows in memory reads them anew.';

create table projector.quarantine (
  relation  text collate "C" not null,
  position  bigint not null,
  key       text collate "C" not null,
  record_id uuid not null,
  topic     text collate "C" not null,
  error     text,
  since     timestamptz not null default now(),
  attempts  int not null,
  primary key (relation, position)
);
create index on projector.quarantine (relation, key, position);
comment on table projector.quarantine is
  'Events that a table of a read model does not reflect: the first of a key with the error of its fold, those behind it without one.';

create table projector.build (
  relation    text collate "C" primary key,
  name        text collate "C" not null unique,
  fingerprint text collate "C" not null,
  generation  int not null,
  target      bigint not null,
  cut         text collate "C" not null,
  parts       int not null,
  position    bigint,
  started_at  timestamptz not null default clock_timestamp()
);
comment on table projector.build is 'Tables being filled beside the live ones; position is null until all parts are in and indexed.';

create table projector.build_part (
  relation text collate "C" not null references projector.build on delete cascade,
  part     int not null,
  primary key (relation, part)
);
comment on table projector.build_part is 'Parts of a table that are whole: a rebuild that goes on does not fold them again.';

create or replace view read.projection_status as
select p.name, p.status, p.position,
       (select h.position from ledger.head h) - p.position as lag_events,
       coalesce((select greatest(extract(epoch from now() - e.recorded_at), 0) from ledger.event e where e.position = p.position + 1), 0)::numeric(18, 3)
         as lag_seconds,
       p.updated_at, p.error_position, p.error, p.error_since,
       p.building_done, p.building_total, p.building_since,
       p.rebuilt_at, p.rebuilt_position, p.rebuilt_rows, p.rebuilt_seconds, p.checksum, p.fingerprint,
       p.building_rate,
       case when p.building_rate > 0 then (p.building_total - p.building_done) / p.building_rate end as building_seconds_left,
       q.rows as quarantined_rows, q.events as quarantined_events, q.since as quarantined_since
from projector.projection p
cross join lateral (select count(distinct key) as rows, count(*) as events, min(since) as since
                    from projector.quarantine where relation = p.relation) q;
comment on column read.projection_status.building_rate is 'While it is rebuilt: events a second.';
comment on column read.projection_status.building_seconds_left is 'While it is rebuilt: how long that will take at this rate.';
comment on column read.projection_status.quarantined_rows is 'How many rows stand still because an event of theirs was set aside.';
comment on column read.projection_status.quarantined_events is 'How many events were set aside with them.';
comment on column read.projection_status.quarantined_since is 'Since when the oldest of them has been.';

create view read.projection_quarantine as
select p.name, q.position, q.key, q.record_id, q.topic, q.error, q.since, q.attempts
from projector.quarantine q join projector.projection p on p.relation = q.relation;
comment on view read.projection_quarantine is 'Events that read models do not reflect because a fold could not take them.';
comment on column read.projection_quarantine.name is 'The read model.';
comment on column read.projection_quarantine.position is 'The event.';
comment on column read.projection_quarantine.key is 'The key of its row, as a JSON array of texts.';
comment on column read.projection_quarantine.record_id is 'The record it belongs to.';
comment on column read.projection_quarantine.topic is 'What it is.';
comment on column read.projection_quarantine.error is 'Why it was set aside; null for one that waits behind another of its row.';
comment on column read.projection_quarantine.since is 'When it was set aside.';
comment on column read.projection_quarantine.attempts is 'How often it was tried.';

grant select, insert, update, delete on projector.quarantine, projector.build, projector.build_part to stadtbuch_projector;
grant select on read.projection_quarantine to stadtbuch_reader, stadtbuch_projector, stadtbuch_writer, stadtbuch_log;
