-- The as-of time of the newest response that the tables hold of a season. A resource that belongs to no season, such as a
-- squad, counts for the current one.
select max(responses.as_of)
from pulse.raw_resources as resources
join pulse.raw_responses as responses on responses.response_id = resources.loaded_response_id
left join pulse.sofasport_events as events on events.event_id = resources.event_id
left join pulse.sofasport_seasons as seasons on seasons.season_id = resources.season_id
where coalesce(resources.season, events.season, seasons.season,
               (select season from pulse.fpl_seasons order by observed_at desc limit 1)) = %(season)s
