-- How much of each kind of data each gameweek of a season has, as the newest check counted it.
select gameweek, what, have, want + not_yet as due, not_yet, is_enough, is_complete, missing, missing_count, as_of
from fpl.coverage
where season = %(season)s
order by gameweek, what
