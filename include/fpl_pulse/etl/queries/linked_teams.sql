select mappings.sofasport_team_id, mappings.fpl_team_code, 'linked' as status, mappings.method, mappings.confidence,
       mappings.evidence
from pulse.team_mappings as mappings
where exists (
    select from pulse.sofasport_events as events
    where events.season = %(season)s
      and mappings.sofasport_team_id in (events.home_team_id, events.away_team_id))
