select
    (select count(*) from pulse.fpl_players where season = %(season)s) as players,
    (select count(*) from pulse.fpl_fixtures where season = %(season)s) as fixtures
