select * from fpl.coverage
where season = %(season)s and (%(gameweek)s::int is null or gameweek = %(gameweek)s)
order by gameweek nulls last, what
