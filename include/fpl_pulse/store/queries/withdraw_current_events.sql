update pulse.fixture_mappings as mappings
set is_current = false, updated_at = now()
from pulse.mapping_candidates as candidates
where candidates.season = %(season)s and candidates.kind = 'fixture' and candidates.status = 'linked'
  and candidates.sofasport_id = mappings.event_id
  and mappings.is_current and not candidates.is_current
