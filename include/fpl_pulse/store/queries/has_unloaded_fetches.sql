-- Whether a fetch task of a run has ended after the newest start of the load.
select coalesce(
    max(finished_at) filter (where task_id = %(fetch)s) > max(started_at) filter (where task_id = %(load)s), false)
from pulse.task_attempts
where dag_id = %(dag_id)s and run_id = %(run_id)s and task_id in (%(fetch)s, %(load)s)
