-- What a fetch task still has to do: its planned calls that are open, that failed, or whose response was rejected since;
-- the most valuable first. What a newer run has fetched since the plan is left alone: this run would bring back an older
-- as-of time. What it had fetched before is requested again when the plan says so (a `refresh` of a past week).
select plan.planned_call_id, plan.event_id, plan.player_id, plan.team_id, plan.purpose
from pulse.planned_calls as plan
join pulse.pipeline_runs as runs using (dag_id, run_id)
left join lateral (
    select resources.outcome = 'rejected' as is_rejected, resources.as_of, resources.fetched_at
    from pulse.raw_resources as resources
    where resources.endpoint = plan.endpoint
      and resources.event_id is not distinct from plan.event_id
      and resources.player_id is not distinct from plan.player_id
      -- A player's season belongs to a club's task, but its resource names no club.
      and (resources.team_id is null or resources.team_id = plan.team_id)
    order by resources.as_of desc limit 1
) as newest on true
where plan.dag_id = %(dag_id)s and plan.run_id = %(run_id)s and plan.endpoint = %(endpoint)s
  and (%(event_id)s::integer is null or plan.event_id = %(event_id)s)
  and (%(team_id)s::integer is null or plan.team_id = %(team_id)s)
  and case
      when newest.is_rejected then plan.outcome is distinct from 'skipped'
      else coalesce(plan.outcome, 'failed') = 'failed'
           and coalesce(newest.as_of <= runs.as_of or newest.fetched_at <= plan.planned_at, true)
  end
order by plan.rank
