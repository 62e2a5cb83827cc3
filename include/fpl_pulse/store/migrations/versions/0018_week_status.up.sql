-- The schedule, for SQL. Every upgrade of the schema writes it from week.py.
create table pulse.week_slots (
    dag_id text primary key,
    title text not null,
    weekday smallint not null check (weekday between 0 and 6),
    hour smallint not null check (hour between 0 and 23),
    done_by interval not null
);

create function pulse.as_of_now() returns timestamptz
language sql stable parallel safe as $$
    select least(nullif(current_setting('pulse.now', true), '')::timestamptz, statement_timestamp())
$$;

-- A week begins with its first slot. Before that, on Monday at 01:00, the week before is still the newest one.
create function pulse.week_monday(at timestamptz) returns date
language sql stable parallel safe as $$
    select date_trunc('week', (at at time zone 'Europe/London')
                              - (select min(make_interval(days => weekday, hours => hour)) from pulse.week_slots))::date
$$;

create index on pulse.pipeline_runs (dag_id, as_of) where is_full;
create index pipeline_runs_scheduled on pulse.pipeline_runs (dag_id, as_of) where is_full and run_type = 'scheduled';
create index on pulse.task_attempts (dag_id, started_at);
create index on pulse.alerts (dag_id, run_id);

create view pulse.week_status as
with week as materialized (
    select pulse.as_of_now() as now, pulse.week_monday(pulse.as_of_now()) as monday
), slots as materialized (
    -- The local time is added up before it gets its zone: a slot is at the same hour after a clock change too.
    select slots.*, week.now, starts.local_time at time zone 'Europe/London' as slot_at,
           starts.local_time at time zone 'Europe/London' + slots.done_by as deadline_at,
           (starts.local_time + interval '7 days') at time zone 'Europe/London' as next_slot_at
    from week
    cross join pulse.week_slots as slots
    cross join lateral (
        select week.monday + make_interval(days => slots.weekday, hours => slots.hour) as local_time) as starts
), season as materialized (
    -- Runs are not expected in the summer.
    select exists (
        select from pulse.fpl_fixtures as fixtures
        where fixtures.season = (select seasons.season from pulse.fpl_seasons as seasons order by observed_at desc limit 1)
          and fixtures.kickoff_at > week.now - interval '21 days' and fixtures.kickoff_at < week.now + interval '7 days'
    ) as has_matches
    from week
), newest as materialized (
    select distinct on (slots.dag_id) runs.*
    from slots
    join pulse.pipeline_runs as runs
        on runs.dag_id = slots.dag_id and runs.is_full and runs.as_of >= slots.slot_at and runs.as_of < slots.next_slot_at
    order by slots.dag_id, runs.started_at desc
), raised as (
    select newest.dag_id,
           max(alerts.raised_at) filter (where alerts.kind = 'run_failed' and alerts.closed_at is null
                                         and alerts.raised_at >= newest.started_at) as failed_at,
           bool_or(alerts.kind in ('deadline_missed', 'run_late')) as is_late
    from newest
    join pulse.alerts as alerts using (dag_id, run_id)
    group by newest.dag_id
), tasks as (
    -- What the newest attempt of each task says about the run. A killed attempt has no end: it counts only while nothing
    -- has ended the run since.
    select newest.dag_id,
           bool_or(attempts.is_active and attempts.task_id not like 'wait\_for\_%') as is_running,
           bool_or(attempts.is_active and attempts.task_id like 'wait\_for\_%') as is_waiting,
           bool_or(attempts.state = 'failed') as has_failed,
           bool_or(attempts.state = 'failed' and attempts.can_retry is false) as needs_a_fix
    from newest
    left join raised using (dag_id)
    cross join lateral (
        select distinct on (task_id, map_index) task_id, state, can_retry,
               state = 'running'
                   and started_at > coalesce(greatest(newest.finished_at, raised.failed_at), '-infinity') as is_active
        from pulse.task_attempts as attempts
        where attempts.dag_id = newest.dag_id and attempts.run_id = newest.run_id
        order by task_id, map_index, try_number desc
    ) as attempts
    group by newest.dag_id
), unopened as (
    -- A run that waits for another pipeline has no row of its own yet.
    select distinct on (slots.dag_id) slots.dag_id, attempts.run_id, attempts.started_at
    from slots
    join pulse.task_attempts as attempts
        on attempts.dag_id = slots.dag_id and attempts.started_at > statement_timestamp() - interval '2 hours'
    where attempts.state = 'running' and attempts.task_id like 'wait\_for\_%' and attempts.run_id not like 'backfill\_\_%'
      and not exists (select from pulse.pipeline_runs as runs
                      where runs.dag_id = attempts.dag_id and runs.run_id = attempts.run_id)
    order by slots.dag_id, attempts.started_at desc
), states as (
    select slots.*, newest.run_id, newest.run_type, newest.as_of, newest.started_at, newest.finished_at,
           newest.calls_skipped, newest.rows_inserted, newest.rows_updated, newest.message,
           case
               when newest.dag_id is not null then case
                   when tasks.is_waiting then 'waiting'
                   when tasks.is_running then 'running'
                   when newest.state = 'success' then 'success'
                   when raised.failed_at is not null then 'failed'
                   when newest.state = 'running' then 'running'
                   -- Airflow pauses for an hour at most between two attempts. A run that was marked or killed has no failed task.
                   when tasks.has_failed and not tasks.needs_a_fix
                        and newest.finished_at > statement_timestamp() - interval '2 hours' then 'retrying'
                   else 'failed' end
               when unopened.dag_id is not null then 'waiting'
               when slots.now < slots.slot_at then 'not due'
               when slots.now < slots.deadline_at then 'due'
               when season.has_matches and exists (
                   select from pulse.pipeline_runs as earlier
                   where earlier.dag_id = slots.dag_id and earlier.is_full and earlier.run_type = 'scheduled'
                     and earlier.as_of < slots.slot_at) then 'missing'
               else 'not run'
           end as state,
           coalesce(raised.is_late or (newest.run_type = 'scheduled' or unopened.run_id like 'scheduled\_\_%')
                                      and newest.finished_at is null and slots.now > slots.deadline_at, false)
               as has_missed_deadline
    from slots
    cross join season
    left join newest using (dag_id)
    left join raised using (dag_id)
    left join tasks using (dag_id)
    left join unopened using (dag_id)
)
select states.dag_id, states.title, states.slot_at, states.deadline_at, states.state,
       case when states.state = 'success' then true
            when states.state in ('failed', 'missing') then false
            when states.has_missed_deadline then false end as is_all_right,
       states.has_missed_deadline or states.state = 'missing' as has_missed_deadline,
       states.run_id, states.run_type, states.as_of, states.started_at, states.finished_at,
       calls.calls, states.calls_skipped, states.rows_inserted, states.rows_updated, found.have, found.want, found.lacking,
       states.message, open.alerts as open_alerts
