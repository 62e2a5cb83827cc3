-- Gameweeks that have begun and whose official figures are due: never fetched, rejected in whole or in part, or the
-- gameweek or one of its fixtures has changed since. FPL corrects figures after a gameweek is final, so they are due again
-- at the ages of pulse.is_due_again, counted from the last kick-off. (Later corrections: doubtful_gameweeks.sql.) Also
-- gameweeks with rows of a fixture that is in another gameweek now, and gameweeks chosen for a refresh.
with fixtures as materialized (
    select fixture_id, gameweek, started, kickoff_at, updated_at from pulse.fpl_fixtures where season = %(season)s
), figures as materialized (
    select distinct fixture_id, gameweek from pulse.fpl_player_fixtures where season = %(season)s
), begun as materialized (
    select gameweek from fixtures where started and gameweek is not null
    union
    select gameweek from figures
), resources as materialized (
    select resources.gameweek, resources.fetched_at, resources.as_of,
           resources.outcome = 'rejected'
               or exists (select from pulse.rejected_records as rejected where rejected.resource_id = resources.resource_id)
               as is_rejected
    from pulse.raw_resources as resources
    where resources.endpoint = 'fpl/event/live' and resources.event_id is null and resources.season_id is null
      and resources.season = %(season)s
), chosen as materialized (
    select fixture_id from pulse.fixture_mappings
    where %(refresh)s and season = %(season)s and event_id = any(%(matches)s::int[])
)
select gameweeks.gameweek
from begun
join pulse.fpl_gameweeks as gameweeks on gameweeks.season = %(season)s and gameweeks.gameweek = begun.gameweek
left join resources on resources.gameweek = gameweeks.gameweek
where resources.fetched_at is null
   or resources.is_rejected
   or gameweeks.updated_at > resources.fetched_at
   or exists (
       select from fixtures
       where fixtures.gameweek = gameweeks.gameweek
         and (fixtures.updated_at > resources.fetched_at
              or (fixtures.started and pulse.is_due_again(fixtures.kickoff_at, resources.as_of, %(as_of)s))
              or fixtures.fixture_id in (select fixture_id from chosen)))
   or exists (
       select from figures
       join fixtures using (fixture_id)
       where figures.gameweek = gameweeks.gameweek and fixtures.gameweek is distinct from figures.gameweek)
   or (%(refresh)s and gameweeks.gameweek = any(%(gameweeks)s::int[]))
order by gameweeks.gameweek
