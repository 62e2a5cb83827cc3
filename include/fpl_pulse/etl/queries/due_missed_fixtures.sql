-- Missed fixtures that were not looked for yet, or are due again.
select home.sofasport_team_id as home_team_id, away.sofasport_team_id as away_team_id, fixtures.kickoff_at
from pulse.missed_fixtures as missed
join pulse.fpl_fixtures as fixtures using (season, fixture_id)
join pulse.team_mappings as home on home.fpl_team_code = fixtures.home_team_code
join pulse.team_mappings as away on away.fpl_team_code = fixtures.away_team_code
where missed.season = %(season)s
  and fixtures.finished_provisional = %(is_played)s
  and missed.missed_since < %(as_of)s
  and (missed.searched_as_of is null or pulse.is_due_again(missed.missed_since, missed.searched_as_of, %(as_of)s))
