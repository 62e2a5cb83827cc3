drop table pulse.missed_fixtures;

create or replace function pulse.clubs_with_open_match(of_season text, as_of timestamptz) returns setof integer
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

drop view pulse.quota_outlook, pulse.season_appearances, pulse.event_gameweeks, pulse.judged_events;
create view pulse.event_gameweeks as
select events.event_id, events.season, coalesce(fixtures.gameweek, events.round, 0)::smallint as gameweek,
       events.start_at, pulse.has_ended(events.status_code) as has_ended,
       format('%s-%s (%s)', coalesce(home.short_name, home.name), coalesce(away.short_name, away.name),
              events.event_id) as match
from pulse.sofasport_events as events
join pulse.sofasport_teams as home on home.team_id = events.home_team_id
join pulse.sofasport_teams as away on away.team_id = events.away_team_id
left join pulse.fixture_mappings as mappings using (event_id)
left join pulse.fpl_fixtures as fixtures
    on fixtures.season = mappings.season and fixtures.fixture_id = mappings.fixture_id;

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

create view pulse.quota_outlook as
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

create or replace function pulse.expected_data_of(of_season text)
returns table (gameweek smallint, what text, table_name text, event_id integer, player_id integer, name text,
               start_at timestamptz, is_there boolean, may_wait boolean, written_at timestamptz)
language sql stable parallel safe as $$
with matches as (
    select * from pulse.event_gameweeks where season = of_season
), players as (
    select matches.event_id, matches.gameweek, matches.start_at, matches.has_ended, people.player_id, people.side,
           people.is_starter, people.minutes, people.updated_at
    from matches
    join pulse.sofasport_lineup_players as people using (event_id)
), sides as (
    select matches.event_id, lineups.side, lineups.team_id,
           count(*) filter (where players.is_starter) as starters,
           greatest(max(players.updated_at), lineups.updated_at) as written_at
    from matches
    cross join lateral (
        -- A match has two sides. The limit makes it a look-up for each match.
        select * from pulse.sofasport_lineups as lineups
        where lineups.event_id = matches.event_id and lineups.confirmed limit 2
    ) as lineups
    left join players on players.event_id = matches.event_id and players.side = lineups.side
    where matches.has_ended
    group by matches.event_id, lineups.side, lineups.team_id, lineups.updated_at
), appeared as (
    -- One row for each gameweek, also when the player had several matches in it.
    select players.gameweek, players.player_id, people.name,
           max(players.start_at) as start_at, sum(players.minutes) as minutes
    from players
    join pulse.sofasport_players as people using (player_id)
    where players.minutes > 0
    group by players.gameweek, players.player_id, people.name
), played_so_far as (
    -- Ordered by kick-off, because a moved match is played later than the rest of its gameweek.
    select *, sum(minutes) over (partition by player_id order by start_at, gameweek) as minutes_so_far
    from appeared
), fixtures as (
    select coalesce(fixtures.gameweek, 0)::smallint as gameweek, fixtures.fixture_id, fixtures.kickoff_at,
           fixtures.finished_provisional as is_played, format('%s-%s', home.short_name, away.short_name) as name,
           mappings.event_id, mappings.updated_at as linked_at,
           pulse.has_ended(events.status_code) as has_ended, events.updated_at as event_written_at,
           (select count(*) from pulse.team_mappings as clubs
            where clubs.fpl_team_code in (fixtures.home_team_code, fixtures.away_team_code)) < 2 as waits_for_club,
           coalesce(mappings.event_id in (
               select lineups.event_id from matches join pulse.sofasport_lineups as lineups using (event_id)), false)
               as has_lineups
    from pulse.fpl_fixtures as fixtures
    join pulse.fpl_teams as home on home.season = fixtures.season and home.code = fixtures.home_team_code
    join pulse.fpl_teams as away on away.season = fixtures.season and away.code = fixtures.away_team_code
    left join pulse.fixture_mappings as mappings
        on mappings.season = fixtures.season and mappings.fixture_id = fixtures.fixture_id and mappings.is_current
    left join pulse.sofasport_events as events using (event_id)
    where fixtures.season = of_season
), played_officially as (
    select figures.gameweek, people.code, format('%s (%s)', people.web_name, clubs.short_name) as name,
           max(fixtures.kickoff_at) as kickoff_at,
           not bool_or(fixtures.has_lineups)
               or not exists (select from pulse.team_mappings as linked where linked.fpl_team_code = people.team_code) as may_wait
    from pulse.fpl_player_fixtures as figures
    join pulse.fpl_players as people using (season, element_id)
    join pulse.fpl_teams as clubs on clubs.season = people.season and clubs.code = people.team_code
    join fixtures using (fixture_id)
    where figures.season = of_season and figures.minutes > 0 and people.position <= 4
    group by figures.gameweek, people.code, people.web_name, clubs.short_name, people.team_code
)
select gameweek, 'fixtures with an event', 'fixture_mappings', null::integer, null::integer, name, null::timestamptz,
       event_id is not null, waits_for_club, linked_at
