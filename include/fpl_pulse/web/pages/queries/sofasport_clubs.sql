-- What SofaSport says about some clubs.
select team_id as number, name, name_code as short_name, null::date as birth_date, null as position,
       array[]::text[] as clubs, null::int as appearances, null::int as minutes
from pulse.sofasport_teams
where team_id = any(%(numbers)s)
