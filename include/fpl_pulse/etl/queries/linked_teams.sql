-- The stored links of the season's teams.
select mappings.sofasport_team_id as sofasport_id, mappings.fpl_team_code as fpl_id, 'linked' as status,
       mappings.method, mappings.confidence::float8 as confidence, mappings.evidence
from pulse.team_mappings as mappings
where exists (
    select from pulse.sofasport_events as events
    where events.season = %(season)s
      and mappings.sofasport_team_id in (events.home_team_id, events.away_team_id))
