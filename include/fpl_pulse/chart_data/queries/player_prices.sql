-- What FPL stated about a player before each deadline up to that of the current gameweek. The same as the view
-- fpl.players_at_deadline, which looks for the newest state of all players first.
select gameweeks.gameweek, (seen.now_cost / 10.0)::float as price, seen.selected_by_percent::float as ownership
from pulse.fpl_gameweeks as gameweeks
join pulse.fpl_players as players on players.season = gameweeks.season and players.code = %(code)s
cross join lateral (
  select history.now_cost, history.selected_by_percent
  from pulse.fpl_player_history as history
  where history.season = players.season and history.element_id = players.element_id
    and history.observed_at <= gameweeks.deadline_at
  order by history.observed_at desc
  limit 1
) as seen
where gameweeks.season = %(season)s
  and gameweeks.deadline_at <= (
    select max(deadline_at) from pulse.fpl_gameweeks where season = %(season)s and (is_current or finished)
  )
order by gameweeks.gameweek
