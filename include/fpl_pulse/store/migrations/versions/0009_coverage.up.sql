-- The data that each gameweek should have, what the checks found of it, how fresh it is, and whether the quota suffices.

create view pulse.event_gameweeks as
select events.event_id, events.season, coalesce(fixtures.gameweek, events.round, 0)::smallint as gameweek,
       events.start_at, events.status_code in (100, 110, 120) as has_ended,
       format('%s-%s (%s)', coalesce(home.short_name, home.name), coalesce(away.short_name, away.name),
              events.event_id) as match
from pulse.sofasport_events as events
join pulse.sofasport_teams as home on home.team_id = events.home_team_id
join pulse.sofasport_teams as away on away.team_id = events.away_team_id
left join pulse.fixture_mappings as mappings using (event_id)
left join pulse.fpl_fixtures as fixtures
    on fixtures.season = mappings.season and fixtures.fixture_id = mappings.fixture_id;

create view pulse.expected_data as
with sides as (
    select lineups.event_id, lineups.side, lineups.team_id, lineups.confirmed, lineups.with_minutes,
           count(*) filter (where players.is_starter) as starters,
           greatest(max(players.updated_at), lineups.updated_at) as written_at
    from pulse.sofasport_lineups as lineups
    left join pulse.sofasport_lineup_players as players using (event_id, side)
    group by lineups.event_id, lineups.side
), appeared as (
    -- Once a gameweek, whatever the number of his matches in it.
    select matches.season, matches.gameweek, players.player_id, people.name,
           max(matches.start_at) as start_at, sum(players.minutes) as minutes
    from pulse.sofasport_lineup_players as players
    join pulse.event_gameweeks as matches using (event_id)
    join pulse.sofasport_players as people using (player_id)
    where players.minutes > 0
    group by matches.season, matches.gameweek, players.player_id, people.name
), played_so_far as (
    -- Ordered by kick-off, because a moved match is played later than the rest of its gameweek.
    select *, sum(minutes) over (partition by season, player_id order by start_at, gameweek) as minutes_so_far
    from appeared
), fixtures as (
    select fixtures.season, coalesce(fixtures.gameweek, 0)::smallint as gameweek, fixtures.fixture_id, fixtures.kickoff_at,
           fixtures.finished_provisional as is_played, format('%s-%s', home.short_name, away.short_name) as name,
           mappings.event_id, mappings.updated_at as linked_at,
           events.status_code in (100, 110, 120) as has_ended, events.updated_at as event_written_at,
           (select count(*) from pulse.team_mappings as clubs
            where clubs.fpl_team_code in (fixtures.home_team_code, fixtures.away_team_code)) < 2 as waits_for_club,
           exists (select from pulse.sofasport_lineups as lineups where lineups.event_id = mappings.event_id) as has_lineups
    from pulse.fpl_fixtures as fixtures
    join pulse.fpl_teams as home on home.season = fixtures.season and home.code = fixtures.home_team_code
    join pulse.fpl_teams as away on away.season = fixtures.season and away.code = fixtures.away_team_code
    left join pulse.fixture_mappings as mappings
        on mappings.season = fixtures.season and mappings.fixture_id = fixtures.fixture_id and mappings.is_current
    left join pulse.sofasport_events as events using (event_id)
), played_officially as (
    select figures.season, figures.gameweek, players.code, format('%s (%s)', players.web_name, clubs.short_name) as name,
           max(fixtures.kickoff_at) as kickoff_at,
           not bool_or(fixtures.has_lineups)
               or not exists (select from pulse.team_mappings as linked where linked.fpl_team_code = players.team_code) as may_wait
    from pulse.fpl_player_fixtures as figures
    join pulse.fpl_players as players using (season, element_id)
    join pulse.fpl_teams as clubs on clubs.season = players.season and clubs.code = players.team_code
    join fixtures on fixtures.season = figures.season and fixtures.fixture_id = figures.fixture_id
    where figures.minutes > 0 and players.position <= 4
    group by figures.season, figures.gameweek, players.code, players.web_name, clubs.short_name, players.team_code
)
select season, gameweek, 'fixtures with an event' as what, 'fixture_mappings' as table_name,
       null::integer as event_id, null::integer as player_id, name, null::timestamptz as start_at,
       event_id is not null as is_there, waits_for_club as may_wait, linked_at as written_at
from fixtures
union all
select season, gameweek, 'played fixtures with an ended event', 'sofasport_events',
       null, null, name, kickoff_at, has_ended is true, waits_for_club, event_written_at
from fixtures
where is_played
union all
select people.season, people.gameweek, 'links for players with minutes', 'player_mappings',
       null, null, people.name, people.kickoff_at, links.linked_at is not null, people.may_wait, links.linked_at
from played_officially as people
left join lateral (
    -- Two SofaSport profiles may be one person.
    select max(updated_at) as linked_at from pulse.player_mappings where fpl_code = people.code
) as links on true
union all
select matches.season, matches.gameweek, 'matches with lineups', 'sofasport_lineups',
       matches.event_id, null, matches.match, matches.start_at,
       coalesce(whole.is_whole, false), false, whole.written_at
from pulse.event_gameweeks as matches
left join lateral (
    select count(*) = 2 and bool_and(lineups.confirmed and lineups.with_minutes > 0) as is_whole,
           max(lineups.updated_at) as written_at
    from pulse.sofasport_lineups as lineups where lineups.event_id = matches.event_id
) as whole on true
where matches.has_ended
union all
select matches.season, matches.gameweek, 'sides with 11 starters', 'sofasport_lineup_players',
       matches.event_id, null, format('%s of %s, %s starters', coalesce(teams.short_name, teams.name), matches.match, sides.starters),
       matches.start_at, sides.starters = 11, false, sides.written_at
