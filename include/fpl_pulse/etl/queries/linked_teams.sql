-- The stored links of the season's teams.
select mappings.sofasport_team_id as sofasport_id, mappings.fpl_team_code as fpl_id, 'linked' as status,
       mappings.method, mappings.confidence::float8 as confidence, mappings.evidence
from pulse.team_mappings as mappings
where mappings.sofasport_team_id in (
    select home_team_id from pulse.sofasport_events where season = %(season)s
    union
    select away_team_id from pulse.sofasport_events where season = %(season)s)
order by sofasport_id
