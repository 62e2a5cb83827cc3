-- Links of people whom the newest matching has looked at and does not link to the same player any more.
delete from pulse.player_mappings as mappings
where exists (
        select from pulse.mapping_candidates as candidates
        where candidates.season = %(season)s and candidates.kind = 'player'
          and candidates.sofasport_id = mappings.sofasport_player_id)
  and not exists (
        select from pulse.mapping_candidates as candidates
        where candidates.season = %(season)s and candidates.kind = 'player' and candidates.status = 'linked'
          and candidates.sofasport_id = mappings.sofasport_player_id and candidates.fpl_id = mappings.fpl_code)
returning mappings.sofasport_player_id, mappings.fpl_code
