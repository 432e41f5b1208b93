-- Each step of a loan counts in the month, at the branch and by the channel of that step: what was lent in March in one
-- branch may be a return of April in another. Nothing here knows who borrowed.
select
    c.month as month,
    c.branch as branch,
    c.media_type as media_type,
    c.channel as channel,
    c.loans as loans,
    c.renewals as renewals,
    c.overrides as overrides,
    c.returns as returns,
    c.late as late,
    round(100.0 * c.late / nullif(c.returns, 0), 1) as late_share
from
    read.loan_count as c
