-- What FPL says about some clubs, and who is linked to them.
select distinct on (code) code as number, name, short_name, null::date as birth_date, null as position,
       array[]::text[] as clubs, null::int as appearances, null::int as minutes,
       array(select links.sofasport_team_id from pulse.team_mappings as links
             where links.fpl_team_code = teams.code order by 1) as holders
from pulse.fpl_teams as teams
where code = any(%(numbers)s)
order by code, season desc
