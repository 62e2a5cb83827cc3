-- The newest loaded page of the season's events, if the table has fewer events than after its load: some were deleted since.
select newest.response_id
from (
    select pages.resource_id, pages.response_id
    from pulse.raw_resources as pages
    where pages.endpoint = 'seasons/events' and pages.event_id is null
      and pages.season_id = (select season_id from pulse.sofasport_seasons where season = %(season)s)
      and pages.season is null and pages.outcome = 'fetched' and pages.loaded_response_id = pages.response_id
    order by pages.loaded_at desc
    limit 1
) as newest
join pulse.resource_rows as held on held.resource_id = newest.resource_id
where held.stored_rows < held.loaded_rows
