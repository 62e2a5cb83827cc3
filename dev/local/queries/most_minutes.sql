-- Most minutes in the season so far, with SofaSport's rating and FPL's points.
with season as (
    select season from pulse.fpl_seasons order by observed_at desc limit 1
)
select
    player.web_name as player,
    team.short_name as club,
    season_so_far.minutes,
    player.minutes as fpl_minutes,
    season_so_far.rating,
    player.total_points as fpl_points
from pulse.sofasport_season_statistics as season_so_far
join season on season.season = season_so_far.season
join pulse.player_mappings as mapping on mapping.sofasport_player_id = season_so_far.player_id
join pulse.fpl_players as player on player.season = season_so_far.season and player.code = mapping.fpl_code
join pulse.fpl_teams as team on team.season = player.season and team.code = player.team_code
order by season_so_far.minutes desc nulls last, season_so_far.rating desc nulls last, player.code
limit 8
