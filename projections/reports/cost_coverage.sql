-- Each step counts in the month in which it took effect: an order delivered in March and paid in April is a piece of
-- March and income of April. Money stands for what was paid, not for what was demanded.
with step (month, product, pieces, income) as (
    select
        date_trunc('month', each.day::timestamp)::date,
        'cadastre.' || o.product,
        each.pieces,
        each.income
    from
        read.cadastre_order as o
        cross join lateral (
            values
                (o.delivered_on, 1, 0::numeric),
                (o.paid_on, 0, o.paid)
        ) as each (day, pieces, income)
    where
        each.day is not null
    union all
    select
        date_trunc('month', r.refunded_on::timestamp)::date,
        'cadastre.' || o.product,
        0,
        - r.amount
    from
        read.cadastre_refund as r
        inner join read.cadastre_order as o on o.record_id = r.order_id
    union all
    select
        date_trunc('month', each.day::timestamp)::date,
        'library.' || lower(c.cause),
        each.pieces,
        each.income
    from
        read.charge as c
        cross join lateral (
            values
                (c.raised_on, 1, 0::numeric),
                (c.paid_on, 0, c.amount),
                (c.refunded_on, 0, - c.amount)
        ) as each (day, pieces, income)
    where
        each.day is not null
),
made (month, product, pieces, income) as (
    select month, product, sum(pieces)::bigint, coalesce(sum(income), 0) from step group by month, product
)
select
    made.month as month,
    made.product as product,
    figure.title as title,
    made.pieces as pieces,
    made.income as income,
    held.effort as effort_version,
    held.cost as cost,
    made.pieces * held.cost as effort,
    made.income - made.pieces * held.cost as result,
    round(100 * made.income / nullif(made.pieces * held.cost, 0), 1) as coverage
from
    made
    left join read.cost_figure as figure on figure.product = made.product
    left join lateral (
        select e.effort, e.cost
        from read.effort as e
        where
            e.record_id = figure.record_id
            and e.valid_from <= made.month
            and (figure.valid_to is null or figure.valid_to >= made.month)
        order by e.valid_from desc
        limit 1
    ) as held on true
