-- Goals compared with expected goals.
with season as (
    select season from pulse.fpl_seasons order by observed_at desc limit 1
)
select
    player.web_name as player,
    team.short_name as club,
    count(*) filter (where line.minutes > 0) as matches,
    sum(line.goals) as goals,
    round(sum(line.expected_goals), 2) as expected_goals,
    round(sum(line.goals) - sum(line.expected_goals), 2) as difference
from pulse.sofasport_lineup_players as line
join pulse.fixture_mappings as fixture on fixture.event_id = line.event_id and fixture.is_current
join season on season.season = fixture.season
join pulse.player_mappings as mapping on mapping.sofasport_player_id = line.player_id
join pulse.fpl_players as player on player.season = fixture.season and player.code = mapping.fpl_code
join pulse.fpl_teams as team on team.season = player.season and team.code = player.team_code
group by player.code, player.web_name, team.short_name
having sum(line.expected_goals) is not null
order by sum(line.expected_goals) desc, player.code
limit 8
