-- FPL's official minutes and goals in the season's finished fixtures with figures of enough players.
select figures.fixture_id, figures.fpl_code, figures.minutes, figures.goals, fixtures.kickoff_at
from pulse.fpl_player_fixtures as figures
join pulse.fpl_fixtures as fixtures using (season, fixture_id)
where figures.season = %(season)s and figures.minutes > 0 and fixtures.finished_provisional
  and (select count(*) from pulse.fpl_player_fixtures as all_figures
       where all_figures.season = figures.season and all_figures.fixture_id = figures.fixture_id
         and all_figures.minutes > 0) >= %(least_players)s
