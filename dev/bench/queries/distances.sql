-- How far the ids of two seasons must be apart, the clubs that change from season to season, and the resources that all
-- seasons share.
with changing as (
    select sofasport_team_id, fpl_team_code from pulse.team_mappings order by sofasport_team_id limit %(new)s
)
select (select max(event_id) - min(event_id) + 1 from pulse.sofasport_events) as events,
       (select max(player_id) - min(player_id) + 1 from pulse.sofasport_players) as players,
       (select max(code) - min(code) + 1 from pulse.fpl_players) as codes,
       (select max(team_id) - min(team_id) + 1 from pulse.sofasport_teams) as clubs,
       (select max(code) - min(code) + 1 from pulse.fpl_teams) as club_codes,
       (select array_agg(sofasport_team_id) from changing) as new_clubs,
       (select array_agg(fpl_team_code) from changing) as new_club_codes,
       array(select resource_id from pulse.raw_resources where endpoint = any(%(shared)s)) as shared_resources
