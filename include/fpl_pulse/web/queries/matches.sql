select *
from fpl.fixtures
where season = %(season)s
  and (%(gameweek)s::int is null or gameweek = %(gameweek)s)
  and (%(team)s::text is null or %(team)s in (home_team, away_team))
order by kickoff_at, fixture_id
limit %(limit)s offset %(offset)s
