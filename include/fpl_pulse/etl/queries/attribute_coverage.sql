with appeared as (
    select distinct players.player_id
    from pulse.judged_events as events
    join pulse.sofasport_lineup_players as players using (event_id)
    where events.season = %(season)s and events.counts and players.minutes > 0
)
select player_id, people.name as player, own.player_id is not null as has_attributes,
       exists (select from pulse.raw_resources as resources
               where resources.endpoint = 'players/attribute-overviews' and resources.event_id is null
                 and resources.season_id is null and resources.season = %(season)s
                 and resources.player_id = appeared.player_id) as was_requested,
       exists (select from pulse.planned_calls as plan
               where plan.dag_id = %(dag_id)s and plan.run_id = %(run_id)s and plan.outcome = 'skipped'
                 and plan.player_id = appeared.player_id) as is_skipped
from appeared
join pulse.sofasport_players as people using (player_id)
left join lateral (
    -- The limit makes it a lookup for each player. Otherwise the planner reads the attributes of all seasons.
    select attributes.player_id from pulse.sofasport_attributes as attributes
    where attributes.player_id = appeared.player_id limit 1
) as own using (player_id)
order by player_id
