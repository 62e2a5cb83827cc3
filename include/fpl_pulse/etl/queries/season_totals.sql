-- The sum of the matches of each player with minutes beside his season statistics. A match is open when it has kicked
-- off but its lineups have no statistics yet. The season statistics of players of its two clubs may be ahead of the
-- stored matches. SofaSport may add matches that do not count, and leave out awarded ones: the totals are between the
-- least and the most that this allows. When SofaSport replaces a player's id, one of the ids can have the totals of the
-- whole person.
with sums as materialized (
    select * from pulse.season_appearances where season = %(season)s
), persons as (
    select links.fpl_code
    from sums
    join pulse.player_mappings as links on links.sofasport_player_id = sums.player_id
    left join pulse.sofasport_season_statistics as totals
        on totals.season = sums.season and totals.player_id = sums.player_id
    group by links.fpl_code
    having count(*) > 1
       and concat_ws('/', sum(sums.minutes), sum(sums.goals)) = any(array_agg(concat_ws('/', totals.minutes, totals.goals)))
), open_clubs as materialized (
    select distinct team_id from pulse.clubs_with_open_match(%(season)s, %(as_of)s) as clubs (team_id)
)
select people.player_id, people.name as player, sums.minutes, sums.goals,
       persons.fpl_code is not null as is_total_of_person,
       sums.least_minutes, sums.most_minutes, sums.least_goals, sums.most_goals,
       statistics.minutes as season_minutes, statistics.goals as season_goals,
       exists (
           select from open_clubs
           where open_clubs.team_id = any(sums.team_ids)
              or open_clubs.team_id = statistics.team_id
              or exists (select from pulse.sofasport_squads as squads
                         where squads.season = %(season)s and squads.is_current
                           and squads.player_id = sums.player_id and squads.team_id = open_clubs.team_id)
       ) as has_open_match,
       exists (
           select from pulse.planned_calls as plan
           where plan.dag_id = %(dag_id)s and plan.run_id = %(run_id)s and plan.outcome = 'skipped'
             and plan.player_id = sums.player_id
       ) as is_skipped
from sums
join pulse.sofasport_players as people using (player_id)
left join pulse.player_mappings as links on links.sofasport_player_id = sums.player_id
left join persons using (fpl_code)
left join pulse.sofasport_season_statistics as statistics
    on statistics.season = sums.season and statistics.player_id = sums.player_id
order by people.player_id
