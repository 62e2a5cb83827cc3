-- Players with minutes in ended matches before the run's as-of time whose heatmap is due: never fetched, rejected, or
-- without data for long enough (pulse.is_due_again). Also players whose minutes SofaSport corrected after their heatmap
-- was fetched, because that heatmap may be incomplete. Both times of this comparison are wall clocks: a cleared run has
-- an old as-of time, and must still see corrections that were made after it. Rank 1 is the most valuable: the newest
-- gameweek first, and in it the starters.
select players.event_id, players.player_id,
       row_number() over (
           order by fixtures.gameweek desc nulls last, players.is_starter desc, events.start_at desc,
                    players.event_id desc, players.player_id) as rank
from pulse.sofasport_lineup_players as players
join pulse.sofasport_events as events using (event_id)
left join pulse.sofasport_heatmaps as heatmaps using (event_id, player_id)
left join pulse.fixture_mappings as mappings using (event_id)
left join pulse.fpl_fixtures as fixtures on fixtures.season = mappings.season and fixtures.fixture_id = mappings.fixture_id
left join pulse.raw_resources as resources
    on resources.endpoint = 'events/player-heatmap'
    and resources.event_id = players.event_id and resources.player_id = players.player_id
where events.season = %(season)s
  and pulse.has_ended(events.status_code)
  and events.start_at < %(as_of)s
  and players.minutes > 0
  and (%(matches)s::int[] is null or players.event_id = any(%(matches)s))
  and (%(players)s::int[] is null or players.player_id = any(%(players)s))
  and (%(gameweeks)s::int[] is null or fixtures.gameweek = any(%(gameweeks)s))
  and (
      %(refresh)s
      or (heatmaps.event_id is null and coalesce(resources.outcome, 'rejected') = 'rejected')
      or exists (
          select from pulse.revisions
          where revisions.table_name = 'sofasport_lineup_players'
            and revisions.key = jsonb_build_object('event_id', players.event_id, 'player_id', players.player_id)
            and revisions.changed ? 'minutes'
            and revisions.recorded_at > resources.fetched_at)
      or (heatmaps.event_id is null and resources.outcome = 'no_data'
          and pulse.is_due_again(resources.no_data_since, resources.as_of, %(as_of)s))
  )
order by events.start_at, players.event_id, players.player_id