from fixtures
union all
select gameweek, 'played fixtures with an ended event', 'sofasport_events', null, null, name, kickoff_at,
       has_ended is true, waits_for_club, event_written_at
from fixtures
where is_played
union all
select people.gameweek, 'links for players with minutes', 'player_mappings', null, null, people.name,
       people.kickoff_at, links.linked_at is not null, people.may_wait, links.linked_at
from played_officially as people
left join lateral (
    -- Two SofaSport profiles may be one person.
    select max(updated_at) as linked_at from pulse.player_mappings where fpl_code = people.code
) as links on true
union all
select matches.gameweek, 'matches with lineups', 'sofasport_lineups', matches.event_id, null, matches.match,
       matches.start_at, coalesce(whole.is_full, false), false, whole.written_at
from matches
left join lateral (
    select count(*) = 2 and bool_and(lineups.confirmed and lineups.with_minutes > 0) as is_full,
           max(lineups.updated_at) as written_at
    from pulse.sofasport_lineups as lineups where lineups.event_id = matches.event_id
) as whole on true
where matches.has_ended
union all
select matches.gameweek, 'sides with 11 starters', 'sofasport_lineup_players', matches.event_id, null,
       format('%s of %s, %s starters', coalesce(teams.short_name, teams.name), matches.match, sides.starters),
       matches.start_at, sides.starters = 11, false, sides.written_at
from sides
join matches using (event_id)
join pulse.sofasport_teams as teams using (team_id)
union all
select players.gameweek, 'heatmaps', 'sofasport_heatmaps', players.event_id, players.player_id,
       format('%s in %s', people.name, matches.match), players.start_at, heatmaps.event_id is not null, false,
       heatmaps.updated_at
from players
join matches using (event_id)
join pulse.sofasport_players as people using (player_id)
left join pulse.sofasport_heatmaps as heatmaps using (event_id, player_id)
where players.has_ended and players.minutes > 0
union all
select appeared.gameweek, 'season statistics', 'sofasport_season_statistics', null, appeared.player_id, appeared.name,
       appeared.start_at, coalesce(statistics.minutes >= appeared.minutes_so_far, false), false, statistics.updated_at
from played_so_far as appeared
left join pulse.sofasport_season_statistics as statistics
    on statistics.season = of_season and statistics.player_id = appeared.player_id
union all
select appeared.gameweek, 'attributes', 'sofasport_attributes', null, appeared.player_id, appeared.name,
       appeared.start_at, own.written_at is not null, false, own.written_at
from appeared
left join (
    select people.player_id, max(attributes.updated_at) as written_at
    from (select distinct player_id from appeared) as people
    join pulse.sofasport_attributes as attributes using (player_id)
    group by people.player_id
) as own using (player_id)
$$;

drop function pulse.is_awarded(text, integer, integer, integer, integer, integer);

create or replace function pulse.match_stage(status_code integer) returns text
language sql immutable parallel safe as $$
    select case
        when pulse.has_ended(status_code) then 'ended'
        when status_code = 0 then 'not_started'
        when status_code between 1 and 59 then 'in_progress'
        when status_code = 60 then 'postponed'
        when status_code = 80 then 'interrupted'
        when status_code in (70, 90, 92, 93) then 'called_off'
        else 'unknown'
    end
$$;
