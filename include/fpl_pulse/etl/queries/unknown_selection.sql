select 'match' as kind, chosen.id
from unnest(%(matches)s::int[]) as chosen (id)
where not exists (
    select from pulse.sofasport_events as events
    where events.event_id = chosen.id and events.season = %(season)s)
union all
select 'player', chosen.id
from unnest(%(players)s::int[]) as chosen (id)
where not exists (select from pulse.sofasport_players as people where people.player_id = chosen.id)
