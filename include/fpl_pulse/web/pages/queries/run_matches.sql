-- The matches of which a run fetched something, with the fixture of each.
select fixtures.season, fixtures.fixture_id, fixtures.gameweek, home.name as home_team, away.name as away_team,
       fixtures.home_score, fixtures.away_score, calls.fetched
from (
    select event_id, count(*)::int as fetched
    from pulse.planned_calls
    where dag_id = %(dag_id)s and run_id = %(run_id)s and event_id is not null and outcome in ('fetched', 'no_data')
    group by event_id
) as calls
join pulse.fixture_mappings as links using (event_id)
join pulse.fpl_fixtures as fixtures on fixtures.season = links.season and fixtures.fixture_id = links.fixture_id
join pulse.fpl_teams as home on home.season = fixtures.season and home.code = fixtures.home_team_code
join pulse.fpl_teams as away on away.season = fixtures.season and away.code = fixtures.away_team_code
order by fixtures.season desc, fixtures.kickoff_at desc nulls last, fixtures.fixture_id
limit %(limit)s
