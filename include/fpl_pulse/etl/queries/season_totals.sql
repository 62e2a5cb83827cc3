-- The sum of the matches of each player with minutes beside his season statistics. A match is open when it has kicked
-- off but its lineups have no statistics yet. The season statistics of players of its two clubs may be ahead of the
-- stored matches.
with open_clubs as (
    select clubs.team_id
    from pulse.sofasport_events as events
    cross join lateral (values (events.home_team_id), (events.away_team_id)) as clubs (team_id)
    where events.season = %(season)s and events.start_at < %(as_of)s
      and pulse.match_stage(events.status_code) not in ('postponed', 'called_off')
      and not exists (
          select from pulse.sofasport_lineups as lineups
          where lineups.event_id = events.event_id and lineups.with_minutes > 0)
), sums as (
    select players.player_id, sum(players.minutes) as minutes, sum(players.goals) as goals,
           array_agg(distinct players.team_id) as team_ids
    from pulse.sofasport_lineup_players as players
    join pulse.sofasport_events as events using (event_id)
    where events.season = %(season)s and players.minutes > 0
    group by players.player_id
)
select people.player_id, people.name as player, sums.minutes::int, sums.goals::int,
       statistics.minutes as season_minutes, statistics.goals as season_goals,
       exists (
           select from open_clubs
           where open_clubs.team_id = any(sums.team_ids)
              or open_clubs.team_id = statistics.team_id
              or exists (select from pulse.sofasport_squads as squads
                         where squads.season = %(season)s and squads.is_current
                           and squads.player_id = sums.player_id and squads.team_id = open_clubs.team_id)
       ) as has_open_match,
       exists (
           select from pulse.planned_calls as plan
           where plan.dag_id = %(dag_id)s and plan.run_id = %(run_id)s and plan.outcome = 'skipped'
             and plan.player_id = sums.player_id
       ) as is_skipped
from sums
join pulse.sofasport_players as people using (player_id)
left join pulse.sofasport_season_statistics as statistics
    on statistics.season = %(season)s and statistics.player_id = sums.player_id
order by people.player_id
