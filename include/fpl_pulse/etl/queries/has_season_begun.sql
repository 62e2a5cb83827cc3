-- Whether a match of the season has begun, as far as FPL says.
select exists (select from pulse.fpl_fixtures where season = %(season)s and started)
