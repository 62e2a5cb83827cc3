-- Delete the links of people whom the newest matching no longer links to the same player, and return them with the
-- evidence of the matching.
with withdrawn as (
    delete from pulse.player_mappings as mappings
    where exists (
            select from pulse.mapping_candidates as candidates
            where candidates.season = %(season)s and candidates.kind = 'player'
              and candidates.sofasport_id = mappings.sofasport_player_id)
      and not exists (
            select from pulse.mapping_candidates as candidates
            where candidates.season = %(season)s and candidates.kind = 'player' and candidates.status = 'linked'
              and candidates.sofasport_id = mappings.sofasport_player_id and candidates.fpl_id = mappings.fpl_code)
    returning sofasport_player_id, fpl_code
)
select withdrawn.sofasport_player_id, people.name, withdrawn.fpl_code,
       (select players.web_name from pulse.fpl_players as players
        where players.code = withdrawn.fpl_code order by players.season desc limit 1) as web_name,
       candidates.evidence
from withdrawn
join pulse.sofasport_players as people on people.player_id = withdrawn.sofasport_player_id
left join pulse.mapping_candidates as candidates
    on candidates.season = %(season)s and candidates.kind = 'player'
    and candidates.sofasport_id = withdrawn.sofasport_player_id and candidates.fpl_id = withdrawn.fpl_code
order by withdrawn.sofasport_player_id
