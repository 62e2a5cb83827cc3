-- Players in a squad or with minutes this season whose attributes were never fetched, or who have played since. Also
-- players without data, after the ages of pulse.is_due_again. Attributes change slowly: players who played take turns,
-- each in every second week (docs/adr/0003). Rank 1 is the most valuable: players of the newest gameweek first, starters
-- before substitutes, then more minutes first. Players who have not played are last.
with appeared as (
    select * from pulse.season_appearances where season = %(season)s
), listed as (
    select player_id, max(team_id) as team_id
    from pulse.sofasport_squads
    where season = %(season)s and is_current
    group by player_id
), people as (
    select player_id, coalesce(appeared.team_id, listed.team_id) as team_id,
           appeared.changed_at, appeared.event_ids, appeared.gameweeks,
           appeared.last_gameweek, appeared.has_started, appeared.minutes
    from appeared full join listed using (player_id)
)
select people.player_id, people.team_id,
       row_number() over (
           order by people.last_gameweek desc nulls last, people.has_started desc nulls last,
                    people.minutes desc nulls last, people.player_id) as rank
from people
left join pulse.raw_resources as resources
    on resources.endpoint = 'players/attribute-overviews' and resources.event_id is null
    and resources.season_id is null and resources.season = %(season)s and resources.player_id = people.player_id
where exists (
        -- Before the first match yearShift 0 may still mean the season before.
        select from pulse.sofasport_events as events
        where events.season = %(season)s and pulse.has_ended(events.status_code))
  and (%(matches)s::int[] is null or people.event_ids && %(matches)s::int[])
  and (%(gameweeks)s::int[] is null or people.gameweeks && %(gameweeks)s::int[])
  and (%(players)s::int[] is null or people.player_id = any(%(players)s))
  and (
      %(refresh)s
      or coalesce(resources.outcome, 'rejected') = 'rejected'
      or (people.changed_at > resources.fetched_at
          and (people.player_id + floor(extract(epoch from %(as_of)s::timestamptz) / 604800)::int) %% 2 = 0)
      or (resources.outcome = 'no_data'
          and pulse.is_due_again(resources.no_data_since, resources.as_of, %(as_of)s))
  )
order by people.team_id, people.player_id
