-- An act under two rules counts for each of them.
select
    s.month as month,
    s.family as family,
    asked.rule as rule,
    s.org_unit as org_unit,
    count(*) as acts,
    count(distinct s.record_id) as records,
    count(distinct s.actor) as deciders,
    count(s.deputising_for) as deputised,
    count(*) filter (where s.same_person) as violations,
    count(*) filter (where cardinality(s.others) = 0) as unnamed,
    max(s.effective_at) as last_at
from
    read.supervision as s
    cross join lateral unnest(s.rules) as asked (rule)
where
    s.by = 'FOUR_EYES'
group by
    s.month, s.family, asked.rule, s.org_unit
