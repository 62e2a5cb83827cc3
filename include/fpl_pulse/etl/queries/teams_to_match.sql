select team_id, name, short_name, slug, name_code
from pulse.sofasport_teams
where team_id in (
    select home_team_id from pulse.sofasport_events where season = %(season)s
    union
    select away_team_id from pulse.sofasport_events where season = %(season)s
)
order by team_id
