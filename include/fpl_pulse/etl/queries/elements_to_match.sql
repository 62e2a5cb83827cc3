-- FPL's players of the season, without managers. Only some seasons have shirt numbers (squad_number in details).
select code as fpl_code, first_name, second_name, web_name, known_name, birth_date, team_code,
       position as element_type,
       case when details ->> 'squad_number' ~ '^[0-9]{1,3}$' then (details ->> 'squad_number')::int end as squad_number
from pulse.fpl_players
where season = %(season)s and position <= 4
