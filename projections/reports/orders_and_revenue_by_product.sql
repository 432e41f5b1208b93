-- Each step of an order counts in the month in which it took effect: an order placed in March and paid in April is an
-- order of March and revenue of April.
select
    date_trunc('month', step.day::timestamp)::date as month,
    step.product as product,
    count(*) filter (where step.what = 'placed') as orders,
    count(*) filter (where step.what = 'refused') as refusals,
    count(*) filter (where step.what = 'cancelled') as cancelled,
    count(*) filter (where step.what = 'delivered') as delivered,
    count(*) filter (where step.what = 'delivered' and step.amount = 0) as free,
    coalesce(sum(step.amount) filter (where step.what = 'paid'), 0.00) as paid,
    coalesce(sum(step.amount) filter (where step.what = 'refunded'), 0.00) as refunded,
    coalesce(sum(step.amount) filter (where step.what = 'paid'), 0.00)
        - coalesce(sum(step.amount) filter (where step.what = 'refunded'), 0.00) as revenue,
    round((percentile_cont(0.5) within group (order by step.days))::numeric, 1) as delivery_p50,
    round((percentile_cont(0.9) within group (order by step.days))::numeric, 1) as delivery_p90
from
    (
        select each.*
        from
            read.cadastre_order as o
            cross join lateral (
                values
                    ('placed', o.product, o.placed_on, null::numeric, null::bigint),
                    ('refused', o.product, o.refused_on, null, null),
                    ('cancelled', o.product, o.cancelled_on, null, null),
                    ('delivered', o.product, o.delivered_on, o.fee, o.delivery_days),
                    ('paid', o.product, o.paid_on, o.paid, null)
            ) as each (what, product, day, amount, days)
        union all
        select 'refunded', o.product, r.refunded_on, r.amount, null
        from
            read.cadastre_refund as r
            inner join read.cadastre_order as o on o.record_id = r.order_id
    ) as step
where
    step.day is not null
group by
    month, step.product
