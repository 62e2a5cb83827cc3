select people.player_id, people.name as player,
       exists (select from pulse.sofasport_attributes as attributes
               where attributes.player_id = people.player_id) as has_attributes,
       exists (select from pulse.raw_resources as resources
               where resources.endpoint = 'players/attribute-overviews'
                 and resources.player_id = people.player_id and resources.season = %(season)s) as was_requested,
       exists (select from pulse.planned_calls as plan
               where plan.dag_id = %(dag_id)s and plan.run_id = %(run_id)s and plan.outcome = 'skipped'
                 and plan.player_id = people.player_id) as is_skipped
from pulse.sofasport_players as people
where exists (
    select from pulse.sofasport_lineup_players as players
    join pulse.sofasport_events as events using (event_id)
    where events.season = %(season)s and players.player_id = people.player_id and players.minutes > 0)
order by people.player_id
