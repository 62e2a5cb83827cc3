select team_id, name, short_name, slug, name_code
from pulse.sofasport_teams as teams
where exists (
    select from pulse.sofasport_events as events
    where events.season = %(season)s and teams.team_id in (events.home_team_id, events.away_team_id)
)
