-- Each step of a charge counts in its own month: what was raised in March and paid in April is income of April.
select
    date_trunc('month', step.day::timestamp)::date as month,
    c.branch as branch,
    c.cause as cause,
    count(*) filter (where step.what = 'raised') as charges,
    coalesce(sum(c.amount) filter (where step.what = 'raised'), 0.00) as raised,
    coalesce(sum(c.amount) filter (where step.what = 'paid'), 0.00) as paid,
    coalesce(sum(c.amount) filter (where step.what = 'waived'), 0.00) as waived,
    coalesce(sum(c.amount) filter (where step.what = 'refunded'), 0.00) as refunded,
    coalesce(sum(c.amount) filter (where step.what = 'paid'), 0.00)
        - coalesce(sum(c.amount) filter (where step.what = 'refunded'), 0.00) as income
from
    read.charge as c
    cross join lateral (
        values
            ('raised', c.raised_on),
            ('paid', c.paid_on),
            ('waived', c.waived_on),
            ('refunded', c.refunded_on)
    ) as step (what, day)
where
    step.day is not null
group by
    1, c.branch, c.cause
