-- Gameweeks that have begun and whose official figures were never read, or whose gameweek or fixtures have changed since
-- they were; those with figures that SofaSport states differently, once a run; and those chosen to be fetched again.
select gameweeks.gameweek
from pulse.fpl_gameweeks as gameweeks
left join pulse.raw_resources as resources
    on resources.endpoint = 'fpl/event/live' and resources.season = gameweeks.season
    and resources.gameweek = gameweeks.gameweek
where gameweeks.season = %(season)s
  and exists (
      select from pulse.fpl_fixtures as fixtures
      where fixtures.season = gameweeks.season and fixtures.gameweek = gameweeks.gameweek and fixtures.started
        and (resources.fetched_at is null
             or resources.outcome = 'rejected'
             or fixtures.updated_at > resources.fetched_at
             or gameweeks.updated_at > resources.fetched_at
             or (resources.as_of < %(as_of)s and exists (
                 select from pulse.figure_differences as differences
                 where differences.season = fixtures.season and differences.fixture_id = fixtures.fixture_id
                   and differences.counts))
             or (%(refresh)s and (gameweeks.gameweek = any(%(gameweeks)s::int[]) or exists (
                 select from pulse.fixture_mappings as mappings
                 where mappings.season = fixtures.season and mappings.fixture_id = fixtures.fixture_id
                   and mappings.event_id = any(%(matches)s::int[])))))
  )
order by gameweeks.gameweek
