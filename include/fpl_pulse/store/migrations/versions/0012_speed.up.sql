-- What a run looks up by response, resource, match, club or time.

-- A hash index, because a B-tree also offers the order in which responses are loaded, and the planner would read it whole.
create index on pulse.raw_resources using hash (response_id);
create index raw_resources_of_season on pulse.raw_resources (endpoint, season_id, season, player_id)
    where event_id is null;
drop index pulse.raw_resources_endpoint_player_id_idx;
-- In the order in which they are loaded.
create index raw_resources_not_loaded on pulse.raw_resources (endpoint, response_id)
    where loaded_response_id is distinct from response_id;
drop index pulse.raw_reads_not_loaded;
create index on pulse.rejected_records (resource_id);
create index on pulse.planned_calls (response_id) where response_id is not null;
create index on pulse.team_mappings (fpl_team_code);
create index on pulse.fixture_mappings (season, fixture_id);
create index on pulse.fpl_players (code);
create index on pulse.fpl_gameweeks (deadline_at);
create index on pulse.pipeline_runs (as_of);
create index on pulse.pipeline_runs (dag_id, started_at);
create index on pulse.sofasport_attributes ((details ->> 'id'));
create index on pulse.revisions (valid_to);
create index revisions_of_minutes on pulse.revisions (((key ->> 'event_id')::integer), ((key ->> 'player_id')::integer))
    where table_name = 'sofasport_lineup_players' and changed ? 'minutes';
create index alerts_open on pulse.alerts (kind) where closed_at is null;

-- What plans and checks read of the players with minutes, without the row, which holds all statistics.
create index sofasport_lineup_players_played on pulse.sofasport_lineup_players (event_id, player_id)
    include (minutes, goals, team_id, is_starter, updated_at) where minutes > 0;

create index on pulse.api_calls (dag_id, run_id, api, endpoint);
drop index pulse.api_calls_dag_id_run_id_idx;
create index on pulse.api_calls (event_id, endpoint) where event_id is not null;
create index api_calls_quota on pulse.api_calls (call_id)
    where api = 'sofasport' and (quota_remaining is not null or outcome = 'QuotaSpentError');
create index api_calls_reset on pulse.api_calls (quota_resets_at)
    where api = 'sofasport' and quota_resets_at is not null;

-- Postgres analyzes and vacuums a table when a share of it has changed. A week is a small share of many seasons, so the
-- planner would not know the newest one. A number of rows instead.

alter table pulse.api_calls set (
    autovacuum_analyze_scale_factor = 0, autovacuum_analyze_threshold = 300,
    autovacuum_vacuum_insert_scale_factor = 0, autovacuum_vacuum_insert_threshold = 1000);
alter table pulse.coverage set (
    autovacuum_analyze_scale_factor = 0, autovacuum_analyze_threshold = 300,
    autovacuum_vacuum_insert_scale_factor = 0, autovacuum_vacuum_insert_threshold = 1000);
alter table pulse.fixture_mappings set (
    autovacuum_analyze_scale_factor = 0, autovacuum_analyze_threshold = 300,
    autovacuum_vacuum_insert_scale_factor = 0, autovacuum_vacuum_insert_threshold = 1000);
alter table pulse.fpl_fixtures set (
    autovacuum_analyze_scale_factor = 0, autovacuum_analyze_threshold = 300,
    autovacuum_vacuum_insert_scale_factor = 0, autovacuum_vacuum_insert_threshold = 1000);
alter table pulse.fpl_player_fixtures set (
    autovacuum_analyze_scale_factor = 0, autovacuum_analyze_threshold = 300,
    autovacuum_vacuum_insert_scale_factor = 0, autovacuum_vacuum_insert_threshold = 1000);
alter table pulse.planned_calls set (
    autovacuum_analyze_scale_factor = 0, autovacuum_analyze_threshold = 300,
    autovacuum_vacuum_insert_scale_factor = 0, autovacuum_vacuum_insert_threshold = 1000);
alter table pulse.raw_resources set (
    autovacuum_analyze_scale_factor = 0, autovacuum_analyze_threshold = 300,
    autovacuum_vacuum_insert_scale_factor = 0, autovacuum_vacuum_insert_threshold = 1000);
alter table pulse.raw_responses set (
    autovacuum_analyze_scale_factor = 0, autovacuum_analyze_threshold = 300,
    autovacuum_vacuum_insert_scale_factor = 0, autovacuum_vacuum_insert_threshold = 1000);
