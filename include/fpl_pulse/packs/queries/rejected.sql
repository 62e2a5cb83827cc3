-- Records of a season that were not loaded, by endpoint and reason, with the first resource.
select rejected.endpoint, rejected.reason, count(*)::int as records, max(rejected.as_of) as newest,
       min((rejected.resource || ' ' || rejected.path) collate "C") as example
from pulse.rejected_records as rejected
left join pulse.raw_resources as resources on resources.resource_id = rejected.resource_id
left join pulse.sofasport_events as events on events.event_id = resources.event_id
left join pulse.sofasport_seasons as seasons on seasons.season_id = resources.season_id
where coalesce(resources.season, events.season, seasons.season,
               (select season from pulse.fpl_seasons order by observed_at desc limit 1)) = %(season)s
group by rejected.endpoint, rejected.reason
order by records desc, rejected.endpoint collate "C", rejected.reason collate "C"
