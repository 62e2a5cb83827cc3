-- What a fetch task still has to do: its planned calls that are open or failed, the most valuable first.
select planned_call_id, event_id, player_id, team_id, purpose
from pulse.planned_calls
where dag_id = %(dag_id)s and run_id = %(run_id)s and endpoint = %(endpoint)s
  and (%(event_id)s::integer is null or event_id = %(event_id)s)
  and (%(team_id)s::integer is null or team_id = %(team_id)s)
  and (outcome is null or outcome = 'failed')
order by rank
