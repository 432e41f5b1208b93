-- The one place where a report asks what day it is.

create view read.today as select (now() at time zone 'Europe/Berlin')::date as day;
comment on view read.today is 'The day that reports count from: one row. (Der Tag, auf den sich Auswertungen beziehen.)';
comment on column read.today.day is 'Today in Berlin. (Heute, in Berlin.)';

grant select on read.today to stadtbuch_reader, stadtbuch_projector;
