select season, is_current from fpl.seasons order by season desc
