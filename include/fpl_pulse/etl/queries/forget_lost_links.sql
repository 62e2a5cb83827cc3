-- Delete the lost links of people who are linked again.
delete from pulse.lost_links as lost
where exists (
    select from pulse.player_mappings as mappings where mappings.sofasport_player_id = lost.sofasport_player_id)
