-- Matches that count, ended before the run's as-of time and are due, each with the reason. SofaSport corrects figures for
-- days, so a complete match is due again at the ages of pulse.is_due_again, and once more at two weeks, because the last
-- response can have been an old one. For four weeks a match is also due at these ages of its newest response when an
-- earlier response was another. So is, at any time, a match with rejected records, or that differs from the score or from
-- FPL: one that stays as it is would cost a call in every week. Rank 1 is the most valuable: the newest gameweek first,
-- and in it the matches that were never complete.
with matches as (
    select events.event_id, events.start_at, resources.outcome, resources.as_of as fetched_as_of,
           resources.no_data_since, resources.resource_id, resources.response_id, events.gameweek, events.is_awarded, events.fixture_id, events.season,
           coalesce(bool_and(lineups.confirmed and lineups.with_minutes > 0 and lineups.starters = %(starters)s), false)
               and count(lineups.side) = 2 as is_complete,
           array[events.home_score, events.away_score]::int[] as score
    from pulse.judged_events as events
    left join pulse.sofasport_lineups as lineups using (event_id)
    left join pulse.raw_resources as resources
        on resources.endpoint = 'events/lineups' and resources.event_id = events.event_id
    where events.season = %(season)s
      and (events.counts or (pulse.has_ended(events.status_code) and exists (
          -- SofaSport has two events of the match, and the one that stands for it has no lineups.
          select from pulse.fixture_mappings as links
          join pulse.sofasport_events as current using (event_id)
          left join pulse.sofasport_lineups as known on known.event_id = current.event_id and known.with_minutes > 0
          where links.season = events.season and links.fixture_id = events.fixture_id and links.is_current
            and pulse.has_ended(current.status_code) and known.event_id is null)))
      and events.start_at < %(as_of)s
      and (%(matches)s::int[] is null or events.event_id = any(%(matches)s))
      and (%(gameweeks)s::int[] is null or events.gameweek = any(%(gameweeks)s))
      and (%(players)s::int[] is null or exists (
          select from pulse.sofasport_lineup_players as chosen
          where chosen.event_id = events.event_id and chosen.player_id = any(%(players)s)))
    group by events.event_id, events.start_at, events.gameweek, events.is_awarded, events.fixture_id, events.season,
             events.home_score, events.away_score, resources.resource_id
), withdrawn as materialized (
    -- Matches with an id under which SofaSport has no season statistics, while another id of the person is linked.
    select players.event_id, max(totals.no_data_since) as since
    from pulse.raw_resources as totals
    join pulse.player_mappings as links on links.sofasport_player_id = totals.player_id
    join pulse.player_mappings as others
        on others.fpl_code = links.fpl_code and others.sofasport_player_id <> links.sofasport_player_id
    join pulse.sofasport_lineup_players as players on players.player_id = totals.player_id and players.minutes > 0
    where totals.endpoint = 'players/statistics/result' and totals.outcome = 'no_data'
      and totals.season_id = (select season_id from pulse.sofasport_seasons where season = %(season)s)
    group by players.event_id
), judged as (
    select event_id, start_at, gameweek,
        case
            when %(refresh)s then 'chosen for refresh'
            when outcome is null then 'never fetched'
            when outcome = 'rejected' then 'rejected at the last fetch'
            -- A played match has lineups. Unlike other resources without data, it is therefore due in every run.
            when not is_complete and not is_awarded and %(as_of)s > fetched_as_of then 'incomplete at the last fetch'
            when pulse.is_due_again(start_at, fetched_as_of, %(as_of)s)
                or (fetched_as_of < start_at + interval '14 days' and start_at + interval '14 days' <= %(as_of)s)
                then 'may be corrected'
            when outcome = 'no_data' and pulse.is_due_again(no_data_since, fetched_as_of, %(as_of)s)
                then 'no data at the last fetch'
            -- Once.
            when exists (
                select from withdrawn where withdrawn.event_id = matches.event_id and withdrawn.since > fetched_as_of)
                then 'names an id that SofaSport may have withdrawn'
            when is_complete
                and pulse.is_due_again((
                    select responses.as_of from pulse.raw_responses as responses
                    where responses.response_id = matches.response_id), fetched_as_of, %(as_of)s)
                -- A look-up for each of these few matches.
                and ((start_at > %(as_of)s - interval '28 days' and exists (
                         select from pulse.raw_responses as earlier
                         where earlier.resource_id = matches.resource_id
                           and earlier.response_id <> matches.response_id))
                     or (select rejected.resource_id from pulse.rejected_records as rejected
                      where rejected.resource_id = matches.resource_id limit 1) is not null
                     or fixture_id in (
                         select differences.fixture_id from pulse.figure_differences as differences
                         where differences.season = %(season)s and differences.counts
                           and differences.fpl_code > 0 and differences.sofasport_player_id > 0)
                     or score <> (
                         select array[sum(case players.side when 'home' then players.goals else players.own_goals end),
                                      sum(case players.side when 'away' then players.goals else players.own_goals end)]::int[]
                         from pulse.sofasport_lineup_players as players
                         where players.event_id = matches.event_id and players.minutes > 0))
                then 'has changed, has rejected records, or differs from the score or from FPL'
        end as reason
    from matches
)
select event_id, reason,
       row_number() over (
           order by gameweek desc nulls last, reason = 'may be corrected', start_at desc, event_id desc) as rank
from judged
where reason is not null
order by start_at, event_id
