-- Ended matches before the run's moment that need a look, and why. Ratings are corrected for days, so a match is
-- looked at again once it is one, three and seven days old. By rank the most valuable is first: the newest gameweek, and
-- in it what was never complete.
with matches as (
    select events.event_id, events.start_at, reads.outcome, reads.as_of as read_as_of,
           max(fixtures.gameweek) as gameweek,
           coalesce(bool_and(lineups.confirmed and lineups.with_minutes > 0 and lineups.starters = %(starters)s), false)
               and count(lineups.side) = 2 as is_complete
    from pulse.sofasport_events as events
    left join pulse.sofasport_lineups as lineups using (event_id)
    left join pulse.raw_reads as reads
        on reads.endpoint = 'events/lineups' and reads.resource = 'event_id=' || events.event_id
    left join pulse.fixture_mappings as mappings using (event_id)
    left join pulse.fpl_fixtures as fixtures
        on fixtures.season = mappings.season and fixtures.fixture_id = mappings.fixture_id
    where events.season = %(season)s
      and events.status_code in (100, 110, 120)
      and events.start_at < %(as_of)s
      and (%(event_id)s::int is null or events.event_id = %(event_id)s)
      and (%(matches)s::int[] is null or events.event_id = any(%(matches)s))
      and (%(gameweeks)s::int[] is null or fixtures.gameweek = any(%(gameweeks)s))
      and (%(players)s::int[] is null or exists (
          select from pulse.sofasport_lineup_players as chosen
          where chosen.event_id = events.event_id and chosen.player_id = any(%(players)s)))
    group by events.event_id, reads.endpoint, reads.resource
), judged as (
    select event_id, start_at, gameweek, coalesce(read_as_of = %(as_of)s, false) as was_asked,
        case
            when %(refresh)s then 'asked for'
            when outcome is null then 'new'
            when outcome = 'refused' then 'refused at the last look'
            -- A match that was played has lineups: unlike other absences this one is asked about at every run.
            when not is_complete and %(as_of)s > read_as_of then 'incomplete at the last look'
            when is_complete and exists (
                select from unnest(array[interval '1 day', interval '3 days', interval '7 days']) as age
                where read_as_of < start_at + age and start_at + age <= %(as_of)s)
                then 'revisions'
        end as reason
    from matches
)
select event_id, reason, was_asked,
       row_number() over (
           order by gameweek desc nulls last, reason = 'revisions', start_at desc, event_id desc) as rank
from judged
where reason is not null
order by start_at, event_id
