-- Who took sealed texts away in clear. A row says what was asked for, and is there before the first text is opened.
-- It holds no text, and nobody but the owner of the schema can change or remove one.

create schema access;
comment on schema access is 'Who was shown what is sealed.';
revoke all on schema access from public;

create table access.export (
  entry bigint generated always as identity primary key,
  at timestamptz not null default clock_timestamp(),
  actor uuid not null,
  role text not null,
  org_unit text not null,
  authentication text not null,
  kind text not null,
  position bigint not null check (position >= 0),
  reason text not null check (length(btrim(reason)) between 1 and 500)
);

grant usage on schema access to stadtbuch_writer;
grant insert (actor, role, org_unit, authentication, kind, position, reason), select (entry) on access.export to stadtbuch_writer;

create view read.clear_export as
select entry, at, actor, role, org_unit, authentication, kind, position, reason from access.export;
comment on view read.clear_export is 'Exports of sealed texts in clear: who took them, when and why. (Ausfuhren versiegelter Texte im Klartext.)';
comment on column read.clear_export.entry is 'Its number; the export names it in export.json. (Laufende Nummer.)';
comment on column read.clear_export.at is 'When it was asked for. (Wann.)';
comment on column read.clear_export.actor is 'Who, as a pseudonym. (Wer, als Pseudonym.)';
comment on column read.clear_export.role is 'In which role. (In welcher Rolle.)';
comment on column read.clear_export.org_unit is 'Of which unit; - where none was told. (Stelle.)';
comment on column read.clear_export.authentication is 'How it was established who that is. (Wie die Person festgestellt wurde.)';
comment on column read.clear_export.kind is 'In which format. (Format.)';
comment on column read.clear_export.position is 'Up to which position of the ledger. (Bis zu welcher Stelle des Registers.)';
comment on column read.clear_export.reason is 'Why, in the words of whoever asked. (Warum.)';
grant select on read.clear_export to stadtbuch_reader, stadtbuch_log;
