select people.player_id, people.name as player,
       exists (select from pulse.sofasport_attributes as attributes
               where attributes.player_id = people.player_id) as has_attributes,
       exists (select from pulse.raw_reads as reads
               where reads.endpoint = 'players/attribute-overviews'
                 and reads.resource = 'player_id=' || people.player_id || '&season=' || %(season)s) as was_asked
from pulse.sofasport_players as people
where exists (
    select from pulse.sofasport_lineup_players as players
    join pulse.sofasport_events as events using (event_id)
    where events.season = %(season)s and players.player_id = people.player_id and players.minutes > 0)
order by people.player_id
