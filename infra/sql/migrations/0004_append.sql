-- What append costs: fewer questions for each event, and no expression that has to be read from the catalogue each time.

-- A check constraint is parsed anew by every statement that inserts, a domain's is kept by the session. That was a tenth of
-- an append of one command. Position and recorded_at stay as they are: a view rests on them.
create domain ledger.version as bigint check (value > 0);
create domain ledger.topic as text collate "C" check (value ~ '^[a-z0-9_.]+$' and length(value) <= 100);
create domain ledger.moment as timestamptz check (value >= '0001-01-01 00:00:00+00' and value < '10000-01-01 00:00:00+00');
-- Type json takes U+0000 and half surrogate pairs, and cannot give them back: asking for a member fails on them.
create domain ledger.body as json
  constraint readable_body check (strpos(value::text, '\u') = 0 or json_typeof(value -> '') is distinct from '')
  constraint object_body check (json_typeof(value) = 'object');
create domain ledger.salt as bytea check (octet_length(value) = 16);
create domain ledger.digest as bytea check (octet_length(value) = 32);
create domain ledger.part_digests as bytea[] check (cardinality(value) between 1 and 100);
create domain ledger.part_number as int check (value between 0 and 99);
create domain ledger.nonce as bytea check (octet_length(value) = 12);
create domain ledger.outcome as text collate "C" check (value in ('recorded', 'nothing'));

alter table ledger.event
  drop constraint event_version_check, alter version type ledger.version,
  drop constraint event_topic_check, alter topic type ledger.topic,
  drop constraint event_effective_at_check, alter effective_at type ledger.moment,
  drop constraint readable_body, drop constraint object_body, alter body type ledger.body,
  drop constraint event_salt_check, alter salt type ledger.salt,
  drop constraint event_sealed_check, alter sealed type ledger.part_digests,
  drop constraint event_leaf_check, alter leaf type ledger.digest;
alter table ledger.sealed
  drop constraint sealed_part_check, alter part type ledger.part_number,
  drop constraint sealed_nonce_check, alter nonce type ledger.nonce;
alter table ledger.command
  drop constraint command_request_hmac_check, alter request_hmac type ledger.digest,
  drop constraint command_outcome_check, alter outcome type ledger.outcome;
alter table vault.key
  drop constraint key_commitment_check, alter commitment type ledger.digest;

-- As generated columns these four read the same envelope four times for each event, which was a third of the cost of an
-- event in a large command. Append fills them, like the leaf; verify compares them with the envelope.
alter table ledger.event
  alter actor_id drop expression, alter channel drop expression, alter command_id drop expression, alter correlation_id drop expression;
comment on column ledger.event.actor_id is 'Member actor of the envelope.';
comment on column ledger.event.channel is 'Member channel of the envelope.';
comment on column ledger.event.command_id is 'Member command_id of the envelope.';
comment on column ledger.event.correlation_id is 'Member correlation_id of the envelope.';

