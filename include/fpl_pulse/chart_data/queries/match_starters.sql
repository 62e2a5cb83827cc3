-- The starters of both sides of an event. FPL's name where the player is linked.
select people_in.side, sides.formation, people_in.player_id as sofasport_player_id,
  coalesce(linked.web_name, people.name) as name, people_in.position, people_in.shirt_number,
  people_in.rating::float as rating, coalesce(people_in.is_captain, false) as is_captain, people_in.lineup_order,
  stored.mean_x::float as mean_x, stored.mean_y::float as mean_y,
  greatest(people_in.observed_at, sides.observed_at) as as_of
from pulse.sofasport_lineup_players as people_in
join pulse.sofasport_lineups as sides on sides.event_id = people_in.event_id and sides.side = people_in.side
join pulse.sofasport_players as people on people.player_id = people_in.player_id
left join pulse.sofasport_heatmaps as stored
  on stored.event_id = people_in.event_id and stored.player_id = people_in.player_id
left join pulse.player_mappings as links on links.sofasport_player_id = people_in.player_id
left join pulse.fpl_players as linked on linked.season = %(season)s and linked.code = links.fpl_code
where people_in.event_id = %(event_id)s and people_in.is_starter
order by people_in.side, people_in.player_id
