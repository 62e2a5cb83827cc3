-- Store a decision as it was made, about the code that FPL had then.
insert into pulse.mapping_decisions
    (decision_id, kind, sofasport_id, fpl_id, decided_fpl_id, verdict, decided_by, reason, decided_at, as_of)
overriding system value
select decision_id, kind, sofasport_id, decided_fpl_id, decided_fpl_id, verdict, decided_by, reason, decided_at, as_of
from decisions_before
where decision_id = %(decision_id)s