from states
cross join lateral (
    select count(*)::int as alerts from pulse.alerts
    where alerts.dag_id = states.dag_id and alerts.closed_at is null
) as open
cross join lateral (
    select case when states.run_id is not null then count(*)::int end as calls from pulse.api_calls as made
    where made.dag_id = states.dag_id and made.run_id = states.run_id and made.api = 'sofasport'
) as calls
cross join lateral (
    select sum(counted.have)::int as have, sum(counted.want)::int as want,
           string_agg(format('%s %s of %s', counted.what, counted.have, counted.want), ', ' order by counted.what)
               filter (where counted.have < counted.want) as lacking
    from (
        select what, sum(coverage.have) as have, sum(coverage.want) as want
        from pulse.coverage
        where coverage.dag_id = states.dag_id and coverage.run_id = states.run_id
        group by what
    ) as counted
) as found
order by states.slot_at;

-- Played gameweeks only, the newest first, each in the order of the pipelines.
create or replace view pulse.freshness as
with counted as (
    select season, gameweek, table_name, what, have, want, share, last_complete_at, last_written_at, calls
    from pulse.final_freshness
    union all
    select seasons.season, computed.*
    from (
        select season from pulse.fpl_seasons
        where not exists (select from pulse.final_freshness as final where final.season = fpl_seasons.season)
    ) as seasons
    cross join lateral pulse.freshness_of(seasons.season) as computed
), marked as (
    -- Of a coming gameweek only its fixtures are counted.
    select *, bool_or(what <> 'fixtures with an event') over (partition by season, gameweek) as is_played
    from counted
)
select season, gameweek, table_name, what, have, want, share, last_complete_at, last_written_at, calls
from marked
where is_played
order by season desc, gameweek desc, array_position(array[
    'fixtures with an event', 'played fixtures with an ended event', 'links for players with minutes',
    'matches with lineups', 'sides with 11 starters', 'heatmaps', 'season statistics', 'attributes'], what);

create view pulse.freshness_summary as
select season, gameweek, sum(have)::int as have, sum(want)::int as want,
       round(sum(have)::numeric / sum(want), 4) as share,
       string_agg(format('%s %s of %s', what, have, want), ', ' order by what) filter (where have < want) as lacking,
       case when count(*) = count(last_complete_at) then min(last_complete_at) end as last_complete_at,
       max(last_written_at) as last_written_at,
       -- The two others are filled by the same calls as these.
       (sum(calls) filter (where what not in ('played fixtures with an ended event', 'sides with 11 starters')))::int
           as calls
from pulse.freshness
group by season, gameweek
order by season desc, gameweek desc;

-- Counted up to the newest full run of this week or before. Reads the newest seasons only.
create or replace view pulse.quota_outlook as
with newest as materialized (
    select started.as_of
    from pulse.week_slots as slots
    cross join lateral (
        select runs.as_of, runs.started_at from pulse.pipeline_runs as runs
        where runs.dag_id = slots.dag_id and runs.is_full
          and pulse.week_monday(runs.as_of) <= pulse.week_monday(pulse.as_of_now())
        order by runs.started_at desc limit 1
    ) as started
    order by started.started_at desc limit 1
), seasons as materialized (
    select season, row_number() over (order by observed_at desc) as age from pulse.fpl_seasons
    order by observed_at desc limit 2
), spent as (
    -- Counted by the as-of time of the run, because a replay of past weeks makes its calls today.
    select count(*) filter (where runs.as_of > newest.as_of - interval '7 days')::int as calls_7_days,
           count(*)::int as calls_28_days
    from newest
    join pulse.pipeline_runs as runs on runs.as_of > newest.as_of - interval '28 days' and runs.as_of <= newest.as_of
    join pulse.api_calls as calls on calls.dag_id = runs.dag_id and calls.run_id = runs.run_id and calls.api = 'sofasport'
), matches as (
    select (select count(*)::int from seasons
            cross join lateral (
                select from pulse.event_gameweeks as events
                where events.season = seasons.season and events.has_ended
                  and events.start_at > newest.as_of - interval '28 days' and events.start_at <= newest.as_of) as played
           ) as matches_28_days,
           (select count(*)::int from pulse.fpl_fixtures
            where season = (select season from seasons where age = 1)
              and kickoff_at > newest.as_of and kickoff_at <= newest.as_of + interval '7 days') as matches_coming
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
