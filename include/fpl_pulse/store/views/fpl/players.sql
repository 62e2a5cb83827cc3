create view fpl.players as
select players.season, players.web_name as player, concat_ws(' ', nullif(players.first_name, ''), players.second_name) as full_name,
       teams.name as team, fpl.position_name(players.position) as position, fpl.status_name(players.status) as status,
       players.news, players.chance_of_playing_next_round as chance_of_playing,
       (players.now_cost / 10.0)::numeric(4, 1) as price, players.selected_by_percent as ownership,
       players.total_points as points, players.minutes, players.goals, players.assists, players.form,
       players.expected_points_next_round as expected_points, players.birth_date,
       sofasport.preferred_foot, sofasport.height_cm, sofasport.country_code, players.code, players.element_id,
       profiles.sofasport_player_id, sofasport.name as sofasport_name, players.team_code
from pulse.fpl_players as players
join pulse.fpl_teams as teams on teams.season = players.season and teams.code = players.team_code
left join lateral (
    -- Of two profiles of one person, the one with the newer evidence.
    select links.sofasport_player_id from pulse.player_mappings as links
    where links.fpl_code = players.code
    order by links.confirmed_at desc, links.sofasport_player_id desc limit 1
) as profiles on true
left join pulse.sofasport_players as sofasport on sofasport.player_id = profiles.sofasport_player_id;

comment on view fpl.players is 'Players as FPL lists them now. One row for each season and player.';
comment on column fpl.players.player is 'The name that FPL shows. Several players can share one.';
comment on column fpl.players.chance_of_playing is 'In the next gameweek, 0-100. Null when FPL has never had news about the player.';
comment on column fpl.players.price is 'In millions of pounds.';
comment on column fpl.players.ownership is 'Share of FPL''s managers who own the player, 0-100.';
comment on column fpl.players.form is 'Mean points per match over the last 30 days.';
comment on column fpl.players.expected_points is 'FPL''s forecast for the next gameweek.';
comment on column fpl.players.code is 'FPL''s number of the person for life.';
comment on column fpl.players.element_id is 'FPL''s number of the player in the season.';
comment on column fpl.players.sofasport_player_id is 'Null while the player is not linked. Of two profiles of one person, the one with the newer evidence.';
