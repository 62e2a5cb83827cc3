-- The matches of a gameweek, or of no gameweek, with both teams' expected goals: FPL's, else SofaSport's.
select fixtures.fixture_id, fixtures.kickoff_at, fixtures.home_team, fixtures.away_team, fixtures.home_score,
  fixtures.away_score, fixtures.state, figures.home_expected::float as home_expected,
  figures.away_expected::float as away_expected
from fpl.fixtures
left join lateral (
  select sum(coalesce(matches.expected_goals, matches.sofasport_expected_goals))
      filter (where matches.team_code = fixtures.home_team_code) as home_expected,
    sum(coalesce(matches.expected_goals, matches.sofasport_expected_goals))
      filter (where matches.team_code = fixtures.away_team_code) as away_expected
  from pulse.player_matches as matches
  where matches.season = fixtures.season and matches.fixture_id = fixtures.fixture_id
    and fixtures.state in ('in play', 'played', 'final')
) as figures on true
where fixtures.season = %(season)s and fixtures.gameweek is not distinct from %(gameweek)s::int
order by fixtures.kickoff_at, fixtures.fixture_id
