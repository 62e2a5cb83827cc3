-- The clubs of a season.
select code, name from pulse.fpl_teams where season = %(season)s order by name