from sides
join pulse.event_gameweeks as matches using (event_id)
join pulse.sofasport_teams as teams using (team_id)
where matches.has_ended and sides.confirmed
union all
select matches.season, matches.gameweek, 'heatmaps', 'sofasport_heatmaps',
       players.event_id, players.player_id, format('%s in %s', people.name, matches.match), matches.start_at,
       heatmaps.event_id is not null, false, heatmaps.updated_at
from pulse.sofasport_lineup_players as players
join pulse.event_gameweeks as matches using (event_id)
join pulse.sofasport_players as people using (player_id)
left join pulse.sofasport_heatmaps as heatmaps using (event_id, player_id)
where matches.has_ended and players.minutes > 0
union all
select appeared.season, appeared.gameweek, 'season statistics', 'sofasport_season_statistics',
       null, appeared.player_id, appeared.name, appeared.start_at,
       coalesce(statistics.minutes >= appeared.minutes_so_far, false), false, statistics.updated_at
from played_so_far as appeared
left join pulse.sofasport_season_statistics as statistics using (season, player_id)
union all
select appeared.season, appeared.gameweek, 'attributes', 'sofasport_attributes',
       null, appeared.player_id, appeared.name, appeared.start_at, own.written_at is not null, false, own.written_at
from appeared
left join (
    select player_id, max(updated_at) as written_at from pulse.sofasport_attributes group by player_id
) as own using (player_id);

create table pulse.coverage (
    dag_id text not null,
    run_id text not null,
    gameweek smallint not null,
    what text not null,
    season text not null,
    have integer not null check (have >= 0),
    want integer not null check (want >= have),
    not_yet integer not null check (not_yet >= 0),
    least numeric(4, 3) check (least between 0 and 1),
    is_enough boolean not null,
    is_complete boolean not null generated always as (
        case when least is null then have = want + not_yet
             else is_enough and (not_yet = 0 or have >= least * (want + not_yet)) end
    ) stored,
    missing text[] not null check (cardinality(missing) <= 50),
    missing_count integer not null generated always as (want - have) stored,
    as_of timestamptz not null,
    primary key (dag_id, run_id, gameweek, what),
    foreign key (dag_id, run_id) references pulse.pipeline_runs on delete cascade
);
create index on pulse.coverage (season, gameweek, what, as_of);

create view pulse.freshness as
with filled_by (table_name, endpoint) as (
    values ('fixture_mappings', 'seasons/events'), ('sofasport_events', 'seasons/events'),
           ('player_mappings', 'teams/players'),
           ('sofasport_lineups', 'events/lineups'), ('sofasport_lineup_players', 'events/lineups'),
           ('sofasport_heatmaps', 'events/player-heatmap'),
           ('sofasport_season_statistics', 'players/statistics/result'),
           ('sofasport_attributes', 'players/attribute-overviews')
), expected as (
    select season, gameweek, table_name, what, count(*) filter (where is_there)::int as have, count(*)::int as want,
           max(written_at) filter (where is_there) as last_written_at
    from pulse.expected_data
    group by season, gameweek, table_name, what
), completed as (
    select season, gameweek, what, max(as_of) as last_complete_at
    from pulse.coverage
    where is_complete
    group by season, gameweek, what
), spent as (
    select season, gameweek, endpoint, count(*)::int as calls
    from pulse.api_calls
    join pulse.event_gameweeks on event_id = substring(resource from 'event_id=([0-9]+)')::int
    where api = 'sofasport' and endpoint in ('events/lineups', 'events/player-heatmap')
    group by season, gameweek, endpoint
    union all
    select newest.season, newest.gameweek, calls.endpoint, count(*)::int
    from pulse.api_calls as calls
    join pulse.pipeline_runs as runs using (dag_id, run_id)
    cross join lateral (
        select season, gameweek from pulse.fpl_gameweeks
        where deadline_at <= runs.as_of order by deadline_at desc limit 1) as newest
    where calls.api = 'sofasport' and calls.endpoint not in ('events/lineups', 'events/player-heatmap')
    group by newest.season, newest.gameweek, calls.endpoint
)
select expected.season, expected.gameweek, expected.table_name, expected.what, expected.have, expected.want,
       round(expected.have::numeric / expected.want, 4) as share,
       completed.last_complete_at, expected.last_written_at, coalesce(spent.calls, 0) as calls
from expected
join filled_by using (table_name)
left join completed using (season, gameweek, what)
left join spent using (season, gameweek, endpoint);

create view pulse.quota_left as
with said as (
    select call_id, called_at, case when outcome = 'QuotaSpentError' then 0 else quota_remaining end as calls,
           -- A refusal may come without headers: then the reset is the one that was announced before it.
           coalesce(quota_resets_at, (
               select announced.quota_resets_at from pulse.api_calls as announced
               where announced.api = 'sofasport' and announced.quota_resets_at > clock_timestamp()
                 and announced.call_id < said.call_id
               order by announced.call_id desc limit 1)) as resets_at
    from pulse.api_calls as said
    where api = 'sofasport' and (quota_remaining is not null or outcome = 'QuotaSpentError')
    order by call_id desc limit 1
)
select greatest(0, said.calls - (select count(*) from pulse.api_calls as since
                                 where since.api = 'sofasport' and since.call_id > said.call_id))::int as calls,
       said.called_at as heard_at, said.resets_at
from said;

create view pulse.quota_outlook as
with newest as (
    select as_of from pulse.pipeline_runs where is_whole order by started_at desc limit 1
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
