-- Store a decision, as of the newest run: it is about the data of that run. An empty store has no run.
insert into pulse.mapping_decisions
    (kind, sofasport_id, fpl_id, decided_fpl_id, verdict, decided_by, reason, as_of)
select %(kind)s, %(sofasport_id)s, %(fpl_id)s, %(fpl_id)s, %(verdict)s, %(decided_by)s, %(reason)s,
       coalesce(max(runs.as_of), now())
from pulse.pipeline_runs as runs
