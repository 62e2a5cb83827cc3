-- The call of a run to an endpoint that was answered last.
select event_id, player_id, team_id
from pulse.planned_calls
where dag_id = %(dag_id)s and run_id = %(run_id)s and endpoint = %(endpoint)s and outcome = 'fetched'
order by finished_at desc
limit 1
