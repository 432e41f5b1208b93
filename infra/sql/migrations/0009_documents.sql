-- Documents that front ends may send by their hash. A text is what its id says, for ever: the table itself checks it, and nobody may change a row.

create schema api;
comment on schema api is 'What the API is set up with.';
revoke all on schema api from public;

create table api.document (
  id text collate "C" primary key,
  text text collate "C" not null check (octet_length(text) <= 262144),
  source text not null check (length(source) between 1 and 500),
  added_at timestamptz not null default clock_timestamp(),
  check (id = 'sha256:' || encode(sha256(convert_to(text, 'UTF8')), 'hex'))
);

grant usage on schema api to stadtbuch_writer;
grant insert (id, text, source), select (id), delete on api.document to stadtbuch_writer;

create view read.trusted_document as
select id, source, added_at, text from api.document;
comment on view read.trusted_document is 'GraphQL documents that front ends may send by their id. (Hinterlegte Abfragen der Oberflächen.)';
comment on column read.trusted_document.id is 'sha256: and the SHA-256 of the text, in hex. (Prüfsumme des Textes.)';
comment on column read.trusted_document.source is 'The file it was added from. (Herkunft.)';
comment on column read.trusted_document.added_at is 'Since when it may be sent. (Seit wann.)';
comment on column read.trusted_document.text is 'The document. (Text.)';
grant select on read.trusted_document to stadtbuch_reader;