alter table pulse.sofasport_events set (
    autovacuum_analyze_scale_factor = 0, autovacuum_analyze_threshold = 300,
    autovacuum_vacuum_insert_scale_factor = 0, autovacuum_vacuum_insert_threshold = 1000);
alter table pulse.sofasport_heatmaps set (
    autovacuum_analyze_scale_factor = 0, autovacuum_analyze_threshold = 300,
    autovacuum_vacuum_insert_scale_factor = 0, autovacuum_vacuum_insert_threshold = 1000);
alter table pulse.sofasport_lineup_players set (
    autovacuum_analyze_scale_factor = 0, autovacuum_analyze_threshold = 300,
    autovacuum_vacuum_insert_scale_factor = 0, autovacuum_vacuum_insert_threshold = 1000);
alter table pulse.sofasport_lineups set (
    autovacuum_analyze_scale_factor = 0, autovacuum_analyze_threshold = 300,
    autovacuum_vacuum_insert_scale_factor = 0, autovacuum_vacuum_insert_threshold = 1000);
alter table pulse.sofasport_season_statistics set (
    autovacuum_analyze_scale_factor = 0, autovacuum_analyze_threshold = 300,
    autovacuum_vacuum_insert_scale_factor = 0, autovacuum_vacuum_insert_threshold = 1000);

-- The planner knows how many matches have ended from a list of codes that it compares with the column. It could look
-- neither into a `case` nor behind a cast of the column, which is a smallint.

create function pulse.has_ended(status_code smallint) returns boolean
language sql immutable parallel safe as $$
    select status_code in (100, 110, 120)
$$;


create or replace function pulse.has_ended(status_code integer) returns boolean
language sql immutable parallel safe as $$
    select status_code in (100, 110, 120)
$$;

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

create or replace view pulse.event_gameweeks as
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

-- Without a subquery the planner puts it into the statement instead of calling it for each row.
create or replace function pulse.is_due_again(since timestamptz, fetched_as_of timestamptz, as_of timestamptz)
returns boolean
language sql stable parallel safe as $$
    select coalesce(
        (fetched_as_of < since + interval '1 day' and since + interval '1 day' <= as_of)
        or (fetched_as_of < since + interval '3 days' and since + interval '3 days' <= as_of)
        or (fetched_as_of < since + interval '7 days' and since + interval '7 days' <= as_of), false)
$$;

-- Expected data and freshness, each computed for one season.

drop view pulse.freshness, pulse.expected_data;

create function pulse.expected_data_of(of_season text)
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

create view pulse.expected_data as
select seasons.season, expected.*
from (select distinct season from pulse.fpl_gameweeks) as seasons
cross join lateral pulse.expected_data_of(seasons.season) as expected;

create function pulse.freshness_of(of_season text)
returns table (gameweek smallint, table_name text, what text, have integer, want integer, share numeric,
               last_complete_at timestamptz, last_written_at timestamptz, calls integer)
language sql stable parallel safe as $$
with filled_by (table_name, endpoint) as (
    values ('fixture_mappings', 'seasons/events'), ('sofasport_events', 'seasons/events'),
           ('player_mappings', 'teams/players'),
           ('sofasport_lineups', 'events/lineups'), ('sofasport_lineup_players', 'events/lineups'),
           ('sofasport_heatmaps', 'events/player-heatmap'),
           ('sofasport_season_statistics', 'players/statistics/result'),
           ('sofasport_attributes', 'players/attribute-overviews')
), expected as (
    select gameweek, table_name, what, count(*) filter (where is_there)::int as have, count(*)::int as want,
           max(written_at) filter (where is_there) as last_written_at
    from pulse.expected_data_of(of_season)
    group by gameweek, table_name, what
), completed as (
    select gameweek, what, max(as_of) as last_complete_at
    from pulse.coverage
    where season = of_season and is_complete
    group by gameweek, what
), newest as (
    -- The as-of times at which a gameweek is the newest one.
    select gameweek, deadline_at as since,
           coalesce((select min(later.deadline_at) from pulse.fpl_gameweeks as later
                     where later.deadline_at > gameweeks.deadline_at), 'infinity') as until
    from pulse.fpl_gameweeks as gameweeks
    where season = of_season
), spent as (
    select matches.gameweek, calls.endpoint, count(*)::int as calls
    from pulse.event_gameweeks as matches
    join pulse.api_calls as calls using (event_id)
    where matches.season = of_season and calls.api = 'sofasport'
      and calls.endpoint in ('events/lineups', 'events/player-heatmap')
    group by matches.gameweek, calls.endpoint
    union all
    select newest.gameweek, calls.endpoint, count(*)::int
    from newest
    join pulse.pipeline_runs as runs on runs.as_of >= newest.since and runs.as_of < newest.until
    join pulse.api_calls as calls using (dag_id, run_id)
    where calls.api = 'sofasport' and calls.endpoint not in ('events/lineups', 'events/player-heatmap')
    group by newest.gameweek, calls.endpoint
)
select expected.gameweek, expected.table_name, expected.what, expected.have, expected.want,
       round(expected.have::numeric / expected.want, 4), completed.last_complete_at, expected.last_written_at,
       coalesce(spent.calls, 0)
