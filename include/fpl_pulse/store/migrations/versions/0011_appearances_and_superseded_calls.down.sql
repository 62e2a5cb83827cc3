drop function pulse.clubs_with_open_match(text, timestamptz);
drop view pulse.season_appearances, pulse.run_plans;

update pulse.planned_calls set outcome = null, finished_at = null where outcome = 'superseded';
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

create or replace view pulse.changes as
select revisions.valid_to as changed_at, revisions.table_name, revisions.key, figures.figure,
       figures.old_and_new -> 0 as old_value, figures.old_and_new -> 1 as new_value, revisions.valid_from as old_since
from pulse.revisions
cross join lateral (
    select figure, old_and_new from jsonb_each(revisions.changed) as each_change (figure, old_and_new)
    union all
    select 'row taken away', null::jsonb where revisions.changed is null
) as figures;
