select team_id as id, name, coalesce(name_code, short_name, name) as code
from pulse.sofasport_teams
where team_id = any(%(ids)s)
