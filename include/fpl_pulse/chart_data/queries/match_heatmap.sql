-- A player in the lineup of a fixture's match, with the points of the heatmap. FPL's name where the player is linked.
select coalesce(linked.web_name, people.name) as player,
  case people_in.side when 'home' then home.name else away.name end as club,
  case people_in.side when 'home' then away.name else home.name end as opponent,
  people_in.side as venue, fixtures.gameweek, links.event_id, people_in.minutes, fixtures.season,
  coalesce(stored.points, '[]') as points, coalesce(stored.observed_at, people_in.observed_at) as as_of
from pulse.fpl_fixtures as fixtures
join pulse.fixture_mappings as links
  on links.season = fixtures.season and links.fixture_id = fixtures.fixture_id and links.is_current
join pulse.sofasport_lineup_players as people_in on people_in.event_id = links.event_id
join pulse.sofasport_players as people on people.player_id = people_in.player_id
join pulse.fpl_teams as home on home.season = fixtures.season and home.code = fixtures.home_team_code
join pulse.fpl_teams as away on away.season = fixtures.season and away.code = fixtures.away_team_code
left join pulse.sofasport_heatmaps as stored
  on stored.event_id = links.event_id and stored.player_id = people_in.player_id
left join pulse.player_matches as matched
  on matched.season = fixtures.season and matched.fixture_id = fixtures.fixture_id
  and matched.sofasport_player_id = people_in.player_id
left join pulse.fpl_players as linked on linked.season = matched.season and linked.element_id = matched.element_id
where fixtures.season = %(season)s and fixtures.fixture_id = %(fixture_id)s
  and people_in.player_id = %(sofasport_player_id)s
