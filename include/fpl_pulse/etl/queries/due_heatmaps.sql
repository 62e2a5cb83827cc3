-- Players with minutes in matches that count and ended before the run's as-of time whose heatmap is due: never fetched, rejected, or
-- without data for long enough (pulse.is_due_again). Also players whose minutes SofaSport corrected after their heatmap
-- was fetched, because that heatmap may be incomplete. Both times of this comparison are wall clocks: a cleared run has
-- an old as-of time, and must still see corrections that were made after it. Also heatmaps of which some points were
-- rejected. Rank 1 is the most valuable: the newest gameweek first, and in it the starters.
with matches as materialized (
    select events.event_id, events.start_at, events.gameweek
    from pulse.judged_events as events
    where events.season = %(season)s
      and events.counts
      and events.start_at < %(as_of)s
      and (%(matches)s::int[] is null or events.event_id = any(%(matches)s))
      and (%(gameweeks)s::int[] is null or events.gameweek = any(%(gameweeks)s))
), people as (
    select matches.event_id, players.player_id, matches.gameweek, matches.start_at, players.is_starter,
           (players.event_id, players.player_id) not in (
               select heatmaps.event_id, heatmaps.player_id
               from matches join pulse.sofasport_heatmaps as heatmaps using (event_id)) as is_missing,
           (players.event_id, players.player_id) in (
               select matches.event_id, (revisions.key ->> 'player_id')::int
               from matches join pulse.revisions on (revisions.key ->> 'event_id')::int = matches.event_id
               where revisions.table_name = 'sofasport_lineup_players' and revisions.changed ? 'minutes') as is_corrected,
           (players.event_id, players.player_id) in (
               select rejected.event_id, rejected.player_id from pulse.raw_resources as rejected
               where rejected.endpoint = 'events/player-heatmap' and rejected.outcome = 'rejected') as is_rejected
    from matches
    join pulse.sofasport_lineup_players as players using (event_id)
    where players.minutes > 0
      and (%(players)s::int[] is null or players.player_id = any(%(players)s))
)
select people.event_id, people.player_id,
       row_number() over (
           order by people.gameweek desc nulls last, people.is_starter desc, people.start_at desc,
                    people.event_id desc, people.player_id) as rank
from people
left join lateral (
    -- With the limit it is a lookup for each of these few players.
    select * from pulse.raw_resources as resources
    where resources.endpoint = 'events/player-heatmap'
      and resources.event_id = people.event_id and resources.player_id = people.player_id
    limit 1
) as resources on true
where (%(refresh)s or people.is_missing or people.is_corrected or people.is_rejected)
  and (
      %(refresh)s
      or people.is_rejected
      or (people.is_missing and resources.outcome is null)
      or (people.is_corrected and exists (
          select from pulse.revisions
          where revisions.table_name = 'sofasport_lineup_players'
            and (revisions.key ->> 'event_id')::int = people.event_id
            and (revisions.key ->> 'player_id')::int = people.player_id
            and revisions.changed ? 'minutes'
            and revisions.recorded_at > resources.fetched_at))
      or (people.is_missing and resources.outcome = 'no_data'
          and pulse.is_due_again(resources.no_data_since, resources.as_of, %(as_of)s))
  )
order by people.start_at, people.event_id, people.player_id
