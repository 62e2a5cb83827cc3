-- Plan the calls of a run anew: the ranks up to `affordable` are open, the others are skipped.
insert into pulse.planned_calls as plan
    (dag_id, run_id, endpoint, event_id, player_id, team_id, purpose, rank, reason, outcome, finished_at)
select %(dag_id)s, %(run_id)s, %(endpoint)s, due.event_id, due.player_id, due.team_id, %(purpose)s, due.rank,
       due.reason, case when due.rank > %(affordable)s then 'skipped' end,
       case when due.rank > %(affordable)s then now() end
from jsonb_to_recordset(%(due)s)
    as due (event_id integer, player_id integer, team_id integer, rank integer, reason text)
on conflict (dag_id, run_id, endpoint, event_id, player_id, team_id) do update set
    purpose = excluded.purpose, rank = excluded.rank, reason = excluded.reason, outcome = excluded.outcome,
    response_id = null, planned_at = now(), finished_at = excluded.finished_at
