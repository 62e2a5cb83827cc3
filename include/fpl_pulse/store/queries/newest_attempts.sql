select * from (
    select distinct on (task_id, map_index)
           task_id, map_index, try_number, label, state, started_at, finished_at, message, can_retry
    from pulse.task_attempts
    where dag_id = %(dag_id)s and run_id = %(run_id)s
      and started_at >= coalesce(%(since)s, '-infinity'::timestamptz)
    order by task_id, map_index, try_number desc
) as newest
order by started_at, task_id, map_index
