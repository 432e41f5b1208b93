-- The ledger: immutable events, their sealed parts, and what append needs to decide. docs/leaf-format.md specifies the leaf.

create schema ledger;
create schema vault;

create table ledger.event (
  position     bigint primary key check (position > 0),
  record_id    uuid not null,
  version      bigint not null check (version > 0),
  topic        text collate "C" not null check (topic ~ '^[a-z0-9_.]+$' and length(topic) <= 100),
  recorded_at  timestamptz not null check (recorded_at >= '0001-01-01 00:00:00+00' and recorded_at < '10000-01-01 00:00:00+00'),
  effective_at timestamptz not null check (effective_at >= '0001-01-01 00:00:00+00' and effective_at < '10000-01-01 00:00:00+00'),
  envelope     json not null,
  body         json not null,
  salt         bytea not null check (octet_length(salt) = 16),
  sealed       bytea[] check (cardinality(sealed) between 1 and 100),
  leaf         bytea not null check (octet_length(leaf) = 32),
  actor_id       uuid generated always as ((envelope ->> 'actor')::uuid) stored not null,
  channel        text collate "C" generated always as (envelope ->> 'channel') stored not null,
  command_id     uuid generated always as ((envelope ->> 'command_id')::uuid) stored not null,
  correlation_id uuid generated always as ((envelope ->> 'correlation_id')::uuid) stored not null,
  unique (record_id, version),
  -- Type json takes U+0000 and half surrogate pairs, and cannot give them back: asking for a member fails on them. The
  -- generated columns ask the envelope.
  constraint readable_body check (strpos(body::text, '\u') = 0 or json_typeof(body -> '') is distinct from ''),
  constraint object_body check (json_typeof(body) = 'object')
);

comment on table ledger.event is 'Every change to every record, once and for ever. Rows are added by ledger.append and never change.';
comment on column ledger.event.position is 'Place in the ledger: 1, 2, 3 … without gaps, in commit order. Leaf index plus one.';
comment on column ledger.event.record_id is 'The record that changed.';
comment on column ledger.event.version is 'Version of the record after this event: 1, 2, 3 … without gaps.';
comment on column ledger.event.topic is 'Kind and shape of the fact, for example efile.file_opened.v1.';
comment on column ledger.event.recorded_at is 'When the ledger recorded it; grows with every batch.';
comment on column ledger.event.effective_at is 'When it happened in the world; envelope.effective_precision says whether the time of day is known.';
comment on column ledger.event.envelope is 'Who, in what role, by what channel, on what authority: the exact text that was hashed.';
comment on column ledger.event.body is 'The fact: the exact text that was hashed. {"sealed": N} stands for a text in part N of ledger.sealed.';
comment on column ledger.event.salt is 'Random bytes hashed together with envelope and body, so that their digests cannot be guessed.';
comment on column ledger.event.sealed is 'Digests of the sealed parts in order; they stay when the parts are erased.';
comment on column ledger.event.leaf is 'SHA-256(0x00 || entry), the leaf hash of RFC 6962.';

create table ledger.sealed (
  position   bigint not null,
  part       int not null check (part between 0 and 99),
  key_id     uuid not null,
  nonce      bytea not null check (octet_length(nonce) = 12),
  ciphertext bytea not null,
  primary key (position, part)
);
create index sealed_key on ledger.sealed (key_id);
comment on table ledger.sealed is 'Encrypted personal data and free text of events: the only rows that may ever go.';

create table ledger.head (
  one         boolean primary key default true check (one),
  log         text collate "C" not null check (log ~ '^[a-z0-9][a-z0-9./_-]{0,99}$'),
  position    bigint not null,
  recorded_at timestamptz not null
) with (fillfactor = 10);
comment on table ledger.head is 'The ledger''s own name, and its last position and time. Every append locks this row, so commit order is position order.';

