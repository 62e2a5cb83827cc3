-- An alert is closed at a wall-clock time. The column held the as-of time of the run that closed the alert, so the end of
-- that run is the best that is known. Where no such run is stored, the time stays.
update pulse.alerts as alerts
set closed_at = closing.finished_at
from (
    select alerts.alert_id, min(runs.finished_at) as finished_at
    from pulse.alerts as alerts
    join pulse.pipeline_runs as runs on runs.as_of = alerts.closed_at and runs.finished_at >= alerts.raised_at
    where runs.dag_id = alerts.dag_id
       or alerts.kind not in ('run_failed', 'deadline_missed', 'run_missing', 'run_late')
    group by alerts.alert_id
) as closing
where closing.alert_id = alerts.alert_id;

-- An as-of time has no default: now() would be a wall clock.
alter table pulse.fpl_players alter column added_at drop default;

-- A rebuild makes each decision again at its as-of time, about the code that FPL had then.
alter table pulse.mapping_decisions add column as_of timestamptz, add column decided_fpl_id integer;
update pulse.mapping_decisions as decisions
set decided_fpl_id = fpl_id,
    as_of = coalesce((select max(responses.as_of) from pulse.raw_responses as responses
                      where responses.fetched_at <= decisions.decided_at), decided_at);
alter table pulse.mapping_decisions alter column as_of set not null, alter column decided_fpl_id set not null;

-- Rows that are deleted after their load are noticed: the tables hold fewer of them than the load has left.
alter table pulse.raw_resources add column loaded_rows integer;

create view pulse.resource_rows as
select resources.resource_id, resources.response_id, resources.endpoint, resources.event_id, resources.season,
       resources.season_id,
       resources.outcome = 'fetched' and resources.loaded_response_id is not distinct from resources.response_id
           as is_loaded,
       resources.loaded_rows,
       case resources.endpoint
           when 'events/lineups' then
               (select count(*) from pulse.sofasport_lineups as lineups where lineups.event_id = resources.event_id)
               + (select count(*) from pulse.sofasport_lineup_players as players
                  where players.event_id = resources.event_id)
           when 'events/player-heatmap' then
               (select count(*) from pulse.sofasport_heatmaps as heatmaps
                where heatmaps.event_id = resources.event_id and heatmaps.player_id = resources.player_id)
           when 'players/statistics/result' then
               (select count(*) from pulse.sofasport_season_statistics as statistics
                where statistics.player_id = resources.player_id
                  and statistics.season = (select seasons.season from pulse.sofasport_seasons as seasons
                                           where seasons.season_id = resources.season_id))
           when 'players/attribute-overviews' then
               (select count(*) from pulse.sofasport_attributes as attributes
                where attributes.player_id = resources.player_id)
           when 'teams/players' then
               (select count(*) from pulse.sofasport_squads as squads
                where squads.season = resources.season and squads.team_id = resources.team_id and squads.is_current)
           when 'seasons/events' then
               (select count(*) from pulse.sofasport_events as events
                where events.season = (select seasons.season from pulse.sofasport_seasons as seasons
                                       where seasons.season_id = resources.season_id))
           when 'fpl/event/live' then
               (select count(*) from pulse.fpl_player_fixtures as figures
                where figures.season = resources.season and figures.gameweek = resources.gameweek)
           when 'fpl/fixtures' then
               (select count(*) from pulse.fpl_fixtures as fixtures where fixtures.season = resources.season)
           when 'fpl/bootstrap-static' then
               (select (select count(*) from pulse.fpl_gameweeks as gameweeks where gameweeks.season = newest.season)
                       + (select count(*) from pulse.fpl_teams as teams where teams.season = newest.season)
                       + (select count(*) from pulse.fpl_players as players where players.season = newest.season)
                from (select seasons.season from pulse.fpl_seasons as seasons
                      order by seasons.observed_at desc limit 1) as newest)
       end as stored_rows
from pulse.raw_resources as resources;

-- Rows that were deleted before this upgrade are noticed where each loaded response has at least one.
update pulse.raw_resources as resources
set loaded_rows = greatest(held.stored_rows, case when held.endpoint like 'fpl/%' then 0
                                                  when held.endpoint = 'players/attribute-overviews' then 0
                                                  else 1 end)
from pulse.resource_rows as held
where held.resource_id = resources.resource_id and held.is_loaded and held.stored_rows is not null;
