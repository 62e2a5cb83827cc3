-- Responses of a season that are archived and not loaded yet, by endpoint.
select resources.endpoint, count(*)::int as responses
from pulse.raw_resources as resources
left join pulse.sofasport_events as events on events.event_id = resources.event_id
left join pulse.sofasport_seasons as seasons on seasons.season_id = resources.season_id
where resources.response_id is not null and resources.loaded_response_id is distinct from resources.response_id
  and coalesce(resources.season, events.season, seasons.season,
               (select season from pulse.fpl_seasons order by observed_at desc limit 1)) = %(season)s
group by resources.endpoint
order by resources.endpoint collate "C"
