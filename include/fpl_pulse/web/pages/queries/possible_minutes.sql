-- The minutes of the season so far: 90 for each match of the club that has played most.
select coalesce(max(played), 0)::int * 90 as minutes
from (
  select count(*) as played
  from pulse.fpl_fixtures as fixtures
  cross join unnest(array[home_team_code, away_team_code]) as clubs (team_code)
  where fixtures.season = %(season)s and home_score is not null
  group by team_code
) as clubs
