-- The gameweek that a page about the present shows: the newest one that has begun, else the first.
select gameweek
from fpl.gameweeks
where season = %(season)s
order by deadline_at <= pulse.as_of_now() desc, abs(extract(epoch from deadline_at - pulse.as_of_now()))
limit 1
