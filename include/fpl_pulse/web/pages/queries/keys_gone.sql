-- Keys that most records used to have and that are gone: from the newest gameweek of a list, or since the season before.
with keys as (
    select season, endpoint, path, key, max(gameweek) as last_gameweek,
           sum(have)::float / nullif(sum(records), 0) as share
    from pulse.key_census
    where season = %(season)s
       or season = (select max(season) from pulse.key_census where season < %(season)s)
    group by season, endpoint, path, key
), lists as (
    select endpoint, path, max(last_gameweek) as last_gameweek
    from keys
    where season = %(season)s
    group by endpoint, path
)
select keys.endpoint, keys.path, keys.key, null::timestamptz as since, keys.share,
       case when keys.season = %(season)s then 'gameweek ' || keys.last_gameweek
            else 'season ' || keys.season end as last_seen
from keys
join lists using (endpoint, path)
where keys.share >= %(least)s
  and case when keys.season = %(season)s then keys.last_gameweek < lists.last_gameweek
      else not exists (
          select from keys as now
          where now.season = %(season)s and (now.endpoint, now.path, now.key) = (keys.endpoint, keys.path, keys.key))
      end
order by keys.season desc, keys.endpoint, keys.path, keys.key
limit %(limit)s
