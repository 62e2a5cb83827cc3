select event_id, home_team_id, away_team_id, start_at,
       -- pulse.match_stage with migration 0010
       case
           when status_code in (100, 110, 120) then 'ended'
           when status_code = 0 then 'not_started'
           when status_code between 1 and 59 then 'in_progress'
           when status_code = 60 then 'postponed'
           when status_code = 80 then 'interrupted'
           when status_code in (70, 90, 92, 93) then 'called_off'
           else 'unknown'
       end as stage
from pulse.sofasport_events
where season = %(season)s
