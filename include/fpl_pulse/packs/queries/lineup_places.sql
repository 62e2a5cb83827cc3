-- In which matches of a gameweek some players were in a lineup and played, by kick-off.
select matches.fpl_code as code, matches.fixture_id, matches.sofasport_player_id
from pulse.player_matches as matches
join pulse.fpl_fixtures as fixtures on fixtures.season = matches.season and fixtures.fixture_id = matches.fixture_id
join pulse.fixture_mappings as links
  on links.season = fixtures.season and links.fixture_id = fixtures.fixture_id and links.is_current
join pulse.sofasport_lineup_players as people_in
  on people_in.event_id = links.event_id and people_in.player_id = matches.sofasport_player_id
where fixtures.season = %(season)s and fixtures.gameweek = %(gameweek)s and matches.fpl_code = any(%(codes)s)
  and matches.minutes > 0
order by fixtures.kickoff_at, fixtures.fixture_id
