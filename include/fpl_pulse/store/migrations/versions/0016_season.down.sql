create or replace view pulse.expected_data as
select seasons.season, expected.*
from (select distinct season from pulse.fpl_gameweeks) as seasons
cross join lateral pulse.expected_data_of(seasons.season) as expected;

create or replace view pulse.freshness as
select season, gameweek, table_name, what, have, want, share, last_complete_at, last_written_at, calls
from pulse.final_freshness
union all
select seasons.season, computed.*
from (
    select distinct season from pulse.fpl_gameweeks
    where season > coalesce((select max(season) from pulse.final_freshness), '')
) as seasons
cross join lateral pulse.freshness_of(seasons.season) as computed;

drop trigger keep_revision on pulse.fpl_player_fixtures;
drop index pulse.fpl_player_fixtures_season_gameweek_idx;

alter table pulse.fpl_player_fixtures
    drop column defensive_contribution,
    drop column clearances_blocks_interceptions,
    drop column recoveries,
    drop column tackles,
    drop column expected_goal_involvements,
    drop column influence,
    drop column creativity,
    drop column threat,
    drop column ict_index,
    drop column observed_at;

drop table pulse.fpl_seasons;
