-- Unset is_current of events that are no longer current by the newest matching.
update pulse.fixture_mappings as mappings
set is_current = false, updated_at = now()
where mappings.season = %(season)s
  and mappings.is_current
  and not exists (
      select from pulse.mapping_candidates as candidates
      where candidates.season = mappings.season and candidates.kind = 'fixture' and candidates.status = 'linked'
        and candidates.sofasport_id = mappings.event_id and candidates.is_current)
