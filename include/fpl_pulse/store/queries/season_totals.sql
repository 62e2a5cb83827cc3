-- Every player with minutes: the sum of his matches beside his season statistics. A match is open when it has kicked
-- off but its lineups have no statistics yet.
with open_clubs as (
    select clubs.team_id
    from pulse.sofasport_events as events
    cross join lateral (values (events.home_team_id), (events.away_team_id)) as clubs (team_id)
    where events.season = %(season)s and events.start_at < %(as_of)s and events.status_code not in (60, 70, 90, 92, 93)
      and not exists (
          select from pulse.sofasport_lineups as lineups
          where lineups.event_id = events.event_id and lineups.with_minutes > 0)
), sums as (
    select players.player_id, sum(players.minutes) as minutes, sum(players.goals) as goals,
           bool_or(players.team_id in (select team_id from open_clubs)) as has_open_match
    from pulse.sofasport_lineup_players as players
    join pulse.sofasport_events as events using (event_id)
    where events.season = %(season)s and players.minutes > 0
    group by players.player_id
)
select people.name as player, sums.minutes, sums.goals, sums.has_open_match,
       statistics.minutes as season_minutes, statistics.goals as season_goals
from sums
join pulse.sofasport_players as people using (player_id)
left join pulse.sofasport_season_statistics as statistics
    on statistics.season = %(season)s and statistics.player_id = sums.player_id
order by people.player_id
