-- An act that sets two rules aside counts for each of them.
select
    s.month as month,
    s.family as family,
    set_aside.rule as rule,
    s.org_unit as org_unit,
    count(*) as overrides,
    count(distinct s.record_id) as records,
    count(distinct s.actor) as persons,
    count(s.deputising_for) as deputised,
    max(s.effective_at) as last_at
from
    read.supervision as s
    cross join lateral unnest(s.rules) as set_aside (rule)
where
    s.by = 'OVERRIDE'
group by
    s.month, s.family, set_aside.rule, s.org_unit
