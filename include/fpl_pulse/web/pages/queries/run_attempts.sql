-- The attempts of a run's tasks that failed or were killed, the newest first, and whether a later one succeeded.
select attempts.task_id, attempts.map_index, attempts.try_number, attempts.label, attempts.started_at,
       attempts.finished_at, attempts.message, attempts.error, attempts.section, attempts.can_retry,
       exists (
           select from pulse.task_attempts as later
           where (later.dag_id, later.run_id, later.task_id, later.map_index)
               = (attempts.dag_id, attempts.run_id, attempts.task_id, attempts.map_index)
             and later.try_number > attempts.try_number and later.state = 'success') as is_repaired,
       (count(*) over ())::int as total
from pulse.task_attempts as attempts
where attempts.dag_id = %(dag_id)s and attempts.run_id = %(run_id)s and attempts.state = 'failed'
order by attempts.started_at desc, attempts.task_id, attempts.map_index
limit %(limit)s
