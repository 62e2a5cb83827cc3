-- The pipelines with a task under way. A killed task of an earlier day does not count.
select distinct dag_id
from pulse.task_attempts
where state = 'running' and started_at > now() - interval '3 hours'
order by dag_id
