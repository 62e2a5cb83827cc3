-- Links of events that the newest matching gives to another fixture.
delete from pulse.fixture_mappings as mappings
using pulse.mapping_candidates as candidates
where mappings.season = %(season)s and candidates.season = mappings.season and candidates.kind = 'fixture'
  and candidates.status = 'linked' and candidates.sofasport_id = mappings.event_id
  and candidates.fpl_id <> mappings.fixture_id
