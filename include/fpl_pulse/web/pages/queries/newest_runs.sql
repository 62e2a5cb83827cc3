-- The newest run of each pipeline of the week, and its newest success.
select slots.dag_id, slots.title, newest.run_id, newest.as_of, newest.state, newest.calls_skipped, done.as_of as succeeded_as_of
from pulse.week_slots as slots
cross join lateral (
    select run_id, as_of, state, calls_skipped from pulse.pipeline_runs
    where dag_id = slots.dag_id order by as_of desc, started_at desc limit 1
) as newest
left join lateral (
    select max(as_of) as as_of from pulse.pipeline_runs
    where dag_id = slots.dag_id and state = 'success' and is_full
) as done on true
order by slots.weekday, slots.hour
