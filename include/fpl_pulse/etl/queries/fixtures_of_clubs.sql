-- FPL's fixtures by the SofaSport ids of their clubs, where both are linked.
select home.sofasport_team_id as home_team_id, away.sofasport_team_id as away_team_id, fixtures.kickoff_at,
       fixtures.finished_provisional or fixtures.finished as is_finished, fixtures.started
from pulse.fpl_fixtures as fixtures
join pulse.team_mappings as home on home.fpl_team_code = fixtures.home_team_code
join pulse.team_mappings as away on away.fpl_team_code = fixtures.away_team_code
where fixtures.season = %(season)s
