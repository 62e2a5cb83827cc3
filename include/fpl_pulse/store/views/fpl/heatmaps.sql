create view fpl.heatmaps as
select matches.season, fixtures.gameweek, fixtures.kickoff_at, players.web_name as player,
       fpl.position_name(players.position) as position, teams.name as team,
       case when matches.team_code = fixtures.home_team_code then 'home'
            when matches.team_code = fixtures.away_team_code then 'away' end as venue,
       heatmaps.point_count::int as points, heatmaps.mean_x, heatmaps.mean_y,
       matches.fpl_code as code, matches.element_id, matches.fixture_id, matches.event_id, matches.sofasport_player_id
from pulse.player_matches as matches
join pulse.sofasport_heatmaps as heatmaps
    on heatmaps.event_id = matches.event_id and heatmaps.player_id = matches.sofasport_player_id
join pulse.fpl_fixtures as fixtures on fixtures.season = matches.season and fixtures.fixture_id = matches.fixture_id
join pulse.fpl_players as players on players.season = matches.season and players.element_id = matches.element_id
left join pulse.fpl_teams as teams on teams.season = matches.season and teams.code = matches.team_code;

-- The same with a row for each point.
create view fpl.heatmap_points as
select heatmaps.season, heatmaps.gameweek, heatmaps.kickoff_at, heatmaps.player, heatmaps.position, heatmaps.team, heatmaps.venue,
       points.number::int as number, (points.point ->> 'x')::float8 as x, (points.point ->> 'y')::float8 as y,
       heatmaps.code, heatmaps.element_id, heatmaps.fixture_id, heatmaps.event_id, heatmaps.sofasport_player_id
from fpl.heatmaps as heatmaps
join pulse.sofasport_heatmaps as stored
    on stored.event_id = heatmaps.event_id and stored.player_id = heatmaps.sofasport_player_id
cross join lateral jsonb_array_elements(stored.points) with ordinality as points (point, number);

comment on view fpl.heatmaps is 'Where a player touched the ball in a match, in numbers: recorded actions, not tracking. One row for each season, fixture and player.';
comment on column fpl.heatmaps.kickoff_at is 'Time from the source: kick-off.';
comment on column fpl.heatmaps.points is 'Number of points, see heatmap_points.';
comment on column fpl.heatmaps.mean_x is 'Mean of x, 0-100, measured from the player''s own goal line.';
comment on column fpl.heatmaps.mean_y is 'Mean of y, 0-100, across the pitch.';

comment on view fpl.heatmap_points is 'Each point of a heatmap: recorded actions, not tracking. One row for each season, fixture, player and point.';
comment on column fpl.heatmap_points.kickoff_at is 'Time from the source: kick-off.';
comment on column fpl.heatmap_points.number is 'The place of the point in SofaSport''s list.';
comment on column fpl.heatmap_points.x is '0-100, measured from the player''s own goal line.';
comment on column fpl.heatmap_points.y is '0-100, across the pitch.';