from expected
join filled_by using (table_name)
left join completed using (gameweek, what)
left join spent using (gameweek, endpoint)
$$;

-- No run changes a season after the next one has begun, so its rows are stored once.
create table pulse.final_freshness (
    season text not null,
    gameweek smallint not null,
    table_name text not null,
    what text not null,
    have integer not null,
    want integer not null,
    share numeric not null,
    last_complete_at timestamptz,
    last_written_at timestamptz,
    calls integer not null,
    primary key (season, gameweek, what)
);

create view pulse.freshness as
select season, gameweek, table_name, what, have, want, share, last_complete_at, last_written_at, calls
from pulse.final_freshness
union all
select seasons.season, computed.*
from (
    select distinct season from pulse.fpl_gameweeks
    where season > coalesce((select max(season) from pulse.final_freshness), '')
) as seasons
cross join lateral pulse.freshness_of(seasons.season) as computed;

create or replace view pulse.quota_left as
with said as (
    select call_id, called_at, case when outcome = 'QuotaSpentError' then 0 else quota_remaining end as calls,
           -- A refusal may come without headers: then the reset is the one that was announced before it.
           coalesce(quota_resets_at, (
               select announced.quota_resets_at from pulse.api_calls as announced
               -- Unlike clock_timestamp(), it is one value for the statement, so an index can be used.
               where announced.api = 'sofasport' and announced.quota_resets_at > statement_timestamp()
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

-- The pace keeps its newest slots, and when the source last refused a call as too fast.

alter table pulse.api_pace
    add column slots timestamptz[] not null default '{}',
    add column refused_at timestamptz;

-- The newest plans first, without counting those of all runs.

create or replace view pulse.run_plans as
select runs.as_of, runs.dag_id, runs.run_id, plan.*
from pulse.pipeline_runs as runs
cross join lateral (
    select calls.purpose, count(*)::int as planned,
           count(*) filter (where calls.outcome = 'fetched')::int as fetched,
           count(*) filter (where calls.outcome = 'no_data')::int as no_data,
           count(*) filter (where calls.outcome = 'skipped')::int as skipped,
           count(*) filter (where calls.outcome = 'superseded')::int as superseded,
           count(*) filter (where calls.outcome = 'failed')::int as failed,
           count(*) filter (where calls.outcome is null)::int as open
    from pulse.planned_calls as calls
    where calls.dag_id = runs.dag_id and calls.run_id = runs.run_id
    group by calls.purpose
) as plan;

-- A rebuild writes no revisions of the rows that it deletes before it loads the archive again.

create or replace function pulse.keep_revision() returns trigger
language plpgsql as $$
declare
    old_row jsonb;
    new_row jsonb;
    what_differs jsonb;
begin
    -- A rebuild deletes every row, revisions too, and in the end sets only when each row was changed.
    if current_setting('pulse.keeps_revisions', true) = 'off' then
        return null;
    end if;
    old_row := to_jsonb(old);
    if tg_op = 'UPDATE' then
        new_row := to_jsonb(new);
        what_differs := pulse.differences(old_row, new_row);
    end if;
    if what_differs = '{}' then
        return null;
    end if;
    insert into pulse.revisions (table_name, key, content, changed, valid_from, valid_to)
    values (
        tg_table_name,
        (select jsonb_object_agg(name, old_row -> name) from unnest(tg_argv) as name),
        old_row,
        what_differs,
        old.observed_at,
        -- A deleted row has no successor that states the time, so the load sets it (pulse.as_of).
        coalesce((new_row ->> 'observed_at')::timestamptz, nullif(current_setting('pulse.as_of', true), '')::timestamptz, now())
    );
    return null;
end
$$;
