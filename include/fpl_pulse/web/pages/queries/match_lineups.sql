-- The lineups of a fixture: whether they are confirmed, and who is missing, with the link to FPL.
select sides.side, sides.confirmed, coalesce(players.web_name, people.name) as player, players.code
from pulse.fixture_mappings as links
join pulse.sofasport_lineups as sides on sides.event_id = links.event_id
left join lateral jsonb_array_elements_text(sides.missing_players) as missing (player_id) on true
left join pulse.sofasport_players as people on people.player_id = missing.player_id::int
left join pulse.player_mappings as pairs on pairs.sofasport_player_id = people.player_id
left join pulse.fpl_players as players on players.season = links.season and players.code = pairs.fpl_code
where links.season = %(season)s and links.fixture_id = %(fixture_id)s and links.is_current
order by sides.side desc, player
