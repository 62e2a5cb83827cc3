-- Everyone in a squad, a lineup or a list of missing players of the season, with their clubs and shirts there and the
-- matches whose lineups name them.
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
       people.birth_date,
       array_remove(array_agg(distinct seen.team_id), null) as team_ids,
       array_remove(array_agg(distinct seen.shirt_number), null) as shirt_numbers,
       array_remove(array_agg(distinct seen.event_id), null) as event_ids
from pulse.sofasport_players as people
join seen using (player_id)
group by people.player_id
