-- The SofaSport name and the FPL name of a pair; null for an id that the store does not have.
select case %(kind)s::text
           when 'team' then (select name from pulse.sofasport_teams where team_id = %(sofasport_id)s)
           else (select name from pulse.sofasport_players where player_id = %(sofasport_id)s)
       end,
       case %(kind)s::text
           when 'team' then (select name from pulse.fpl_teams where code = %(fpl_id)s order by season desc limit 1)
           else (select trim(first_name || ' ' || second_name) from pulse.fpl_players
                 where code = %(fpl_id)s order by season desc limit 1)
       end
