create view fpl.radar_seasons as
with people as (
    -- A player for life, as FPL lists the player in the newest season.
    select distinct on (players.code) players.code, players.web_name, players.season, teams.name as team
    from pulse.fpl_players as players
    join pulse.fpl_seasons as seasons using (season)
    join pulse.fpl_teams as teams on teams.season = players.season and teams.code = players.team_code
    order by players.code, seasons.observed_at desc
), own as (
    -- Of two profiles of one person, the newer one.
    select distinct on (links.fpl_code, attributes.season) links.fpl_code as code, attributes.*
    from pulse.sofasport_attributes as attributes
    join pulse.player_mappings as links on links.sofasport_player_id = attributes.player_id
    order by links.fpl_code, attributes.season, attributes.player_id desc
)
select people.web_name as player, people.team, fpl.position_name(own.position) as position, own.season,
       own.season <> people.season as is_earlier_season,
       own.attacking, own.technical, own.tactical, own.defending, own.creativity,
       own.saves, own.anticipation, own.ball_distribution, own.aerial,
       averages.attacking as average_attacking, averages.technical as average_technical,
       averages.tactical as average_tactical, averages.defending as average_defending,
       averages.creativity as average_creativity, averages.saves as average_saves,
       averages.anticipation as average_anticipation, averages.ball_distribution as average_ball_distribution,
       averages.aerial as average_aerial, averages.season as average_season,
       people.code, own.player_id as sofasport_player_id
from own
join people using (code)
left join lateral (
    select * from pulse.sofasport_position_averages as positions
    where positions.position = own.position
    order by positions.season desc limit 1
) as averages on true;

create view fpl.radar as
select distinct on (code) * from fpl.radar_seasons order by code, season desc;

comment on view fpl.radar is 'A player''s own radar attributes, 0-100, of the newest season that has any, with the averages of the position. One row for each player.';
comment on column fpl.radar.season is 'The season that the attributes describe.';
comment on column fpl.radar.is_earlier_season is 'Whether that is not the player''s newest season at FPL.';
comment on column fpl.radar.saves is 'Goalkeepers have saves, anticipation, ball_distribution and aerial instead of the other axes.';
comment on column fpl.radar.average_attacking is 'Average of the position, like the other columns with average_. SofaSport states averages for outfield players by position.';
comment on column fpl.radar.average_season is 'The season of the run that fetched the averages.';

comment on view fpl.radar_seasons is 'The same of every season that has attributes: a player''s radar, earlier seasons too. One row for each player and season.';
comment on column fpl.radar_seasons.season is 'The season that the attributes describe.';
comment on column fpl.radar_seasons.is_earlier_season is 'Whether that is not the player''s newest season at FPL.';
comment on column fpl.radar_seasons.saves is 'Goalkeepers have saves, anticipation, ball_distribution and aerial instead of the other axes.';
comment on column fpl.radar_seasons.average_attacking is 'Average of the position as it is now, like the other columns with average_.';
comment on column fpl.radar_seasons.average_season is 'The season of the run that fetched the averages.';
