-- Players with minutes in ended matches before the run's as-of time whose heatmap is due: never fetched, rejected, or
-- without data for long enough (pulse.is_due_again). Also players whose minutes SofaSport corrected after their heatmap
-- was fetched, because that heatmap may be incomplete. Both times of this comparison are wall clocks: a cleared run has
-- an old as-of time, and must still see corrections that were made after it. Rank 1 is the most valuable: the newest
-- gameweek first, and in it the starters.
with matches as (
    select events.event_id, events.start_at, fixtures.gameweek
    from pulse.sofasport_events as events
    left join pulse.fixture_mappings as mappings using (event_id)
    left join pulse.fpl_fixtures as fixtures
        on fixtures.season = mappings.season and fixtures.fixture_id = mappings.fixture_id
    where events.season = %(season)s
      and pulse.has_ended(events.status_code)
      and events.start_at < %(as_of)s
      and (%(matches)s::int[] is null or events.event_id = any(%(matches)s))
      and (%(gameweeks)s::int[] is null or fixtures.gameweek = any(%(gameweeks)s))
), stored as (
    select heatmaps.event_id, heatmaps.player_id
    from matches join pulse.sofasport_heatmaps as heatmaps using (event_id)
), requested as (
    select resources.event_id, resources.player_id, resources.outcome, resources.no_data_since, resources.as_of,
           resources.fetched_at
    from matches join pulse.raw_resources as resources using (event_id)
    where resources.endpoint = 'events/player-heatmap'
), corrected as (
    select matches.event_id, (revisions.key ->> 'player_id')::int as player_id, max(revisions.recorded_at) as corrected_at
    from matches join pulse.revisions on (revisions.key ->> 'event_id')::int = matches.event_id
    where revisions.table_name = 'sofasport_lineup_players' and revisions.changed ? 'minutes'
    group by matches.event_id, revisions.key
)
select event_id, player_id,
       row_number() over (
           order by matches.gameweek desc nulls last, players.is_starter desc, matches.start_at desc,
                    event_id desc, player_id) as rank
from matches
join pulse.sofasport_lineup_players as players using (event_id)
left join stored using (event_id, player_id)
left join requested using (event_id, player_id)
left join corrected using (event_id, player_id)
where players.minutes > 0
  and (%(players)s::int[] is null or player_id = any(%(players)s))
  and (
      %(refresh)s
      or (stored.event_id is null and coalesce(requested.outcome, 'rejected') = 'rejected')
      or corrected.corrected_at > requested.fetched_at
      or (stored.event_id is null and requested.outcome = 'no_data'
          and pulse.is_due_again(requested.no_data_since, requested.as_of, %(as_of)s))
  )
order by matches.start_at, event_id, player_id
