drop function pulse.clubs_with_open_match(text, timestamptz);
drop view pulse.season_appearances, pulse.run_plans;

update pulse.planned_calls set outcome = null where outcome = 'superseded';
alter table pulse.planned_calls
    drop constraint planned_calls_outcome_check,
    add constraint planned_calls_outcome_check check (outcome in ('fetched', 'no_data', 'skipped', 'failed'));

create view pulse.run_plans as
select runs.as_of, plan.dag_id, plan.run_id, plan.purpose, count(*)::int as planned,
       count(*) filter (where plan.outcome = 'fetched')::int as fetched,
       count(*) filter (where plan.outcome = 'no_data')::int as no_data,
       count(*) filter (where plan.outcome = 'skipped')::int as skipped,
       count(*) filter (where plan.outcome = 'failed')::int as failed,
       count(*) filter (where plan.outcome is null)::int as open
from pulse.planned_calls as plan
join pulse.pipeline_runs as runs using (dag_id, run_id)
group by runs.as_of, plan.dag_id, plan.run_id, plan.purpose;
