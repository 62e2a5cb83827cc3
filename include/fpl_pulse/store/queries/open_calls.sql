-- What a fetch task still has to do: its planned calls that are open, that failed, or whose response was rejected since;
-- the most valuable first. A call is superseded when a newer run has fetched its resource since the plan: this run would
-- replace that response by one with an older as-of time. What a newer run had fetched before the plan is requested again
-- when the plan says so (a `refresh` of a past week).
select plan.planned_call_id, plan.event_id, plan.player_id, plan.team_id, plan.purpose,
       coalesce(not newest.is_rejected and newest.as_of > runs.as_of and newest.fetched_at > plan.planned_at, false)
           as is_superseded
from pulse.planned_calls as plan
join pulse.pipeline_runs as runs using (dag_id, run_id)
left join lateral (
    select found.outcome = 'rejected' as is_rejected, found.as_of, found.fetched_at
    from (
        -- A match, a player of a match, a player, or a club. An index finds `is null`, but not `is not distinct from`.
        select * from pulse.raw_resources as resources
        where resources.endpoint = plan.endpoint and resources.event_id = plan.event_id
          and plan.player_id is null and resources.player_id is null
        union all
        select * from pulse.raw_resources as resources
        where resources.endpoint = plan.endpoint and resources.event_id = plan.event_id
          and resources.player_id = plan.player_id
        union all
        select * from pulse.raw_resources as resources
        where resources.endpoint = plan.endpoint and plan.event_id is null and resources.event_id is null
          and resources.player_id = plan.player_id
        union all
        select * from pulse.raw_resources as resources
        where resources.endpoint = plan.endpoint and plan.event_id is null and resources.event_id is null
          and plan.player_id is null and resources.player_id is null and resources.team_id = plan.team_id
    ) as found
    -- A player's season belongs to a club's task, but its resource names no club.
    where found.team_id is null or found.team_id = plan.team_id
    order by found.as_of desc limit 1
) as newest on true
where plan.dag_id = %(dag_id)s and plan.run_id = %(run_id)s and plan.endpoint = %(endpoint)s
  and (%(event_id)s::integer is null or plan.event_id = %(event_id)s)
  and (%(team_id)s::integer is null or plan.team_id = %(team_id)s)
  and (coalesce(plan.outcome, 'failed') = 'failed' or (newest.is_rejected and plan.outcome <> 'skipped'))
order by plan.rank
