-- Per FPL club of the season: its players, those with a link, and the SofaSport people last seen there who are in review
-- or have no counterpart in the newest matching.
with people as (
    select players.code, players.team_code, players.minutes > 0 as has_minutes,
           exists (select from pulse.player_mappings as links where links.fpl_code = players.code) as is_linked
    from pulse.fpl_players as players
    where players.season = %(season)s and players.position <= 4
), elements as (
    select team_code, count(*) as players, count(*) filter (where is_linked) as linked,
           count(*) filter (where has_minutes) as with_minutes,
           count(*) filter (where has_minutes and is_linked) as with_minutes_linked
    from people
    group by team_code
), seen as (
    select players.player_id, players.team_id, events.start_at as seen_at
    from pulse.sofasport_lineup_players as players join pulse.sofasport_events as events using (event_id)
    where events.season = %(season)s
    union all
    select squads.player_id, squads.team_id, '-infinity' from pulse.sofasport_squads as squads
    where squads.season = %(season)s and squads.is_current
), last_club as (
    select distinct on (player_id) player_id, team_id from seen order by player_id, seen_at desc, team_id
), profiles as (
    select clubs.fpl_team_code as team_code,
           count(distinct candidates.sofasport_id) filter (where candidates.status = 'review') as in_review,
           count(distinct candidates.sofasport_id) filter (where candidates.status = 'no_counterpart') as unknown_to_fpl
    from pulse.mapping_candidates as candidates
    join last_club on last_club.player_id = candidates.sofasport_id
    join pulse.team_mappings as clubs on clubs.sofasport_team_id = last_club.team_id
    where candidates.season = %(season)s and candidates.kind = 'player'
    group by clubs.fpl_team_code
)
select teams.name as club, coalesce(players, 0) as players, coalesce(linked, 0) as linked,
       coalesce(with_minutes, 0) as with_minutes, coalesce(with_minutes_linked, 0) as with_minutes_linked,
       coalesce(in_review, 0) as in_review, coalesce(unknown_to_fpl, 0) as unknown_to_fpl
from pulse.fpl_teams as teams
left join elements on elements.team_code = teams.code
left join profiles on profiles.team_code = teams.code
where teams.season = %(season)s
order by teams.name
