-- Players' sums over the stored matches that count, the minutes after each of them, and their clubs; `has_open_match`: the
-- season statistics may be ahead of the stored matches.
with seasons as materialized (
    select season from pulse.sofasport_seasons where season_id = %(season_id)s
), open_clubs as materialized (
    select team_id from seasons cross join lateral pulse.clubs_with_open_match(seasons.season, %(as_of)s) as clubs (team_id)
), league as materialized (
    select array_agg(links.sofasport_team_id) as clubs
    from pulse.team_mappings as links
    join pulse.fpl_teams as teams on teams.code = links.fpl_team_code
    where teams.season = (select season from seasons)
), events as materialized (
    -- Each event is judged once, and not for each of its players.
    select event_id, start_at, counts, is_awarded from pulse.judged_events where season = (select season from seasons)
), matches as (
    select players.*, events.start_at, events.counts, events.is_awarded,
           sum(players.minutes) filter (where events.counts) over (
               partition by players.player_id order by events.start_at, events.event_id) as so_far
    from events
    join pulse.sofasport_lineup_players as players using (event_id)
    where players.minutes > 0 and players.player_id = any(%(player_ids)s)
)
select matches.player_id, league.clubs as league,
       array_agg(distinct matches.team_id) || array(
           select squads.team_id from pulse.sofasport_squads as squads
           where squads.season = (select season from seasons) and squads.is_current
             and squads.player_id = matches.player_id) || array(
           select clubs.sofasport_team_id
           from pulse.player_mappings as links
           join pulse.fpl_players as people
               on people.season = (select season from seasons) and people.code = links.fpl_code
           join pulse.team_mappings as clubs on clubs.fpl_team_code = people.team_code
           where links.sofasport_player_id = matches.player_id) as clubs,
       bool_or(matches.team_id in (select team_id from open_clubs)) as has_open_match,
       array_agg(matches.so_far::int) as minutes_so_far,
       coalesce(sum(matches.minutes) filter (where counts), 0)::int as minutes,
       coalesce(sum(matches.goals) filter (where counts), 0)::int as goals,
       coalesce(sum(matches.minutes) filter (where counts and not is_awarded), 0)::int as least_minutes,
       sum(matches.minutes)::int as most_minutes,
       coalesce(sum(matches.goals) filter (where counts and not is_awarded), 0)::int as least_goals,
       sum(matches.goals)::int as most_goals,
       sum(touches)::int as touches, sum(passes)::int as passes, sum(accurate_passes)::int as accurate_passes,
       sum(recoveries)::int as recoveries, sum(duels_won)::int as duels_won, sum(duels_lost)::int as duels_lost,
       sum(tackles)::int as tackles, sum(clearances)::int as clearances, sum(fouls)::int as fouls,
       sum(was_fouled)::int as was_fouled, sum(shots)::int as shots, sum(saves)::int as saves
from matches cross join league
group by matches.player_id, league.clubs
having bool_or(counts)
