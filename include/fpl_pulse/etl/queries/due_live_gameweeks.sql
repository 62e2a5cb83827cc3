-- Gameweeks that have begun and whose official figures were never read, or whose gameweek or fixtures have changed since
-- they were; those with figures that SofaSport states differently, once a run; and those chosen to be fetched again.
select gameweeks.gameweek
from pulse.fpl_gameweeks as gameweeks
left join pulse.raw_reads as reads
    on reads.endpoint = 'fpl/event/live' and reads.params ->> 'season' = gameweeks.season
    and (reads.params ->> 'gw')::int = gameweeks.gameweek
where gameweeks.season = %(season)s
  and exists (
      select from pulse.fpl_fixtures as fixtures
      where fixtures.season = gameweeks.season and fixtures.gameweek = gameweeks.gameweek and fixtures.started
        and (reads.fetched_at is null
             or reads.outcome = 'refused'
             or fixtures.updated_at > reads.fetched_at
             or gameweeks.updated_at > reads.fetched_at
             or (reads.as_of < %(as_of)s and exists (
                 select from pulse.figure_differences as differences
                 where differences.season = fixtures.season and differences.fixture_id = fixtures.fixture_id
                   and differences.counts))
             or (%(refresh)s and (gameweeks.gameweek = any(%(gameweeks)s::int[]) or exists (
                 select from pulse.fixture_mappings as mappings
                 where mappings.season = fixtures.season and mappings.fixture_id = fixtures.fixture_id
                   and mappings.event_id = any(%(matches)s::int[])))))
  )
order by gameweeks.gameweek