create table ledger.command (
  command_id     uuid primary key,
  request_hmac   bytea not null check (octet_length(request_hmac) = 32),
  outcome        text collate "C" not null check (outcome in ('recorded', 'nothing')),
  record_id      uuid not null,
  version        bigint not null,
  first_position bigint,
  last_position  bigint
);
comment on table ledger.command is 'Every command that was answered, so that a repeat gets its first answer. outcome nothing: there was nothing to record.';

create table ledger.claim (
  kind      text collate "C" not null,
  key       text collate "C" not null,
  record_id uuid not null,
  position  bigint not null,
  primary key (kind, key)
);
comment on table ledger.claim is 'Values that only one record may hold. Follows from the events; verify recomputes it.';

create table vault.key (
  key_id       uuid primary key,
  wrapped_key  bytea,
  kek_id       text collate "C" not null,
  commitment   bytea not null check (octet_length(commitment) = 32),
  destroyed_at timestamptz,
  check ((wrapped_key is null) = (destroyed_at is not null))
);
comment on table vault.key is 'Data keys, each wrapped by a key-encryption key that lives outside the database.';

create function ledger.refuse_change() returns trigger language plpgsql as $$
begin
  raise exception '% on ledger.event is refused: events are immutable; record a correction instead', tg_op using errcode = 'insufficient_privilege';
end $$;
create trigger immutable_rows before update or delete on ledger.event for each row execute function ledger.refuse_change();
create trigger immutable_table before truncate on ledger.event for each statement execute function ledger.refuse_change();
alter table ledger.event enable always trigger immutable_rows, enable always trigger immutable_table;

-- The entry of an event: RFC 8785 JSON of hashes and pseudonyms. Every value is ASCII without escapes by the checks above.
create function ledger.entry(
  log text, record_id uuid, version bigint, topic text, recorded_at timestamptz, effective_at timestamptz,
  envelope text, body text, salt bytea, sealed bytea)
