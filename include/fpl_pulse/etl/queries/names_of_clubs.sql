-- SofaSport's clubs that are linked to a club of the season, and those of events.
with league as materialized (
    select links.sofasport_team_id as team_id from pulse.team_mappings as links
    join pulse.fpl_teams as clubs on clubs.code = links.fpl_team_code
    where clubs.season = %(season)s
)
select teams.team_id, coalesce(teams.short_name, teams.name) as name, teams.team_id in (select team_id from league) as is_in_league
from pulse.sofasport_teams as teams
where teams.team_id in (
    select team_id from league
    union
    select unnest(array[home_team_id, away_team_id]) from pulse.sofasport_events where event_id = any(%(event_ids)s))
