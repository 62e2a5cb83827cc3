-- Players whose cards differ between SofaSport and FPL, with an example such as "Salah yellow cards 2/3". A player is
-- settled when their last match is.
select differences.fpl_code,
       string_agg(format('%%s %%s %%s/%%s', players.web_name, replace(differences.figure, '_', ' '),
                         differences.sofasport_value, differences.fpl_value),
                  ', ' order by differences.figure desc) as example,
       not exists (
           select from pulse.sofasport_lineup_players as played
           join pulse.sofasport_events as events using (event_id)
           join pulse.player_mappings as links on links.sofasport_player_id = played.player_id
           where links.fpl_code = differences.fpl_code and events.season = %(season)s and played.minutes > 0
             and events.start_at >= %(as_of)s - %(settling)s) as is_settled
from pulse.figure_differences as differences
join pulse.fpl_players as players on players.season = differences.season and players.code = differences.fpl_code
where differences.season = %(season)s and differences.fixture_id = %(whole_season)s and differences.counts
group by differences.fpl_code
order by differences.fpl_code
