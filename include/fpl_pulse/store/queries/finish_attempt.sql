update pulse.task_attempts
set state = %(state)s, finished_at = now(), message = %(message)s, can_retry = %(can_retry)s,
    error = %(error)s, section = %(section)s
where dag_id = %(dag_id)s and run_id = %(run_id)s and task_id = %(task_id)s and map_index = %(map_index)s
  and try_number = %(try_number)s