returns bytea language sql stable parallel safe as $$
  select convert_to(
    '{"body":"' || encode(sha256(salt || convert_to(body, 'UTF8')), 'hex')
    || '","effective_at":"' || to_char(effective_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
    || '","envelope":"' || encode(sha256(salt || convert_to(envelope, 'UTF8')), 'hex')
    || '","log":"' || log
    || '","record":"' || record_id
    || '","recorded_at":"' || to_char(recorded_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
    || '","sealed":' || coalesce('"' || encode(sha256(sealed), 'hex') || '"', 'null')
    || ',"topic":"' || topic || '","v":1,"version":' || version || '}', 'UTF8')
$$;

-- The digests of an event's parts arrive as one string of 32 bytes each. Anything else becomes what ledger.event refuses.
create function ledger.digests(joined bytea) returns bytea[] language sql immutable parallel safe as $$
  select case
    when joined is null then null
    when octet_length(joined) = 32 then array[joined]
    when octet_length(joined) % 32 <> 0 or octet_length(joined) = 0 then '{}'
    else (select array_agg(substr(joined, 1 + 32 * n, 32) order by n) from generate_series(0, octet_length(joined) / 32 - 1) n)
  end
$$;

-- One call is one transaction is one fsync for a batch of units. A unit is atomic: it is recorded whole or not at all.
-- A unit is one command, or several that were decided upon each other. Arrays are parallel; ordinals count from 1.
create function ledger.append(
  command_id uuid[], request_hmac bytea[], command_unit int[], command_record uuid[], command_version bigint[],
  command_first int[], command_last int[],  -- ordinals of its first and last event, 0 where it has none
  event_command int[], record_id uuid[], version bigint[], topic text[], effective_at timestamptz[],
  envelope text[], body text[], salt bytea[], digests bytea[],
  part_event int[], part int[], part_key uuid[], part_nonce bytea[], part_ciphertext bytea[],
  guard_unit int[], guard_record uuid[], guard_version bigint[],
  claim_event int[], claim_kind text[], claim_key text[],
  release_event int[], release_kind text[], release_key text[],
  key_unit int[], key_id uuid[], key_wrapped bytea[], key_kek text[], key_commitment bytea[])
returns table(command int, status text, detail text, first_position bigint, last_position bigint, recorded_record uuid, recorded_version bigint)
language plpgsql security definer
set search_path = pg_catalog, ledger, pg_temp
set jit = off
set enable_seqscan = off
set plan_cache_mode = force_generic_plan
as $$
#variable_conflict use_variable
declare
  log text;
  head_position bigint;
  head_time timestamptz;
  clock timestamptz;
  stamp timestamptz;
  units int := coalesce(command_unit[cardinality(command_unit)], 0);
  verdict text[];     -- per unit: ready | repeated | key_reused | retry_alone | versions | version_conflict | guard_failed
                      -- | claim_taken | claim_not_held | key_conflict | key_unusable
  details text[];     -- per unit: the kind of the claim at fault
  positions bigint[]; -- per event, null where its unit is not recorded
  recorded int;
  plain boolean;      -- nothing stands against any unit
begin
  select h.log, h.position, h.recorded_at into strict log, head_position, head_time from ledger.head h for update;
  clock := clock_timestamp();
  if head_time > clock + interval '5 seconds' then
    raise exception 'the clock (%) is behind the ledger''s last event (%)', clock, head_time
      using errcode = 'SB001', hint = 'Correct the clock of the database server, then try again.';
  end if;
  stamp := greatest(clock, head_time + interval '1 microsecond');

  -- The common case first, by small questions that are left out where there is nothing to ask: versions follow on, nothing
  -- is known, taken, shared or destroyed. Whatever is not plain is told apart below.
  plain := cardinality(release_event) = 0
    and not exists (
      select from unnest(command_id) c(i) where (select k.version from ledger.command k where k.command_id = c.i limit 1) is not null)
    and not exists (
      select from unnest(record_id, version) with ordinality e(r, v, o)
      where e.v < 1
         or (select x.position from ledger.event x where x.record_id = e.r and x.version = e.v limit 1) is not null
         or (e.v > 1
             and (record_id[e.o - 1] = e.r and version[e.o - 1] = e.v - 1
                  and command_unit[event_command[e.o - 1]] = command_unit[event_command[e.o]]) is not true
             and (select x.position from ledger.event x where x.record_id = e.r and x.version = e.v - 1 limit 1) is null));
  if plain and units > 1 then
    plain := (select count(distinct c.i) = count(*) from unnest(command_id) c(i))
      and not exists (
        select from (select command_unit[e.c] as u, e.r, true as w from unnest(event_command, record_id) e(c, r)
                     union all select g.u, g.r, false from unnest(guard_unit, guard_record) g(u, r)) t
        group by t.r having min(t.u) <> max(t.u) and bool_or(t.w));
  end if;
  if plain and cardinality(guard_unit) > 0 then
    plain := not exists (
      select from unnest(guard_record, guard_version) g(r, v)
      where (g.v > 0 and (select x.position from ledger.event x where x.record_id = g.r and x.version = g.v limit 1) is null)
         or (select x.position from ledger.event x where x.record_id = g.r and x.version = g.v + 1 limit 1) is not null);
  end if;
  if plain and cardinality(claim_event) > 0 then
    plain := not exists (
        select from unnest(claim_kind, claim_key) c(k, y)
        where (select x.position from ledger.claim x where x.kind = c.k and x.key = c.y limit 1) is not null)
      and (cardinality(claim_event) = 1
           or (select count(distinct (c.k, c.y)) = count(*) from unnest(claim_kind, claim_key) c(k, y)));
  end if;
  if plain and cardinality(key_id) > 0 then
    plain := (select count(distinct k.i) = count(distinct (k.i, k.c)) from unnest(key_id, key_commitment) k(i, c))
      and not exists (
        select from unnest(key_id, key_commitment) k(i, c)
        where (select x.commitment = k.c and x.destroyed_at is null from vault.key x where x.key_id = k.i limit 1) is false)
      and not exists (
        select from (select command_unit[event_command[s.e]] as u, s.k, false as brought from unnest(part_event, part_key) s(e, k)
                     union all select k.u, k.i, true from unnest(key_unit, key_id) k(u, i)) p
        group by p.u, p.k
        having not bool_or(p.brought) and (select x.destroyed_at is null from vault.key x where x.key_id = p.k limit 1) is not true);
  elsif plain and cardinality(part_event) > 0 then
    plain := not exists (
      select from unnest(part_key) s(k)
      where (select x.destroyed_at is null from vault.key x where x.key_id = s.k limit 1) is not true);
  end if;

  if plain then
    verdict := array_fill('ready'::text, array[units]);
    recorded := cardinality(event_command);
    positions := array(select head_position + o from generate_series(1, recorded) o);
  else
    with
    command as materialized (
      select c.o, c.u, c.i, (select (k.request_hmac = c.h)::int from ledger.command k where k.command_id = c.i limit 1) as known
      from unnest(command_id, request_hmac, command_unit) with ordinality c(i, h, u, o)),
    event as materialized (
      select command_unit[e.c] as u, e.r, e.v, e.o from unnest(event_command, record_id, version) with ordinality e(c, r, v, o)),
    span as materialized (
      select s.u, s.r, min(s.v) as low, min(s.v - s.n) = max(s.v - s.n) as consecutive
      from (select e.u, e.r, e.v, row_number() over (partition by e.u, e.r order by e.o) as n from event e) s group by s.u, s.r),
    guard as materialized (select g.u, g.r, g.v from unnest(guard_unit, guard_record, guard_version) g(u, r, v)),
    claim as materialized (
      select command_unit[event_command[c.e]] as u, c.k, c.y from unnest(claim_event, claim_kind, claim_key) c(e, k, y)),
    release as materialized (
      select command_unit[event_command[c.e]] as u, c.k, c.y, record_id[c.e] as r from unnest(release_event, release_kind, release_key) c(e, k, y)),
    fault(u, rank, status, detail) as (
      -- What two units of one batch share is judged one batch later, when the first of them is settled.
      select c.u, 0, 'retry_alone', null from (select c.u, min(c.u) over (partition by c.i) as first from command c) c where c.first < c.u
      union all
      select c.u, 1, case c.known when 1 then 'repeated' else 'key_reused' end, null from command c where c.known is not null
      union all
      select t.u, 2, 'retry_alone', null
      from (select t.u, t.w, bool_or(t.w) over earlier as written, count(*) over earlier as touched
            from (select s.u, s.r, true as w from span s union all select g.u, g.r, false from guard g) t
            window earlier as (partition by t.r order by t.u range between unbounded preceding and 1 preceding)) t
      where t.written or (t.w and t.touched > 0)
      union all
      select c.u, 2, 'retry_alone', null
      from (select c.u, min(c.u) over (partition by c.k, c.y) as first
            from (select c.u, c.k, c.y from claim c union all select r.u, r.k, r.y from release r) c) c
      where c.first < c.u
      union all
      select s.u, 3, 'versions', null from span s where not s.consecutive or s.low < 1
      union all
      select s.u, 4, 'version_conflict', null from span s
      where (select x.position from ledger.event x where x.record_id = s.r and x.version = s.low limit 1) is not null
         or (s.low > 1 and (select x.position from ledger.event x where x.record_id = s.r and x.version = s.low - 1 limit 1) is null)
      union all
      select g.u, 5, 'guard_failed', null from guard g
      where (g.v > 0 and (select x.position from ledger.event x where x.record_id = g.r and x.version = g.v limit 1) is null)
         or (select x.position from ledger.event x where x.record_id = g.r and x.version = g.v + 1 limit 1) is not null
      union all
      select c.u, 6, 'claim_taken', c.k
      from (select c.u, c.k, c.y, count(*) over (partition by c.u, c.k, c.y) as times from claim c) c
      where c.times > 1 or (select x.position from ledger.claim x where x.kind = c.k and x.key = c.y limit 1) is not null
      union all
      select r.u, 7, 'claim_not_held', r.k from release r
      where (select x.position from ledger.claim x where x.kind = r.k and x.key = r.y and x.record_id = r.r limit 1) is null
      -- Two that made a key for the same subject at once: the first to commit wins, the other seals again.
      union all
      select k.u, 8, 'key_conflict', null
      from (select k.u, k.i, k.c, first_value(k.c) over (partition by k.i order by k.u) as first
            from unnest(key_unit, key_id, key_commitment) k(u, i, c)) k
      where k.c <> k.first or (select x.commitment = k.c from vault.key x where x.key_id = k.i limit 1) is false
      union all
      select p.u, 9, 'key_unusable', null
      from (select p.u, p.k, bool_or(p.brought) as brought, bool_or(not p.brought) as used
            from (select command_unit[event_command[s.e]] as u, s.k, false as brought from unnest(part_event, part_key) s(e, k)
                  union all select k.u, k.i, true from unnest(key_unit, key_id) k(u, i)) p
            group by p.u, p.k) p
      where p.used and coalesce((select x.destroyed_at is not null from vault.key x where x.key_id = p.k limit 1), not p.brought)),
    worst as materialized (select distinct on (f.u) f.u, f.status, f.detail from fault f order by f.u, f.rank, f.status)
    select array_agg(coalesce(w.status, 'ready') order by n.u), array_agg(w.detail order by n.u)
    into verdict, details
    from generate_series(1, units) n(u) left join worst w on w.u = n.u;

    select array_agg(case when e.ready then head_position + e.n end order by e.o), count(*) filter (where e.ready)
    into positions, recorded
    from (select e.o, verdict[command_unit[e.c]] = 'ready' as ready,
                 count(*) filter (where verdict[command_unit[e.c]] = 'ready') over (order by e.o) as n
          from unnest(event_command) with ordinality e(c, o)) e;
  end if;

  if cardinality(key_id) > 0 then
    insert into vault.key (key_id, wrapped_key, kek_id, commitment)
    select k.i, k.w, k.n, k.c from unnest(key_unit, key_id, key_wrapped, key_kek, key_commitment) k(u, i, w, n, c)
    where verdict[k.u] = 'ready'
    on conflict do nothing;
  end if;

  insert into ledger.event (position, record_id, version, topic, recorded_at, effective_at, envelope, body, salt, sealed, leaf)
  select e.p, e.r, e.v, e.t, stamp, e.f, e.e::json, e.b::json, e.s, case when e.d is not null then case octet_length(e.d) when 32 then array[e.d] else ledger.digests(e.d) end end,
         sha256('\x00'::bytea || ledger.entry(log, e.r, e.v, e.t, stamp, e.f, e.e, e.b, e.s, e.d))
  from unnest(positions, record_id, version, topic, effective_at, envelope, body, salt, digests) e(p, r, v, t, f, e, b, s, d)
  where e.p is not null;

  if cardinality(part_event) > 0 then
    insert into ledger.sealed (position, part, key_id, nonce, ciphertext)
    select positions[s.e], s.n, s.k, s.o, s.c
    from unnest(part_event, part, part_key, part_nonce, part_ciphertext) s(e, n, k, o, c)
    where positions[s.e] is not null;
  end if;

  if cardinality(claim_event) > 0 then
    insert into ledger.claim (kind, key, record_id, position)
    select c.k, c.y, record_id[c.e], positions[c.e]
    from unnest(claim_event, claim_kind, claim_key) c(e, k, y)
    where positions[c.e] is not null;
  end if;

  if cardinality(release_event) > 0 then
    -- By row address: a join could be planned on an empty table to read all of it, and stay so.
    delete from ledger.claim x
    where x.ctid = any (array(
      select (select c.ctid from ledger.claim c where c.kind = r.k and c.key = r.y limit 1)
      from unnest(release_event, release_kind, release_key) r(e, k, y)
      where positions[r.e] is not null));
  end if;

  if recorded > 0 then
    update ledger.head h set position = head_position + recorded, recorded_at = stamp;
    perform pg_notify('ledger', (head_position + recorded)::text);
  end if;

  insert into ledger.command (command_id, request_hmac, outcome, record_id, version, first_position, last_position)
  select c.i, c.h, case when c.f = 0 then 'nothing' else 'recorded' end, c.r, c.v, positions[c.f], positions[c.l]
  from unnest(command_id, request_hmac, command_unit, command_record, command_version, command_first, command_last) c(i, h, u, r, v, f, l)
  where verdict[c.u] = 'ready';

  if plain then
    return query
    select c.o::int, case when c.f = 0 then 'nothing' else 'recorded' end, null::text, positions[c.f], positions[c.l], c.r, c.v
    from unnest(command_record, command_version, command_first, command_last) with ordinality c(r, v, f, l, o);
  else
    return query
    select c.o::int,
           case when verdict[c.u] = 'repeated' and k.version is null then 'unit_repeated' when verdict[c.u] <> 'ready' then verdict[c.u]
                when c.f = 0 then 'nothing' else 'recorded' end,
           details[c.u], coalesce(k.first_position, positions[c.f]), coalesce(k.last_position, positions[c.l]),
           coalesce(k.record_id, c.r), coalesce(k.version, c.v)
    from unnest(command_id, command_unit, command_record, command_version, command_first, command_last) with ordinality c(i, u, r, v, f, l, o)
    left join lateral (select x.* from ledger.command x where verdict[c.u] = 'repeated' and x.command_id = c.i limit 1) k on true;
  end if;
end $$;

-- Holds the head, so that no append stands between its look at the key and its commit: what is recorded after this has
-- seen it. Costs append nothing.
create function ledger.destroy_key(id uuid) returns bigint language plpgsql security definer
set search_path = pg_catalog, ledger, pg_temp
as $$
declare
  erased bigint;
begin
  perform from ledger.head h for update;
  update vault.key k set wrapped_key = null, destroyed_at = clock_timestamp() where k.key_id = id and k.destroyed_at is null;
  if not found and not exists (select from vault.key k where k.key_id = id) then
    raise exception 'there is no key %', id using errcode = 'no_data_found';
  end if;
  delete from ledger.sealed s where s.key_id = id;
  get diagnostics erased = row_count;
  return erased;
end $$;
comment on function ledger.destroy_key is 'Forget a subject: destroy its key and delete what it seals; answers how many parts went. Again: nothing.';

revoke all on function ledger.append, ledger.destroy_key from public;
revoke all on schema ledger, vault from public;
grant usage on schema ledger, vault to stadtbuch_writer;
grant execute on function ledger.append to stadtbuch_writer;
grant execute on function ledger.entry, ledger.digests to stadtbuch_writer, stadtbuch_projector, stadtbuch_log;
grant select on ledger.event, ledger.sealed, ledger.head, ledger.command, ledger.claim to stadtbuch_writer;
grant select, insert on vault.key to stadtbuch_writer;

grant usage on schema ledger to stadtbuch_projector, stadtbuch_log;
grant select on ledger.event, ledger.head to stadtbuch_projector;

grant usage on schema ledger, vault to stadtbuch_log, stadtbuch_eraser;
grant select on ledger.event, ledger.head, ledger.sealed, ledger.claim, ledger.command to stadtbuch_log;
grant select (key_id, kek_id, commitment, destroyed_at) on vault.key to stadtbuch_log;

-- The eraser destroys by ledger.destroy_key alone: done by hand, a text could still be recorded under the key.
grant execute on function ledger.destroy_key to stadtbuch_eraser;
grant select (position, part, key_id) on ledger.sealed to stadtbuch_eraser;
grant select (key_id, kek_id, commitment, destroyed_at) on vault.key to stadtbuch_eraser;
