-- Delete the links of events that the newest matching links to another fixture, or that have a club without a link.
delete from pulse.fixture_mappings as mappings
using pulse.mapping_candidates as candidates
where mappings.season = %(season)s and candidates.season = mappings.season and candidates.kind = 'fixture'
  and candidates.sofasport_id = mappings.event_id
  and (candidates.status = 'linked' and candidates.fpl_id <> mappings.fixture_id
       or candidates.status <> 'linked' and exists (
           select from pulse.sofasport_events as events
           join pulse.mapping_candidates as teams
               on teams.season = mappings.season and teams.kind = 'team' and teams.status <> 'linked'
               and teams.sofasport_id in (events.home_team_id, events.away_team_id)
           where events.event_id = mappings.event_id))
