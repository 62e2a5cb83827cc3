-- Player pairs of one status in the newest matching, with names: links from the weakest, others from the likeliest.
select candidates.sofasport_id, people.name as sofasport_name, candidates.fpl_id,
       coalesce(trim(players.first_name || ' ' || players.second_name), '-') as fpl_name, teams.short_name as club,
       candidates.method, candidates.confidence, candidates.strength, candidates.evidence
from pulse.mapping_candidates as candidates
join pulse.sofasport_players as people on people.player_id = candidates.sofasport_id
left join pulse.fpl_players as players on players.season = candidates.season and players.code = candidates.fpl_id
left join pulse.fpl_teams as teams on teams.season = players.season and teams.code = players.team_code
where candidates.season = %(season)s and candidates.kind = 'player' and candidates.status = %(status)s
  and (%(status)s <> 'linked' or candidates.strength is not null)
order by case when %(status)s = 'linked' then candidates.strength else -candidates.strength end,
         candidates.sofasport_id, candidates.fpl_id
limit %(most)s
