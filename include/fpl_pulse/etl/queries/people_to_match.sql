-- Everyone in a squad, a lineup or a list of missing players of the season, with their clubs and shirts there, the
-- matches whose lineups name them, and when they were seen.
with seen as (
    select squads.player_id, squads.team_id, squads.shirt_number, null::int as event_id, null::timestamptz as named_at,
           null::timestamptz as observed_at,
           case when squads.is_current then responses.as_of end as listed_at
    from pulse.sofasport_squads as squads
    left join pulse.raw_resources as resources
        on resources.endpoint = 'teams/players' and resources.event_id is null and resources.season_id is null
        and resources.season = squads.season and resources.team_id = squads.team_id
    left join pulse.raw_responses as responses on responses.response_id = resources.response_id
    where squads.season = %(season)s
    union all
    select players.player_id, players.team_id, players.shirt_number, players.event_id, events.start_at,
           players.observed_at, null
    from pulse.sofasport_lineup_players as players join pulse.sofasport_events as events using (event_id)
    where events.season = %(season)s
    union all
    select missing.player_id::int, lineups.team_id, null, null, events.start_at, lineups.observed_at, null
    from pulse.sofasport_lineups as lineups
    join pulse.sofasport_events as events using (event_id)
    cross join lateral jsonb_array_elements_text(lineups.missing_players) as missing (player_id)
    where events.season = %(season)s
)
select people.player_id as sofasport_player_id, people.name, people.slug, people.short_name, people.position,
       people.birth_date,
       array_remove(array_agg(distinct seen.team_id), null) as team_ids,
       array_remove(array_agg(distinct seen.shirt_number), null) as shirt_numbers,
       array_remove(array_agg(distinct seen.event_id), null) as event_ids,
       min(seen.named_at) as first_named_at, max(seen.named_at) as last_named_at,
       min(seen.observed_at) as observed_at, max(seen.listed_at) as listed_at
from pulse.sofasport_players as people
join seen using (player_id)
group by people.player_id
