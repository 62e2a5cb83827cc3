-- The figures of a fixture that differ between the sources: those that the checks compare, then the others that both
-- sources count in the same way.
select coalesce(players.web_name, people.name, 'unknown player') as player, nullif(found.fpl_code, 0) as code,
  nullif(found.sofasport_player_id, 0) as sofasport_player_id, found.figure, found.fpl_value::float as fpl_value,
  found.sofasport_value::float as sofasport_value, found.counts
from (
  select season, fpl_code, sofasport_player_id, figure, fpl_value::numeric, sofasport_value::numeric, counts
  from pulse.figure_differences
  where season = %(season)s and fixture_id = %(fixture_id)s
  union all
  select matches.season, matches.fpl_code, matches.sofasport_player_id, figures.figure, figures.official, figures.other, false
  from pulse.player_matches as matches
  cross join lateral (values
    ('own_goals', matches.own_goals::numeric, matches.sofasport_own_goals::numeric, 0),
    ('saves', matches.saves, matches.sofasport_saves, 0),
    -- FPL rounds to two decimals.
    ('expected_goals', matches.expected_goals, matches.sofasport_expected_goals, 0.01),
    ('expected_assists', matches.expected_assists, matches.sofasport_expected_assists, 0.01)
  ) as figures (figure, official, other, tolerance)
  where matches.season = %(season)s and matches.fixture_id = %(fixture_id)s and matches.minutes > 0
    and abs(figures.official - figures.other) > figures.tolerance
) as found
left join pulse.fpl_players as players on players.season = found.season and players.code = found.fpl_code
left join pulse.sofasport_players as people on people.player_id = found.sofasport_player_id
order by found.counts desc, player, found.figure
