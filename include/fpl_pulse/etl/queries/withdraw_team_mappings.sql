-- Delete the links of teams that the newest matching no longer links to the same club.
delete from pulse.team_mappings as mappings
where exists (
        select from pulse.mapping_candidates as candidates
        where candidates.season = %(season)s and candidates.kind = 'team'
          and candidates.sofasport_id = mappings.sofasport_team_id)
  and not exists (
        select from pulse.mapping_candidates as candidates
        where candidates.season = %(season)s and candidates.kind = 'team' and candidates.status = 'linked'
          and candidates.sofasport_id = mappings.sofasport_team_id and candidates.fpl_id = mappings.fpl_team_code)
