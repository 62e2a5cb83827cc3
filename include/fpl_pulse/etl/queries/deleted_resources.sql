-- The responses of an endpoint, in the season, of which the tables hold fewer rows than after their load: rows were deleted
-- since. A resource is about a match, about the season by SofaSport's id or by its name, or about the newest season.
select held.response_id
from pulse.sofasport_events as events
join pulse.resource_rows as held on held.endpoint = %(endpoint)s and held.event_id = events.event_id
-- Without the second condition the planner would count the rows of resources that are about no match, in all seasons.
where events.season = %(season)s and held.event_id is not null and held.is_loaded
  and held.stored_rows < held.loaded_rows
union all
select held.response_id
from pulse.resource_rows as held
where held.endpoint = %(endpoint)s and held.event_id is null
  and held.season_id = (select season_id from pulse.sofasport_seasons where season = %(season)s) and held.season is null
  and held.is_loaded and held.stored_rows < held.loaded_rows
union all
select held.response_id
from pulse.resource_rows as held
where held.endpoint = %(endpoint)s and held.event_id is null and held.season_id is null and held.season = %(season)s
  and held.is_loaded and held.stored_rows < held.loaded_rows
union all
select held.response_id
from pulse.resource_rows as held
where held.endpoint = %(endpoint)s and held.event_id is null and held.season_id is null and held.season is null
  and held.is_loaded and held.stored_rows < held.loaded_rows
