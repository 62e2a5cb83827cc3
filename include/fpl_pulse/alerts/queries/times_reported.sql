-- How many alerts of a kind were raised about a run before its newest attempt of a task began.
select count(*)
from pulse.alerts
where dag_id = %(dag_id)s and run_id = %(run_id)s and kind = %(kind)s
  and raised_at < (select max(started_at) from pulse.task_attempts
                   where task_attempts.dag_id = %(dag_id)s and task_attempts.run_id = %(run_id)s)
