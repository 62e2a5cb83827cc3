-- Coming fixtures whose kick-off differs from every SofaSport event of the two clubs, and which FPL has changed since the
-- coming events were last fetched. Without the second condition a permanent difference would cost calls every week.
select home.sofasport_team_id as home_team_id, away.sofasport_team_id as away_team_id, fixtures.kickoff_at
from pulse.fpl_fixtures as fixtures
join pulse.team_mappings as home on home.fpl_team_code = fixtures.home_team_code
join pulse.team_mappings as away on away.fpl_team_code = fixtures.away_team_code
where fixtures.season = %(season)s
  and not fixtures.started
  and fixtures.kickoff_at is not null
  and not exists (
      select from pulse.sofasport_events as events
      where events.season = fixtures.season
        and events.home_team_id = home.sofasport_team_id
        and events.away_team_id = away.sofasport_team_id
        and events.start_at = fixtures.kickoff_at
  )
  and fixtures.updated_at > coalesce(
      (select max(resources.fetched_at) from pulse.raw_resources as resources
       join pulse.sofasport_seasons as seasons using (season_id)
       where seasons.season = %(season)s
         and resources.endpoint = 'seasons/events' and resources.event_id is null and resources.season is null
         and resources.course = 'next'
         and resources.loaded_response_id = resources.response_id
         and resources.outcome <> 'rejected'),
      '-infinity')
