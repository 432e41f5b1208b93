-- Votes that were counted by group, in the month of the meeting (Berlin). Abstentions decide nothing.
select
    date_trunc('month', m.starts_at at time zone 'Europe/Berlin')::date as month,
    meeting.body_id as body_id,
    g.value ->> 'group' as group_code,
    count(*) as votes,
    sum((g.value ->> 'yes')::bigint)::bigint as yes,
    sum((g.value ->> 'no')::bigint)::bigint as no,
    sum((g.value ->> 'abstain')::bigint)::bigint as abstain,
    count(*) filter (
        where
            (g.value ->> 'yes')::bigint <> (g.value ->> 'no')::bigint
            and ((g.value ->> 'yes')::bigint > (g.value ->> 'no')::bigint) = (i.yes > i.no)
    ) as with_majority
from
    read.agenda_item as i
    join read.meeting as m on m.record_id = i.record_id and m.starts_at is not null
    cross join lateral unnest(m.bodies) as meeting (body_id)
    cross join lateral json_array_elements(i.by_group) as g (value)
where
    i.by_group is not null
group by
    1, 2, 3
