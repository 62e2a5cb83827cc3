select code, name, short_name
from pulse.fpl_teams
where season = %(season)s
