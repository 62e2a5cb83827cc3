drop view pulse.freshness_summary, pulse.week_status;

create or replace view pulse.freshness as
select season, gameweek, table_name, what, have, want, share, last_complete_at, last_written_at, calls
from pulse.final_freshness
union all
select seasons.season, computed.*
from (
    select season from pulse.fpl_seasons
    where not exists (select from pulse.final_freshness as final where final.season = fpl_seasons.season)
) as seasons
cross join lateral pulse.freshness_of(seasons.season) as computed;

create or replace view pulse.quota_outlook as
with newest as (
    select as_of from pulse.pipeline_runs where is_full order by started_at desc limit 1
), spent as (
    -- Counted by the as-of time of the run, because a replay of past weeks makes its calls today.
    select count(*) filter (where runs.as_of > newest.as_of - interval '7 days')::int as calls_7_days,
           count(*)::int as calls_28_days
    from newest
    join pulse.pipeline_runs as runs on runs.as_of > newest.as_of - interval '28 days' and runs.as_of <= newest.as_of
    join pulse.api_calls as calls on calls.dag_id = runs.dag_id and calls.run_id = runs.run_id and calls.api = 'sofasport'
), matches as (
    select (select count(*)::int from pulse.event_gameweeks
            where has_ended and start_at > newest.as_of - interval '28 days' and start_at <= newest.as_of) as matches_28_days,
           (select count(*)::int from pulse.fpl_fixtures
            where kickoff_at > newest.as_of and kickoff_at <= newest.as_of + interval '7 days') as matches_coming
    from newest
), forecast as (
    select spent.*, matches.*, calls_28_days::numeric / nullif(matches_28_days, 0) as calls_per_match
    from spent cross join matches
)
select 'sofasport' as api, known.calls as calls_left, known.heard_at, known.resets_at, newest.as_of,
       forecast.calls_7_days, forecast.calls_28_days, forecast.matches_28_days,
       round(forecast.calls_per_match, 1) as calls_per_match, forecast.matches_coming,
       ceil(forecast.calls_per_match * forecast.matches_coming)::int as calls_forecast,
       case when known.resets_at is null or known.resets_at > clock_timestamp()
            then known.calls >= ceil(forecast.calls_per_match * forecast.matches_coming) end as is_enough
from newest
cross join forecast
left join pulse.quota_left as known on true;

drop function pulse.week_monday, pulse.as_of_now;
drop table pulse.week_slots;
drop index pulse.pipeline_runs_dag_id_as_of_idx, pulse.pipeline_runs_scheduled, pulse.task_attempts_dag_id_started_at_idx,
    pulse.alerts_dag_id_run_id_idx;
