-- The profiles of SofaSport that are linked to a player, with the figures of the season.
select links.sofasport_player_id, people.name, count(matches.fixture_id)::int as matches
from pulse.player_mappings as links
join pulse.sofasport_players as people on people.player_id = links.sofasport_player_id
left join pulse.player_matches as matches
  on matches.season = %(season)s and matches.fpl_code = links.fpl_code
  and matches.sofasport_player_id = links.sofasport_player_id and matches.sofasport_minutes > 0
where links.fpl_code = %(code)s
group by links.sofasport_player_id, people.name
order by matches desc, links.sofasport_player_id
