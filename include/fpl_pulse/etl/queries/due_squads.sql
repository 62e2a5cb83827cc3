-- Clubs of the season whose squad is due: never fetched, four weeks old, fetched with rejected
-- records, or fetched before FPL added a player of the club
-- who has no link yet. Rank 1 is the most valuable: squads that were never fetched first.
with clubs as (
    select home_team_id as team_id from pulse.sofasport_events where season = %(season)s
    union
    select away_team_id from pulse.sofasport_events where season = %(season)s
)
select clubs.team_id,
       row_number() over (order by resources.fetched_at is not null, clubs.team_id) as rank
from clubs
left join pulse.raw_resources as resources
    on resources.endpoint = 'teams/players' and resources.event_id is null and resources.season_id is null
    and resources.season = %(season)s and resources.team_id = clubs.team_id
left join pulse.raw_responses as responses using (response_id)
where resources.fetched_at is null
   or resources.outcome = 'rejected'
   or (resources.outcome = 'no_data' and pulse.is_due_again(resources.no_data_since, resources.as_of, %(as_of)s))
   or resources.as_of <= %(as_of)s - interval '28 days'
   or (pulse.is_due_again(responses.as_of, resources.as_of, %(as_of)s) and exists (
       select from pulse.rejected_records as rejected where rejected.resource_id = resources.resource_id))
   or %(refresh)s
   or exists (
       select from pulse.team_mappings as mappings
       join pulse.fpl_players as players
           on players.season = %(season)s and players.team_code = mappings.fpl_team_code
       where mappings.sofasport_team_id = clubs.team_id
         and players.added_at > resources.as_of
         and not exists (select from pulse.player_mappings as linked where linked.fpl_code = players.code)
   )
order by clubs.team_id
