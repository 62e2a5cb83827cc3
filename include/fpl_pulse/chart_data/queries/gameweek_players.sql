-- Who played in a gameweek: the sums of all matches of the gameweek, two in a double one, and the mean rating.
select players.web_name as player, players.code, fpl.position_name(players.position) as position,
  (array_agg(teams.name order by fixtures.kickoff_at desc) filter (where teams.name is not null))[1] as club,
  count(*)::int as matches, sum(matches.minutes)::int as minutes, avg(matches.rating)::float as rating,
  sum(matches.total_points)::int as points, sum(matches.defensive_contribution)::int as defensive_contribution,
  sum(matches.goals)::int as goals,
  -- In a double gameweek FPL does not state the expected goals of each match.
  sum(coalesce(matches.expected_goals, matches.sofasport_expected_goals))::float as expected_goals,
  max(official.observed_at) as as_of
from pulse.fpl_fixtures as fixtures
join pulse.player_matches as matches on matches.season = fixtures.season and matches.fixture_id = fixtures.fixture_id
join pulse.fpl_players as players on players.season = matches.season and players.element_id = matches.element_id
left join pulse.fpl_player_fixtures as official
  on official.season = matches.season and official.fixture_id = matches.fixture_id
  and official.element_id = matches.element_id
left join pulse.fpl_teams as teams on teams.season = matches.season and teams.code = matches.team_code
where fixtures.season = %(season)s and fixtures.gameweek = %(gameweek)s and matches.minutes > 0
group by players.season, players.element_id
