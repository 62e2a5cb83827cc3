-- Gameweeks that have begun and whose official figures were never read, or whose gameweek or fixtures
-- have changed since they were.
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
             or gameweeks.updated_at > reads.fetched_at)
  )
order by gameweeks.gameweek
