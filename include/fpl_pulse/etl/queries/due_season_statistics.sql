-- Players with minutes whose season statistics are due: never fetched, or fetched before a lineup of theirs changed
-- (a new match, a revision) or while their last match could still be corrected (three days). Also players without data,
-- after the ages of pulse.is_due_again, and players whose season statistics are not the sum of their matches, unless
-- their club has a match whose lineups are still missing. Rank 1 is the most valuable: players of the newest gameweek
-- first, starters before substitutes, then more minutes first.
with open_clubs as (
    select clubs.team_id
    from pulse.sofasport_events as events
    cross join lateral (values (events.home_team_id), (events.away_team_id)) as clubs (team_id)
    where events.season = %(season)s and events.start_at < %(as_of)s
      and pulse.match_stage(events.status_code) not in ('postponed', 'called_off')
      and not exists (
          select from pulse.sofasport_lineups as lineups
          where lineups.event_id = events.event_id and lineups.with_minutes > 0)
), appeared as (
    select players.player_id,
           max(players.updated_at) as changed_at,
           max(events.start_at) as last_start_at,
           (array_agg(players.team_id order by events.start_at desc, events.event_id desc))[1] as team_id,
           (array_agg(fixtures.gameweek::int order by events.start_at desc, events.event_id desc))[1] as last_gameweek,
           (array_agg(players.is_starter order by events.start_at desc, events.event_id desc))[1] as has_started,
           sum(players.minutes) as minutes, sum(players.goals) as goals,
           array_agg(players.event_id) as event_ids,
           array_agg(fixtures.gameweek::int) as gameweeks
    from pulse.sofasport_lineup_players as players
    join pulse.sofasport_events as events using (event_id)
    left join pulse.fixture_mappings as mappings using (event_id)
    left join pulse.fpl_fixtures as fixtures
        on fixtures.season = mappings.season and fixtures.fixture_id = mappings.fixture_id
    where events.season = %(season)s and players.minutes > 0
    group by players.player_id
)
select appeared.player_id, appeared.team_id,
       row_number() over (
           order by appeared.last_gameweek desc nulls last, appeared.has_started desc, appeared.minutes desc,
                    appeared.player_id) as rank
from appeared
join pulse.sofasport_seasons as seasons on seasons.season = %(season)s
left join pulse.sofasport_season_statistics as statistics
    on statistics.season = %(season)s and statistics.player_id = appeared.player_id
left join pulse.raw_resources as resources
    on resources.endpoint = 'players/statistics/result'
    and resources.player_id = appeared.player_id and resources.season_id = seasons.season_id
where (%(matches)s::int[] is null or appeared.event_ids && %(matches)s::int[])
  and (%(gameweeks)s::int[] is null or appeared.gameweeks && %(gameweeks)s::int[])
  and (%(players)s::int[] is null or appeared.player_id = any(%(players)s))
  and (
      %(refresh)s
      or coalesce(resources.outcome, 'rejected') = 'rejected'
      or appeared.changed_at > resources.fetched_at
      or (resources.outcome = 'fetched'
          and (statistics.minutes, statistics.goals) is distinct from (appeared.minutes, appeared.goals)
          and appeared.team_id not in (select team_id from open_clubs)
          and coalesce(statistics.team_id, 0) not in (select team_id from open_clubs))
      or (resources.as_of < appeared.last_start_at + interval '3 days'
          and appeared.last_start_at + interval '3 days' <= %(as_of)s)
      or (resources.outcome = 'no_data'
          and pulse.is_due_again(resources.no_data_since, resources.as_of, %(as_of)s))
  )
order by appeared.team_id, appeared.player_id
