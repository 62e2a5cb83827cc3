-- Clubs of the season whose squad was never read, is four weeks old, or was read before FPL added somebody who
-- is not linked yet. By rank those that were never read are first.
with clubs as (
    select home_team_id as team_id from pulse.sofasport_events where season = %(season)s
    union
    select away_team_id from pulse.sofasport_events where season = %(season)s
)
select clubs.team_id, coalesce(reads.as_of = %(as_of)s, false) as was_asked,
       row_number() over (order by reads.fetched_at is not null, clubs.team_id) as rank
from clubs
left join pulse.raw_reads as reads
    on reads.endpoint = 'teams/players' and reads.params ->> 'season' = %(season)s
    and (reads.params ->> 'team_id')::int = clubs.team_id
where reads.fetched_at is null
   or reads.outcome = 'refused'
   or (reads.outcome = 'no_data' and exists (
       select from unnest(%(no_data_ages)s::interval[]) as age
       where reads.as_of < reads.no_data_since + age and reads.no_data_since + age <= %(as_of)s))
   or reads.as_of <= %(as_of)s - interval '28 days'
   or %(refresh)s
   or exists (
       select from pulse.team_mappings as mappings
       join pulse.fpl_players as players
           on players.season = %(season)s and players.team_code = mappings.fpl_team_code
       where mappings.sofasport_team_id = clubs.team_id
         and players.added_at > reads.as_of
         and not exists (select from pulse.player_mappings as linked where linked.fpl_code = players.code)
   )
order by clubs.team_id
