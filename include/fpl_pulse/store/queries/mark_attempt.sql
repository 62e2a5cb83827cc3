-- Somebody has set the state of a task in Airflow: record it in the newest attempt of the task.
update pulse.task_attempts
set state = %(state)s, message = %(message)s, finished_at = coalesce(finished_at, now()),
    can_retry = case when %(state)s = 'failed' then %(can_retry)s end, error = null, section = null
where dag_id = %(dag_id)s and run_id = %(run_id)s and task_id = %(task_id)s and map_index = %(map_index)s
  and state <> %(state)s
  and try_number = (select max(try_number) from pulse.task_attempts
                    where dag_id = %(dag_id)s and run_id = %(run_id)s and task_id = %(task_id)s
                      and map_index = %(map_index)s)
