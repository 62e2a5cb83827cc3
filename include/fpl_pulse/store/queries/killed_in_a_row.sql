-- How many attempts of a task, directly before this one and since a time, have ended without a result.
select count(*)
from pulse.task_attempts as earlier
where dag_id = %(dag_id)s and run_id = %(run_id)s and task_id = %(task_id)s and map_index = %(map_index)s
  and try_number < %(try_number)s and state = 'running' and started_at >= %(since)s
  and try_number > coalesce((select max(try_number) from pulse.task_attempts as ended
                             where ended.dag_id = %(dag_id)s and ended.run_id = %(run_id)s
                               and ended.task_id = %(task_id)s and ended.map_index = %(map_index)s
                               and ended.try_number < %(try_number)s and ended.state <> 'running'), 0)
