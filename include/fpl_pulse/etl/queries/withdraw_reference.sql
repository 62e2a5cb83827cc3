-- Delete what FPL no longer lists and nothing refers to: gameweeks without a fixture, and players who came after the
-- season's first list, at most two weeks ago, and have neither figures nor a link.
with gameweeks as (
    delete from pulse.fpl_gameweeks as gameweeks
    where gameweeks.season = %(season)s and gameweeks.gameweek <> all(%(gameweeks)s::int[])
      and not exists (
          select from pulse.fpl_fixtures as fixtures
          where fixtures.season = gameweeks.season and fixtures.gameweek = gameweeks.gameweek)
      and not exists (
          select from pulse.fpl_player_fixtures as figures
          where figures.season = gameweeks.season and figures.gameweek = gameweeks.gameweek)
    returning 1
), players as (
    delete from pulse.fpl_players as players
    where players.season = %(season)s and players.element_id <> all(%(elements)s::int[])
      and players.added_at >= %(as_of)s - interval '14 days'
      and players.added_at > (select min(added_at) from pulse.fpl_players where season = %(season)s)
      and not exists (
          select from pulse.fpl_player_fixtures as figures
          where figures.season = players.season and figures.element_id = players.element_id)
      and not exists (select from pulse.player_mappings as links where links.fpl_code = players.code)
    returning 1
)
select (select count(*) from gameweeks) + (select count(*) from players)
