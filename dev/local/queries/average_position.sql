-- Average position of FPL's best players: mean of their heatmaps, 0-100 from their own goal line.
with season as (
    select season from pulse.fpl_seasons order by observed_at desc limit 1
)
select
    player.web_name as player,
    team.short_name as club,
    player.total_points as fpl_points,
    count(*) as heatmaps,
    sum(heatmap.point_count) as actions,
    round(sum(heatmap.mean_x * heatmap.point_count) / sum(heatmap.point_count), 1) as mean_x,
    round(sum(heatmap.mean_y * heatmap.point_count) / sum(heatmap.point_count), 1) as mean_y
from pulse.sofasport_heatmaps as heatmap
join pulse.fixture_mappings as fixture on fixture.event_id = heatmap.event_id and fixture.is_current
join season on season.season = fixture.season
join pulse.player_mappings as mapping on mapping.sofasport_player_id = heatmap.player_id
join pulse.fpl_players as player on player.season = fixture.season and player.code = mapping.fpl_code
join pulse.fpl_teams as team on team.season = player.season and team.code = player.team_code
group by player.code, player.web_name, team.short_name, player.total_points
order by player.total_points desc, player.code
limit 8