-- One call is one transaction is one fsync for a batch of units. A unit is atomic: it is recorded whole or not at all.
-- A unit is one command, or several that were decided upon each other. Arrays are parallel; ordinals count from 1.
-- An element of an array is as cheap by its ordinal as by unnest, which would copy all of them first.
create or replace function ledger.append(
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
  recorded int := cardinality(event_command);
  plain boolean;      -- nothing stands against any unit: then verdict and positions are not needed
  inserted int;
  heard text;
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
    and not exists (select from ledger.command k where k.command_id = any (command_id))
    and not exists (
      select from generate_series(1, recorded) o
      where (record_id[o - 1] = record_id[o] and version[o - 1] = version[o] - 1
             and command_unit[event_command[o - 1]] = command_unit[event_command[o]]) is not true
        and coalesce((select x.version from ledger.event x where x.record_id = record_id[o] order by x.version desc limit 1), 0)
            is distinct from version[o] - 1);
  if plain and units > 1 then
    plain := (select count(distinct c.i) = count(*) from unnest(command_id) c(i))
      and not exists (
        select from (select command_unit[e.c] as u, e.r, true as w from unnest(event_command, record_id) e(c, r)
                     union all select g.u, g.r, false from unnest(guard_unit, guard_record) g(u, r)) t
        group by t.r having min(t.u) <> max(t.u) and bool_or(t.w));
  end if;
  if plain and cardinality(guard_unit) > 0 then
    plain := not exists (
      select from generate_series(1, cardinality(guard_unit)) o
      where coalesce((select x.version from ledger.event x where x.record_id = guard_record[o] order by x.version desc limit 1), 0)
            <> guard_version[o]);
  end if;
  if plain and cardinality(claim_event) > 0 then
    plain := not exists (
        select from generate_series(1, cardinality(claim_event)) o
        where (select x.position from ledger.claim x where x.kind = claim_kind[o] and x.key = claim_key[o] limit 1) is not null)
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
      select from generate_series(1, cardinality(part_key)) o
      where (select x.destroyed_at is null from vault.key x where x.key_id = part_key[o] limit 1) is not true);
  end if;

  if not plain then
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
    select key_id[o], key_wrapped[o], key_kek[o], key_commitment[o]
    from generate_series(1, cardinality(key_id)) o
    where plain or verdict[key_unit[o]] = 'ready'
    on conflict do nothing;
  end if;

  insert into ledger.event (position, record_id, version, topic, recorded_at, effective_at, envelope, body, salt, sealed, leaf,
                            actor_id, channel, command_id, correlation_id)
  select e.p, record_id[e.o], version[e.o], topic[e.o], stamp, effective_at[e.o], envelope[e.o]::json, body[e.o]::json, salt[e.o],
         case when digests[e.o] is null then null when octet_length(digests[e.o]) = 32 then array[digests[e.o]]
              else ledger.digests(digests[e.o]) end,
         sha256('\x00'::bytea || ledger.entry(log, record_id[e.o], version[e.o], topic[e.o], stamp, effective_at[e.o],
                                              envelope[e.o], body[e.o], salt[e.o], digests[e.o])),
         (e.said ->> 'actor')::uuid, e.said ->> 'channel', (e.said ->> 'command_id')::uuid, (e.said ->> 'correlation_id')::uuid
  from (select command_first[o] as f, command_last[o] as l, envelope[command_first[o]]::jsonb as said
        from generate_series(1, cardinality(command_id)) o
        where command_first[o] > 0 and (plain or verdict[command_unit[o]] = 'ready') offset 0) c,
       -- The events of a command mostly have one envelope; it is read once.
       lateral (select o, case when plain then head_position + o else positions[o] end as p,
                       case when envelope[o] = envelope[c.f] then c.said else envelope[o]::jsonb end as said
                from generate_series(c.f, c.l) o offset 0) e
  where e.p is not null;
  get diagnostics inserted = row_count;
  if inserted <> recorded then
    raise exception 'the events do not belong to the commands as these say' using errcode = 'invalid_parameter_value';
  end if;

  if cardinality(part_event) > 0 then
    insert into ledger.sealed (position, part, key_id, nonce, ciphertext)
    select s.p, part[s.o], part_key[s.o], part_nonce[s.o], part_ciphertext[s.o]
    from (select o, case when plain then head_position + part_event[o] else positions[part_event[o]] end as p
          from generate_series(1, cardinality(part_event)) o offset 0) s
    where s.p is not null;
  end if;

  if cardinality(claim_event) > 0 then
    insert into ledger.claim (kind, key, record_id, position)
    select claim_kind[c.o], claim_key[c.o], record_id[claim_event[c.o]], c.p
    from (select o, case when plain then head_position + claim_event[o] else positions[claim_event[o]] end as p
          from generate_series(1, cardinality(claim_event)) o offset 0) c
    where c.p is not null;
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
    heard := pg_notify('ledger', (head_position + recorded)::text);
  end if;

  insert into ledger.command (command_id, request_hmac, outcome, record_id, version, first_position, last_position)
  select command_id[o], request_hmac[o], case when command_first[o] = 0 then 'nothing' else 'recorded' end, command_record[o], command_version[o],
         case when plain then head_position + nullif(command_first[o], 0) else positions[command_first[o]] end,
         case when plain then head_position + nullif(command_last[o], 0) else positions[command_last[o]] end
  from generate_series(1, cardinality(command_id)) o
  where plain or verdict[command_unit[o]] = 'ready';

  if plain then
    return query
    select o, case when command_first[o] = 0 then 'nothing' else 'recorded' end, null::text,
           head_position + nullif(command_first[o], 0), head_position + nullif(command_last[o], 0), command_record[o], command_version[o]
    from generate_series(1, cardinality(command_id)) o;
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
