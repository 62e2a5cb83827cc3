select *
from fpl.season_statistics
where season = %(season)s and code = %(code)s
