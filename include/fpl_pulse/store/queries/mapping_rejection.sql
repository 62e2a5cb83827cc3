-- Who rejected a pair, when and why; no row when its newest decision is not a rejection.
select format('%%s on %%s: %%s', decided_by, to_char(decided_at at time zone 'UTC', 'YYYY-MM-DD'), reason)
from (
    select * from pulse.mapping_decisions
    where kind = %(kind)s and sofasport_id = %(sofasport_id)s and fpl_id = %(fpl_id)s
    order by decision_id desc limit 1
) as newest
where verdict = 'reject'
