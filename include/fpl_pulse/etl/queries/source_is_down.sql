-- Whether another task of the run has just found that the source is down: at least two matches or clubs have failed since
-- a call was answered, the last one within five minutes, and the task's own within an hour.
with plan as (
    select outcome, finished_at, coalesce(event_id, team_id) as unit
    from pulse.planned_calls
    where dag_id = %(dag_id)s and run_id = %(run_id)s and endpoint = %(endpoint)s and finished_at is not null
)
select coalesce(count(distinct unit) >= 2
                and max(finished_at) > now() - interval '5 minutes'
                and max(finished_at) filter (where unit = any(%(units)s)) > now() - interval '1 hour', false) as is_down,
       max(finished_at) as found_at
from plan
where outcome = 'failed'
  and finished_at > coalesce((select max(finished_at) from plan where outcome in ('fetched', 'no_data')), '-infinity')
