create view fpl.week_status as
select title as pipeline, slot_at, deadline_at, state, is_all_right, has_missed_deadline, as_of, started_at, finished_at,
       calls, calls_skipped, rows_inserted, rows_updated, have, want, lacking, message, open_alerts, dag_id, run_id
from pulse.week_status;

comment on view fpl.week_status is 'The pipelines of this week: is it all right? One row for each pipeline.';
comment on column fpl.week_status.slot_at is 'As-of time of the scheduled run.';
comment on column fpl.week_status.deadline_at is 'Time by which the run should be done.';
comment on column fpl.week_status.is_all_right is 'Null while that is not decided.';
comment on column fpl.week_status.as_of is 'As-of time of the run.';
comment on column fpl.week_status.started_at is 'Wall clock of the start.';
comment on column fpl.week_status.finished_at is 'Wall clock of the end.';
