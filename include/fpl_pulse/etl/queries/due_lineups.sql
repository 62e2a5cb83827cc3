-- Matches that ended before the run's as-of time and are due, each with the reason. SofaSport corrects figures for days,
-- so a complete match is due again at the ages of pulse.is_due_again. Rank 1 is the most valuable: the newest gameweek
-- first, and in it the matches that were never complete.
with matches as (
    select events.event_id, events.start_at, resources.outcome, resources.as_of as fetched_as_of,
           max(fixtures.gameweek) as gameweek,
           coalesce(bool_and(lineups.confirmed and lineups.with_minutes > 0 and lineups.starters = %(starters)s), false)
               and count(lineups.side) = 2 as is_complete
    from pulse.sofasport_events as events
    left join pulse.sofasport_lineups as lineups using (event_id)
    left join pulse.raw_resources as resources
        on resources.endpoint = 'events/lineups' and resources.event_id = events.event_id
    left join pulse.fixture_mappings as mappings on mappings.event_id = events.event_id
    left join pulse.fpl_fixtures as fixtures
        on fixtures.season = mappings.season and fixtures.fixture_id = mappings.fixture_id
    where events.season = %(season)s
      and pulse.has_ended(events.status_code)
      and events.start_at < %(as_of)s
      and (%(matches)s::int[] is null or events.event_id = any(%(matches)s))
      and (%(gameweeks)s::int[] is null or fixtures.gameweek = any(%(gameweeks)s))
      and (%(players)s::int[] is null or exists (
          select from pulse.sofasport_lineup_players as chosen
          where chosen.event_id = events.event_id and chosen.player_id = any(%(players)s)))
    group by events.event_id, resources.resource_id
), judged as (
    select event_id, start_at, gameweek,
        case
            when %(refresh)s then 'chosen for refresh'
            when outcome is null then 'never fetched'
            when outcome = 'rejected' then 'rejected at the last fetch'
            -- A played match has lineups. Unlike other resources without data, it is therefore due in every run.
            when not is_complete and %(as_of)s > fetched_as_of then 'incomplete at the last fetch'
            when is_complete and pulse.is_due_again(start_at, fetched_as_of, %(as_of)s) then 'may be corrected'
        end as reason
    from matches
)
select event_id, reason,
       row_number() over (
           order by gameweek desc nulls last, reason = 'may be corrected', start_at desc, event_id desc) as rank
from judged
where reason is not null
order by start_at, event_id
