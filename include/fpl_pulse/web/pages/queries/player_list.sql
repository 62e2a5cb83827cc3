-- The players of a season, with the figures by which a list can be sorted.
select players.code, players.web_name as player,
  concat_ws(' ', nullif(players.first_name, ''), players.second_name) as full_name, teams.name as team,
  fpl.position_name(players.position) as position, fpl.status_name(players.status) as status,
  (players.now_cost / 10.0)::float8 as price, players.selected_by_percent::float8 as ownership,
  players.total_points as points, players.minutes, sums.rating, sums.expected_goals
from pulse.fpl_players as players
join pulse.fpl_teams as teams on teams.season = players.season and teams.code = players.team_code
left join (
  select fpl_code, avg(rating)::float8 as rating, sum(expected_goals)::float8 as expected_goals
  from pulse.player_matches
  where season = %(season)s and minutes > 0
  group by fpl_code
) as sums on sums.fpl_code = players.code
where players.season = %(season)s
  and (%(team)s::int is null or players.team_code = %(team)s)
  and (%(position)s::text is null or fpl.position_name(players.position) = %(position)s)
