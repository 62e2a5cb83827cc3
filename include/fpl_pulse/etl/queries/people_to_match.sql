-- Everyone seen in a squad, a lineup or a list of missing players of the season: the clubs and shirts he was seen in,
-- and the matches whose lineups name him.
with seen as (
    select player_id, team_id, shirt_number, null::int as event_id
    from pulse.sofasport_squads where season = %(season)s
    union all
    select players.player_id, players.team_id, players.shirt_number, players.event_id
    from pulse.sofasport_lineup_players as players join pulse.sofasport_events as events using (event_id)
    where events.season = %(season)s
    union all
    select missing.player_id::int, lineups.team_id, null, null
    from pulse.sofasport_lineups as lineups
    join pulse.sofasport_events as events using (event_id)
    cross join lateral jsonb_array_elements_text(lineups.missing_players) as missing (player_id)
    where events.season = %(season)s
)
select people.player_id as sofasport_player_id, people.name, people.slug, people.short_name, people.position,
       people.birth_date, array_agg(distinct seen.team_id) as team_ids,
       array_agg(distinct seen.shirt_number) as shirt_numbers, array_agg(distinct seen.event_id) as event_ids
from pulse.sofasport_players as people
join seen using (player_id)
group by people.player_id
