-- Players with minutes in ended matches before the run's moment who have no heatmap: never asked for, or asked
-- without success long enough ago. Also whose minutes SofaSport has corrected since his heatmap was read: who played
-- longer than was thought was also elsewhere on the pitch. Both times are wall clocks, because a run that is cleared
-- works for an old moment. By rank the most valuable is first: the newest gameweek, in it those who started.
select players.event_id, players.player_id, coalesce(reads.as_of = %(as_of)s, false) as was_asked,
       row_number() over (
           order by fixtures.gameweek desc nulls last, players.is_starter desc, events.start_at desc,
                    players.event_id desc, players.player_id) as rank
from pulse.sofasport_lineup_players as players
join pulse.sofasport_events as events using (event_id)
left join pulse.sofasport_heatmaps as heatmaps using (event_id, player_id)
left join pulse.fixture_mappings as mappings using (event_id)
left join pulse.fpl_fixtures as fixtures on fixtures.season = mappings.season and fixtures.fixture_id = mappings.fixture_id
left join pulse.raw_reads as reads
    on reads.endpoint = 'events/player-heatmap'
    and reads.resource = 'event_id=' || players.event_id || '&player_id=' || players.player_id
where events.season = %(season)s
  and events.status_code in (100, 110, 120)
  and events.start_at < %(as_of)s
  and players.minutes > 0
  and (%(event_id)s::int is null or players.event_id = %(event_id)s)
  and (%(matches)s::int[] is null or players.event_id = any(%(matches)s))
  and (%(players)s::int[] is null or players.player_id = any(%(players)s))
  and (%(gameweeks)s::int[] is null or fixtures.gameweek = any(%(gameweeks)s))
  and (
      %(refresh)s
      or (heatmaps.event_id is null and coalesce(reads.outcome, 'refused') = 'refused')
      or exists (
          select from pulse.revisions
          where revisions.table_name = 'sofasport_lineup_players'
            and revisions.key = jsonb_build_object('event_id', players.event_id, 'player_id', players.player_id)
            and revisions.changed ? 'minutes'
            and revisions.recorded_at > reads.fetched_at)
      or (heatmaps.event_id is null and reads.outcome = 'no_data'
          and exists (
              select from unnest(%(no_data_ages)s::interval[]) as age
              where reads.as_of < reads.no_data_since + age and reads.no_data_since + age <= %(as_of)s))
  )
order by events.start_at, players.event_id, players.player_id
