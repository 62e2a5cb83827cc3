create or replace view pulse.run_plans as
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

create or replace function pulse.keep_revision() returns trigger
language plpgsql as $$
declare
    old_row jsonb := to_jsonb(old);
    new_row jsonb := case when tg_op = 'UPDATE' then to_jsonb(new) end;
    what_differs jsonb := case when tg_op = 'UPDATE' then pulse.differences(old_row, new_row) end;
begin
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

alter table pulse.api_pace drop column slots, drop column refused_at;
drop view pulse.freshness, pulse.expected_data;
drop table pulse.final_freshness;
drop function pulse.freshness_of(text);
drop function pulse.expected_data_of(text);
create or replace view pulse.event_gameweeks as
select events.event_id, events.season, coalesce(fixtures.gameweek, events.round, 0)::smallint as gameweek,
       events.start_at, pulse.has_ended(events.status_code::integer) as has_ended,
       format('%s-%s (%s)', coalesce(home.short_name, home.name), coalesce(away.short_name, away.name),
              events.event_id) as match
from pulse.sofasport_events as events
join pulse.sofasport_teams as home on home.team_id = events.home_team_id
join pulse.sofasport_teams as away on away.team_id = events.away_team_id
left join pulse.fixture_mappings as mappings using (event_id)
left join pulse.fpl_fixtures as fixtures
    on fixtures.season = mappings.season and fixtures.fixture_id = mappings.fixture_id;
drop function pulse.has_ended(smallint);

create view pulse.expected_data as
with sides as (
    select lineups.event_id, lineups.side, lineups.team_id, lineups.confirmed, lineups.with_minutes,
           count(*) filter (where players.is_starter) as starters,
           greatest(max(players.updated_at), lineups.updated_at) as written_at
    from pulse.sofasport_lineups as lineups
    left join pulse.sofasport_lineup_players as players using (event_id, side)
    group by lineups.event_id, lineups.side
), appeared as (
    -- One row for each gameweek, also when the player had several matches in it.
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
           pulse.has_ended(events.status_code) as has_ended, events.updated_at as event_written_at,
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
       coalesce(whole.is_full, false), false, whole.written_at
from pulse.event_gameweeks as matches
left join lateral (
    select count(*) = 2 and bool_and(lineups.confirmed and lineups.with_minutes > 0) as is_full,
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
    join pulse.event_gameweeks using (event_id)
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

create or replace view pulse.quota_left as
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

create or replace function pulse.match_stage(status_code integer) returns text
language sql immutable parallel safe as $$
    select case
        when status_code in (100, 110, 120) then 'ended'
        when status_code = 0 then 'not_started'
        when status_code between 1 and 59 then 'in_progress'
        when status_code = 60 then 'postponed'
        when status_code = 80 then 'interrupted'
        when status_code in (70, 90, 92, 93) then 'called_off'
        else 'unknown'
    end
$$;

create or replace function pulse.has_ended(status_code integer) returns boolean
language sql immutable parallel safe as $$
    select pulse.match_stage(status_code) = 'ended'
$$;

create or replace function pulse.is_due_again(since timestamptz, fetched_as_of timestamptz, as_of timestamptz)
returns boolean
language sql immutable parallel safe as $$
    select exists (
        select from unnest(array[interval '1 day', interval '3 days', interval '7 days']) as age
        where fetched_as_of < since + age and since + age <= as_of)
$$;

drop index pulse.raw_resources_response_id_idx, pulse.raw_resources_of_season, pulse.rejected_records_resource_id_idx,
    pulse.planned_calls_response_id_idx, pulse.team_mappings_fpl_team_code_idx,
    pulse.fixture_mappings_season_fixture_id_idx, pulse.fpl_players_code_idx, pulse.fpl_gameweeks_deadline_at_idx,
    pulse.pipeline_runs_as_of_idx, pulse.pipeline_runs_dag_id_started_at_idx, pulse.sofasport_attributes_expr_idx,
    pulse.revisions_valid_to_idx, pulse.revisions_of_minutes, pulse.alerts_open,
    pulse.api_calls_dag_id_run_id_api_endpoint_idx, pulse.api_calls_event_id_endpoint_idx, pulse.api_calls_quota,
    pulse.api_calls_reset, pulse.raw_resources_not_loaded, pulse.sofasport_lineup_players_played;
create index raw_resources_endpoint_player_id_idx on pulse.raw_resources (endpoint, player_id);
create index raw_reads_not_loaded on pulse.raw_resources (endpoint)
    where loaded_response_id is distinct from response_id;
create index api_calls_dag_id_run_id_idx on pulse.api_calls (dag_id, run_id);
alter table pulse.api_calls reset (
    autovacuum_analyze_scale_factor, autovacuum_analyze_threshold,
    autovacuum_vacuum_insert_scale_factor, autovacuum_vacuum_insert_threshold);
alter table pulse.coverage reset (
    autovacuum_analyze_scale_factor, autovacuum_analyze_threshold,
    autovacuum_vacuum_insert_scale_factor, autovacuum_vacuum_insert_threshold);
alter table pulse.fixture_mappings reset (
    autovacuum_analyze_scale_factor, autovacuum_analyze_threshold,
    autovacuum_vacuum_insert_scale_factor, autovacuum_vacuum_insert_threshold);
alter table pulse.fpl_fixtures reset (
    autovacuum_analyze_scale_factor, autovacuum_analyze_threshold,
    autovacuum_vacuum_insert_scale_factor, autovacuum_vacuum_insert_threshold);
alter table pulse.fpl_player_fixtures reset (
    autovacuum_analyze_scale_factor, autovacuum_analyze_threshold,
    autovacuum_vacuum_insert_scale_factor, autovacuum_vacuum_insert_threshold);
alter table pulse.planned_calls reset (
    autovacuum_analyze_scale_factor, autovacuum_analyze_threshold,
    autovacuum_vacuum_insert_scale_factor, autovacuum_vacuum_insert_threshold);
alter table pulse.raw_resources reset (
    autovacuum_analyze_scale_factor, autovacuum_analyze_threshold,
    autovacuum_vacuum_insert_scale_factor, autovacuum_vacuum_insert_threshold);
alter table pulse.raw_responses reset (
    autovacuum_analyze_scale_factor, autovacuum_analyze_threshold,
    autovacuum_vacuum_insert_scale_factor, autovacuum_vacuum_insert_threshold);
alter table pulse.sofasport_events reset (
    autovacuum_analyze_scale_factor, autovacuum_analyze_threshold,
    autovacuum_vacuum_insert_scale_factor, autovacuum_vacuum_insert_threshold);
alter table pulse.sofasport_heatmaps reset (
    autovacuum_analyze_scale_factor, autovacuum_analyze_threshold,
    autovacuum_vacuum_insert_scale_factor, autovacuum_vacuum_insert_threshold);
alter table pulse.sofasport_lineup_players reset (
    autovacuum_analyze_scale_factor, autovacuum_analyze_threshold,
    autovacuum_vacuum_insert_scale_factor, autovacuum_vacuum_insert_threshold);
alter table pulse.sofasport_lineups reset (
    autovacuum_analyze_scale_factor, autovacuum_analyze_threshold,
    autovacuum_vacuum_insert_scale_factor, autovacuum_vacuum_insert_threshold);
alter table pulse.sofasport_season_statistics reset (
    autovacuum_analyze_scale_factor, autovacuum_analyze_threshold,
    autovacuum_vacuum_insert_scale_factor, autovacuum_vacuum_insert_threshold);
