alter table pulse.planned_calls
    drop constraint planned_calls_outcome_check,
    add constraint planned_calls_outcome_check
        check (outcome in ('fetched', 'no_data', 'skipped', 'superseded', 'failed'));

drop view pulse.run_plans;
create view pulse.run_plans as
select runs.as_of, plan.dag_id, plan.run_id, plan.purpose, count(*)::int as planned,
       count(*) filter (where plan.outcome = 'fetched')::int as fetched,
       count(*) filter (where plan.outcome = 'no_data')::int as no_data,
       count(*) filter (where plan.outcome = 'skipped')::int as skipped,
       count(*) filter (where plan.outcome = 'superseded')::int as superseded,
       count(*) filter (where plan.outcome = 'failed')::int as failed,
       count(*) filter (where plan.outcome is null)::int as open
from pulse.planned_calls as plan
join pulse.pipeline_runs as runs using (dag_id, run_id)
group by runs.as_of, plan.dag_id, plan.run_id, plan.purpose;

-- The gameweek is FPL's, and null without a current or earlier link: `event_gameweeks` would fall back to the round.
create view pulse.season_appearances as
select events.season, players.player_id,
       sum(players.minutes)::int as minutes, sum(players.goals)::int as goals,
       (array_agg(players.team_id order by events.start_at desc, events.event_id desc))[1] as team_id,
       array_agg(distinct players.team_id) as team_ids,
       (array_agg(fixtures.gameweek::int order by events.start_at desc, events.event_id desc))[1] as last_gameweek,
       (array_agg(players.is_starter order by events.start_at desc, events.event_id desc))[1] as has_started,
       max(events.start_at) as last_start_at,
       max(players.updated_at) as changed_at,
       array_agg(players.event_id) as event_ids,
       array_agg(fixtures.gameweek::int) as gameweeks
from pulse.sofasport_lineup_players as players
join pulse.sofasport_events as events using (event_id)
left join pulse.fixture_mappings as mappings using (event_id)
left join pulse.fpl_fixtures as fixtures
    on fixtures.season = mappings.season and fixtures.fixture_id = mappings.fixture_id
where players.minutes > 0
group by events.season, players.player_id;

create function pulse.clubs_with_open_match(of_season text, as_of timestamptz) returns setof integer
language sql stable parallel safe as $$
    select clubs.team_id
    from pulse.sofasport_events as events
    cross join lateral (values (events.home_team_id), (events.away_team_id)) as clubs (team_id)
    where events.season = of_season and events.start_at < as_of
      and pulse.match_stage(events.status_code) not in ('postponed', 'called_off')
      and not exists (
          select from pulse.sofasport_lineups as lineups
          where lineups.event_id = events.event_id and lineups.with_minutes > 0)
$$;

create or replace view pulse.changes as
select revisions.valid_to as changed_at, revisions.table_name, revisions.key, figures.figure,
       figures.old_and_new -> 0 as old_value, figures.old_and_new -> 1 as new_value, revisions.valid_from as old_since
from pulse.revisions
cross join lateral (
    select figure, old_and_new from jsonb_each(revisions.changed) as each_change (figure, old_and_new)
    union all
    select 'row deleted', null::jsonb where revisions.changed is null
) as figures;
