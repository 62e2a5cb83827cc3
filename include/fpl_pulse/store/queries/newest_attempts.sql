select newest.*,
       (select earlier.message from pulse.task_attempts as earlier
        where earlier.dag_id = %(dag_id)s and earlier.run_id = %(run_id)s and earlier.task_id = newest.task_id
          and earlier.map_index = newest.map_index and earlier.try_number < newest.try_number
          and earlier.state = 'failed' and earlier.started_at >= coalesce(%(since)s, '-infinity'::timestamptz)
        order by earlier.try_number desc limit 1) as failed_before
from (
    select distinct on (task_id, map_index)
           task_id, map_index, try_number, label, state, started_at, finished_at, message, can_retry, error, section
    from pulse.task_attempts
    where dag_id = %(dag_id)s and run_id = %(run_id)s
      and started_at >= coalesce(%(since)s, '-infinity'::timestamptz)
    order by task_id, map_index, try_number desc
) as newest
order by started_at, task_id, map_index
