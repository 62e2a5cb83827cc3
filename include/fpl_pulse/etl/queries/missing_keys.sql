-- Keys that vanished from the newest responses of endpoints, with an example of the reason. Only responses of the season.
select rejected.endpoint, substr(rejected.path, length(%(missing)s) + 1) as key, count(*) as responses,
       (array_agg(
           coalesce('match ' || resources.event_id, 'player ' || resources.player_id, 'club ' || resources.team_id)
           order by rejected.resource)
           filter (where coalesce(resources.event_id, resources.player_id, resources.team_id) is not null)
       )[:3] as resources,
       (array_agg(rejected.reason order by rejected.resource))[1] as reason,
       bool_and(resources.player_id is not null) as is_of_player
from pulse.rejected_records as rejected
join pulse.raw_resources as resources using (resource_id)
where rejected.endpoint = any(%(endpoints)s) and rejected.path like 'missing key %%'
  and (resources.season = %(season)s
       or resources.season_id = (select season_id from pulse.sofasport_seasons where season = %(season)s)
       or resources.event_id in (select event_id from pulse.sofasport_events where season = %(season)s)
       or (resources.season is null and resources.season_id is null and resources.event_id is null))
group by rejected.endpoint, key
order by rejected.endpoint, key
