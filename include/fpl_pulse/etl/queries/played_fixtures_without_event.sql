-- Played fixtures of linked clubs that have no current event which has ended, or whose result was awarded.
select format('GW%%s %%s-%%s', coalesce(fixtures.gameweek::text, '?'), home.short_name, away.short_name) as fixture
from pulse.fpl_fixtures as fixtures
join pulse.fpl_teams as home on home.season = fixtures.season and home.code = fixtures.home_team_code
join pulse.fpl_teams as away on away.season = fixtures.season and away.code = fixtures.away_team_code
where fixtures.season = %(season)s and fixtures.finished_provisional
  -- A look-up for each row. As `not exists` the planner would join whole tables.
  and not coalesce((
      select events.counts or events.is_awarded
      from pulse.fixture_mappings as mappings join pulse.judged_events as events using (event_id)
      where mappings.season = fixtures.season and mappings.fixture_id = fixtures.fixture_id
        and mappings.is_current), false)
  and (select count(*) from pulse.team_mappings as clubs
       where clubs.fpl_team_code in (fixtures.home_team_code, fixtures.away_team_code)) >= 2
order by fixtures.kickoff_at
