-- A player's own attributes of each season, and beside those of the newest one the average of the position.
create view webapp.sofasport_player_attributes as
with own as (
    select links.fpl_code, current.season as current_season, attributes.*,
           left(current.season, 4)::integer - left(attributes.season, 4)::integer as shift,
           row_number() over (partition by links.fpl_code order by attributes.season desc, attributes.player_id) as age,
           row_number() over (partition by links.fpl_code, attributes.season order by attributes.player_id) as profile
    from pulse.sofasport_attributes as attributes
    cross join webapp.current_season as current
    join pulse.player_mappings as links on links.sofasport_player_id = attributes.player_id
    where attributes.season <= current.season
), both_kinds as (
    select own.fpl_code, own.player_id, own.current_season, own.attacking, own.technical, own.tactical, own.defending,
           own.creativity, own.position, own.shift, false as is_average, own.details, own.observed_at, own.updated_at
    from own
    where own.profile = 1
    union all
    select own.fpl_code, own.player_id, own.current_season, averages.attacking, averages.technical, averages.tactical,
           averages.defending, averages.creativity, own.position, own.shift, true, averages.details, averages.observed_at,
           averages.updated_at
    from own
    cross join lateral (
        select * from pulse.sofasport_position_averages as positions
        where positions.position = own.position order by positions.season desc limit 1
    ) as averages
    where own.age = 1
)
select 1000::bigint * kinds.player_id + 2 * kinds.shift + kinds.is_average::integer as id, kinds.observed_at as created_at,
       kinds.updated_at, kinds.player_id::bigint as sofasport_player_id, players.element_id as athlete_id,
       kinds.attacking::integer as attacking, kinds.technical::integer as technical, kinds.tactical::integer as tactical,
       kinds.defending::integer as defending, kinds.creativity::integer as creativity,
       kinds.position::varchar(10) as position, kinds.shift as year_shift, kinds.is_average, kinds.details as raw_data,
       kinds.updated_at as last_updated
from both_kinds as kinds
join pulse.fpl_players as players on players.season = kinds.current_season and players.code = kinds.fpl_code;

comment on view webapp.sofasport_player_attributes is 'Radar attributes of linked players: their own, and in rows of their own (is_average) the averages of their positions.';
comment on column webapp.sofasport_player_attributes.raw_data is 'SofaSport''s attributes of the season, with the axes of goalkeepers.';
