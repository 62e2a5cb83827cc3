-- All decisions about a SofaSport id, the newest first.
select fpl_id as fpl_code, verdict, decided_by, decided_at, reason
from pulse.mapping_decisions
where kind = %(kind)s and sofasport_id = %(sofasport_id)s
order by decision_id desc
limit 200
