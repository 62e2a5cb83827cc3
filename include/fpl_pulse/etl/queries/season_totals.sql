-- The sum of the matches of each player with minutes beside his season statistics. A match is open when it has kicked
-- off but its lineups have no statistics yet. The season statistics of players of its two clubs may be ahead of the
-- stored matches.
with open_clubs as materialized (
    select distinct team_id from pulse.clubs_with_open_match(%(season)s, %(as_of)s) as clubs (team_id)
)
select people.player_id, people.name as player, sums.minutes, sums.goals,
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
from pulse.season_appearances as sums
join pulse.sofasport_players as people using (player_id)
left join pulse.sofasport_season_statistics as statistics
    on statistics.season = sums.season and statistics.player_id = sums.player_id
where sums.season = %(season)s
order by people.player_id
