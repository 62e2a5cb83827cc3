insert into pulse.task_attempts (dag_id, run_id, task_id, map_index, try_number, state)
values (%(dag_id)s, %(run_id)s, %(task_id)s, %(map_index)s, %(try_number)s, 'running')
on conflict (dag_id, run_id, task_id, map_index, try_number) do nothing
