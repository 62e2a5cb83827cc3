-- Everyone seen in a squad or a lineup of the season, with the clubs he was seen at.
with seen as (
    select player_id, team_id, shirt_number from pulse.sofasport_squads where season = %(season)s
    union
    select players.player_id, players.team_id, players.shirt_number
    from pulse.sofasport_lineup_players as players
    join pulse.sofasport_events as events using (event_id)
    where events.season = %(season)s
)
select people.player_id as sofasport_player_id, people.name, people.slug, people.short_name, people.position,
       people.birth_date, array_agg(distinct seen.team_id) as team_ids, max(seen.shirt_number) as shirt_number
from pulse.sofasport_players as people
join seen using (player_id)
group by people.player_id
