-- How many different keys the census of a season has.
select count(distinct (endpoint, path, key)) from pulse.key_census where season = %(season)s
