-- Each step of a charge counts in its own month: what was raised in March and paid in April is income of April. A fee that
-- was assessed anew after a correction counts as it stands, in the month it was last assessed in. What was waived or fell
-- away with its order, and was paid all the same, counts as paid alone: so what was raised is paid, waived, lapsed or open.
with step (family, kind, what, day, amount) as (
    select 'cadastre', 'gebuehr', each.what, each.day, each.amount
    from
        read.cadastre_order as o
        cross join lateral (
            values
                ('raised', o.assessed_on, o.fee),
                ('paid', o.paid_on, o.paid),
                ('waived', case when o.paid is null then o.waived_on end, o.waived),
                ('lapsed', case when not o.settled then o.cancelled_on end, o.fee)
        ) as each (what, day, amount)
    where
        each.amount is not null
    union all
    select 'cadastre', 'gebuehr', 'refunded', r.refunded_on, r.amount
    from read.cadastre_refund as r
    union all
    select 'library', c.kind, each.what, each.day, c.amount
    from
        read.charge as c
        cross join lateral (
            values
                ('raised', c.raised_on),
                ('paid', c.paid_on),
                ('waived', c.waived_on),
                ('refunded', c.refunded_on)
        ) as each (what, day)
)
select
    date_trunc('month', step.day::timestamp)::date as month,
    step.family as family,
    step.kind as kind,
    count(*) filter (where step.what = 'raised') as charges,
    coalesce(sum(step.amount) filter (where step.what = 'raised'), 0.00) as raised,
    coalesce(sum(step.amount) filter (where step.what = 'paid'), 0.00) as paid,
    coalesce(sum(step.amount) filter (where step.what = 'waived'), 0.00) as waived,
    coalesce(sum(step.amount) filter (where step.what = 'lapsed'), 0.00) as lapsed,
    coalesce(sum(step.amount) filter (where step.what = 'refunded'), 0.00) as refunded,
    coalesce(sum(step.amount) filter (where step.what = 'paid'), 0.00)
        - coalesce(sum(step.amount) filter (where step.what = 'refunded'), 0.00) as income
from
    step
where
    step.day is not null
group by
    1, step.family, step.kind
