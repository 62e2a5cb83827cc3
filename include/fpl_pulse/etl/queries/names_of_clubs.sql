-- SofaSport's clubs of the season that are linked, and the two of an event.
select teams.team_id, coalesce(teams.short_name, teams.name)
from pulse.sofasport_teams as teams
where teams.team_id in (
    select links.sofasport_team_id from pulse.team_mappings as links
    join pulse.fpl_teams as clubs on clubs.code = links.fpl_team_code
    where clubs.season = %(season)s
    union
    select unnest(array[home_team_id, away_team_id]) from pulse.sofasport_events where event_id = %(event_id)s)
