-- A fixture with what its pictures say about the match. Without a SofaSport event there is no row.
select home.name as home, away.name as away, fixtures.gameweek, links.event_id, fixtures.home_score, fixtures.away_score,
  fixtures.season
from pulse.fpl_fixtures as fixtures
join pulse.fixture_mappings as links
  on links.season = fixtures.season and links.fixture_id = fixtures.fixture_id and links.is_current
join pulse.fpl_teams as home on home.season = fixtures.season and home.code = fixtures.home_team_code
join pulse.fpl_teams as away on away.season = fixtures.season and away.code = fixtures.away_team_code
where fixtures.season = %(season)s and fixtures.fixture_id = %(fixture_id)s
