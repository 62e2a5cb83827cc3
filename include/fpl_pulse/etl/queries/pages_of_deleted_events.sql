-- The loaded pages of the season with the events that they state last and that the table lacks. An event that was refused
-- is not missing, and neither is one that another event of the same clubs has replaced.
with pages as materialized (
    select resource_id, response_id
    from pulse.raw_resources
    where endpoint = 'seasons/events' and event_id is null
      and season_id = (select season_id from pulse.sofasport_seasons where season = %(season)s) and season is null
      and outcome = 'fetched' and loaded_response_id = response_id
), stated as materialized (
    select pages.resource_id, pages.response_id, record ->> 'id' as id, record -> 'homeTeam' ->> 'id' as home_team_id,
           record -> 'awayTeam' ->> 'id' as away_team_id, record ->> 'startTimestamp' as start_at
    from pages
    join pulse.raw_responses as responses using (response_id)
    cross join lateral json_array_elements(responses.body -> 'events') as events (record)
), listed as materialized (
    select distinct on (id)
           id::integer as event_id, resource_id, response_id, home_team_id::integer, away_team_id::integer,
           to_timestamp(start_at::bigint) as start_at
    from stated
    -- What has no such numbers was refused.
    where id ~ '^[0-9]{1,9}$' and home_team_id ~ '^[0-9]{1,9}$' and away_team_id ~ '^[0-9]{1,9}$'
      and start_at ~ '^[0-9]{1,10}$'
    order by id, response_id desc
)
select listed.response_id, array_agg(listed.event_id order by listed.event_id) as event_ids
from listed
where not exists (select from pulse.sofasport_events as stored where stored.event_id = listed.event_id)
  and not exists (
      select from pulse.sofasport_events as stored
      where stored.season = %(season)s
        and (stored.home_team_id, stored.away_team_id) = (listed.home_team_id, listed.away_team_id)
        and stored.start_at between listed.start_at - interval '1 day' and listed.start_at + interval '1 day')
  and not exists (
      select from pulse.rejected_records as rejected
      where rejected.resource_id = listed.resource_id and rejected.path = 'events.' || listed.event_id)
group by listed.response_id
order by listed.response_id
