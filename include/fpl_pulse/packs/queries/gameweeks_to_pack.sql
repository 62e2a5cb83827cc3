-- The newest gameweek that has begun at a time, and earlier ones with a match since another time.
select gameweeks.gameweek
from pulse.fpl_gameweeks as gameweeks
where gameweeks.season = %(season)s and gameweeks.deadline_at <= %(as_of)s
  and (gameweeks.gameweek = (select max(newest.gameweek) from pulse.fpl_gameweeks as newest
                             where newest.season = %(season)s and newest.deadline_at <= %(as_of)s)
       or exists (select from pulse.fpl_fixtures as fixtures
                  where fixtures.season = gameweeks.season and fixtures.gameweek = gameweeks.gameweek
                    and fixtures.kickoff_at > %(since)s and fixtures.kickoff_at <= %(as_of)s))
order by gameweeks.gameweek
