-- Gameweeks that have begun and whose official figures are due: never fetched, or the gameweek or one of its fixtures has
-- changed since. FPL corrects figures after a gameweek is final, so they are due again at the ages of pulse.is_due_again,
-- counted from the last kick-off and from the last correction. Also gameweeks with figures that differ from SofaSport's,
-- once a run, and gameweeks chosen for a refresh.
select gameweeks.gameweek
from pulse.fpl_gameweeks as gameweeks
left join pulse.raw_resources as resources
    on resources.endpoint = 'fpl/event/live' and resources.event_id is null and resources.season_id is null
    and resources.season = gameweeks.season and resources.gameweek = gameweeks.gameweek
left join pulse.raw_responses as responses on responses.response_id = resources.response_id
where gameweeks.season = %(season)s
  and exists (
      select from pulse.fpl_fixtures as fixtures
      where fixtures.season = gameweeks.season and fixtures.gameweek = gameweeks.gameweek and fixtures.started
        and (resources.fetched_at is null
             or resources.outcome = 'rejected'
             or fixtures.updated_at > resources.fetched_at
             or gameweeks.updated_at > resources.fetched_at
             or pulse.is_due_again(fixtures.kickoff_at, resources.as_of, %(as_of)s)
             or pulse.is_due_again(responses.as_of, resources.as_of, %(as_of)s)
             or (resources.as_of < %(as_of)s and exists (
                 select from pulse.figure_differences as differences
                 where differences.season = %(season)s and differences.fixture_id = fixtures.fixture_id
                   and differences.counts))
             or (%(refresh)s and (gameweeks.gameweek = any(%(gameweeks)s::int[]) or exists (
                 select from pulse.fixture_mappings as mappings
                 where mappings.season = fixtures.season and mappings.fixture_id = fixtures.fixture_id
                   and mappings.event_id = any(%(matches)s::int[])))))
  )
order by gameweeks.gameweek
