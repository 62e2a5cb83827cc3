-- The SofaSport ids that are linked to an FPL code.
select sofasport_team_id from pulse.team_mappings where %(kind)s::text = 'team' and fpl_team_code = %(fpl_id)s
union all
select sofasport_player_id from pulse.player_mappings where %(kind)s::text = 'player' and fpl_code = %(fpl_id)s
