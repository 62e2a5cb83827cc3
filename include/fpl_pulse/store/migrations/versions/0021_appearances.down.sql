-- The gameweek is FPL's, and null without a link: `event_gameweeks` would fall back to the round.
create or replace view pulse.season_appearances as
select events.season, players.player_id,
       sum(players.minutes) filter (where events.counts)::int as minutes,
       sum(players.goals) filter (where events.counts)::int as goals,
       (array_agg(players.team_id order by events.start_at desc, events.event_id desc) filter (where events.counts))[1] as team_id,
       array_agg(distinct players.team_id) filter (where events.counts) as team_ids,
       (array_agg(events.gameweek::int order by events.start_at desc, events.event_id desc) filter (where events.counts))[1]
           as last_gameweek,
       (array_agg(players.is_starter order by events.start_at desc, events.event_id desc) filter (where events.counts))[1]
           as has_started,
       max(events.start_at) filter (where events.counts) as last_start_at,
       max(players.updated_at) filter (where events.counts) as changed_at,
       array_agg(players.event_id) filter (where events.counts) as event_ids,
       array_agg(events.gameweek::int) filter (where events.counts) as gameweeks,
       coalesce(sum(players.minutes) filter (where events.counts and not events.is_awarded), 0)::int as least_minutes,
       sum(players.minutes)::int as most_minutes,
       coalesce(sum(players.goals) filter (where events.counts and not events.is_awarded), 0)::int as least_goals,
       sum(players.goals)::int as most_goals
from pulse.sofasport_lineup_players as players
join pulse.judged_events as events using (event_id)
where players.minutes > 0
group by events.season, players.player_id
having bool_or(events.counts);
