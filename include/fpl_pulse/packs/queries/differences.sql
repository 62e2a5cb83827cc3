-- Figures that differ between the sources and that the check counts, in matches up to a gameweek and of the season.
select fixtures.gameweek, home.short_name || '-' || away.short_name as match,
       coalesce(players.web_name, people.name, 'unknown player') as player, differences.figure,
       differences.fpl_value, differences.sofasport_value
from pulse.figure_differences as differences
left join pulse.fpl_fixtures as fixtures
    on fixtures.season = differences.season and fixtures.fixture_id = differences.fixture_id
left join pulse.fpl_teams as home on home.season = fixtures.season and home.code = fixtures.home_team_code
left join pulse.fpl_teams as away on away.season = fixtures.season and away.code = fixtures.away_team_code
left join pulse.fpl_players as players on players.season = differences.season and players.code = differences.fpl_code
left join pulse.sofasport_players as people on people.player_id = differences.sofasport_player_id
where differences.season = %(season)s and differences.counts
  and (differences.fixture_id = 0 or fixtures.gameweek <= %(gameweek)s)
order by fixtures.gameweek desc nulls first, fixtures.fixture_id,
         coalesce(players.web_name, people.name) collate "C", differences.figure,
         differences.fpl_code, differences.sofasport_player_id
