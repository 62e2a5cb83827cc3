-- FPL's players of the season, managers left out. The shirt number is in the whole object only, when FPL says it at all.
select code as fpl_code, element_id, first_name, second_name, web_name, known_name, birth_date, team_code,
       position as element_type,
       case when details ->> 'squad_number' ~ '^[0-9]{1,3}$' then (details ->> 'squad_number')::int end as squad_number
from pulse.fpl_players
where season = %(season)s and position <= 4
