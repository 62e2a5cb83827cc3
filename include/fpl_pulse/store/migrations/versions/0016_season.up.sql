-- The season that a run works for: the one that was accepted last. No text is compared to find it.

create table pulse.fpl_seasons (
    season text primary key,
    observed_at timestamptz not null unique,
    updated_at timestamptz not null default now()
);

insert into pulse.fpl_seasons (season, observed_at)
select season, coalesce(
    (select min(responses.as_of)
     from pulse.raw_resources as resources join pulse.raw_responses as responses using (resource_id)
     where resources.endpoint = 'fpl/fixtures' and resources.event_id is null and resources.season_id is null
       and resources.season = gameweeks.season),
    min(gameweeks.deadline_at))
from pulse.fpl_gameweeks as gameweeks
group by season
order by season;

-- More of what FPL states of a player in a fixture, and since when a row has its content, for its revision.

alter table pulse.fpl_player_fixtures
    add column defensive_contribution smallint,
    add column clearances_blocks_interceptions smallint,
    add column recoveries smallint,
    add column tackles smallint,
    add column expected_goal_involvements numeric(6, 2),
    add column influence numeric(6, 1),
    add column creativity numeric(6, 1),
    add column threat numeric(6, 1),
    add column ict_index numeric(6, 1),
    add column observed_at timestamptz;

update pulse.fpl_player_fixtures as figures
set observed_at = responses.as_of
from pulse.raw_resources as resources
join pulse.raw_responses as responses on responses.response_id = resources.loaded_response_id
where resources.endpoint = 'fpl/event/live' and resources.event_id is null and resources.season_id is null
  and resources.season = figures.season and resources.gameweek = figures.gameweek;
update pulse.fpl_player_fixtures set observed_at = updated_at where observed_at is null;
alter table pulse.fpl_player_fixtures alter column observed_at set not null;

create index on pulse.fpl_player_fixtures (season, gameweek);

-- FPL changes many figures during a match, so only rows that it has withdrawn are kept.
create trigger keep_revision after delete on pulse.fpl_player_fixtures
    for each row execute function pulse.keep_revision('season', 'fixture_id', 'element_id');

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

create or replace view pulse.expected_data as
select seasons.season, expected.*
from pulse.fpl_seasons as seasons
cross join lateral pulse.expected_data_of(seasons.season) as expected;
