-- What SofaSport says about some players; appearances and minutes are those of the season's matches that count.
select people.player_id as number, people.name, people.short_name, people.birth_date,
       fpl.position_name(people.position) as position,
       array(
           select teams.name
           from pulse.sofasport_teams as teams
           where teams.team_id = any(played.team_ids)
              or teams.team_id in (
                  select squads.team_id from pulse.sofasport_squads as squads
                  where squads.player_id = people.player_id and squads.season = %(season)s and squads.is_current)
           order by teams.name
       ) as clubs,
       played.appearances, played.minutes
from pulse.sofasport_players as people
left join lateral (
    select array_agg(distinct players.team_id) as team_ids, coalesce(sum(players.minutes), 0)::int as minutes,
           (count(*) filter (where players.minutes > 0))::int as appearances
    from pulse.sofasport_lineup_players as players
    join pulse.fixture_mappings as links on links.event_id = players.event_id and links.is_current
    where players.player_id = people.player_id and links.season = %(season)s
) as played on true
where people.player_id = any(%(numbers)s)
