-- Players with minutes whose season statistics are due: never fetched, or fetched before a lineup of theirs changed
-- (a new match, a revision) or while their last match could still be corrected (three days). Also players without data,
-- after the ages of pulse.is_due_again, and players whose season statistics are not the sum of their matches, unless
-- their club has a match whose lineups are still missing or another id of theirs has the sum of the matches of all ids.
-- And players who were last read by a run that failed: what its check found may be wrong about the others too.
-- Rank 1 is the most valuable: players of the newest gameweek first, starters before substitutes, then more minutes first.
with appearances as materialized (
    select * from pulse.season_appearances where season = %(season)s
), persons as materialized (
    select links.fpl_code
    from appearances as sums
    join pulse.player_mappings as links on links.sofasport_player_id = sums.player_id
    left join pulse.sofasport_season_statistics as totals
        on totals.season = sums.season and totals.player_id = sums.player_id
    group by links.fpl_code
    having count(*) > 1
       and concat_ws('/', sum(sums.minutes), sum(sums.goals)) = any(array_agg(concat_ws('/', totals.minutes, totals.goals)))
)
select appeared.player_id, appeared.team_id,
       row_number() over (
           order by appeared.last_gameweek desc nulls last, appeared.has_started desc, appeared.minutes desc,
                    appeared.player_id) as rank
from appearances as appeared
join pulse.sofasport_seasons as seasons using (season)
left join pulse.sofasport_season_statistics as statistics
    on statistics.season = appeared.season and statistics.player_id = appeared.player_id
left join lateral (
    select * from pulse.raw_resources as resources
    where resources.endpoint = 'players/statistics/result' and resources.event_id is null
      and resources.season_id = seasons.season_id and resources.season is null
      and resources.player_id = appeared.player_id
    limit 1
) as resources on true
left join pulse.player_mappings as links on links.sofasport_player_id = appeared.player_id
left join persons using (fpl_code)
where (%(matches)s::int[] is null or appeared.event_ids && %(matches)s::int[])
  and (%(gameweeks)s::int[] is null or appeared.gameweeks && %(gameweeks)s::int[])
  and (%(players)s::int[] is null or appeared.player_id = any(%(players)s))
  and (
      %(refresh)s
      or coalesce(resources.outcome, 'rejected') = 'rejected'
      or appeared.changed_at > resources.fetched_at
      or (resources.outcome = 'fetched'
          and not coalesce(statistics.minutes between appeared.least_minutes and appeared.most_minutes
                           and statistics.goals between appeared.least_goals and appeared.most_goals, false)
          and persons.fpl_code is null
          and appeared.team_id not in (select pulse.clubs_with_open_match(%(season)s, %(as_of)s))
          and coalesce(statistics.team_id, 0) not in (select pulse.clubs_with_open_match(%(season)s, %(as_of)s)))
      or (resources.as_of < appeared.last_start_at + interval '3 days'
          and appeared.last_start_at + interval '3 days' <= %(as_of)s)
      or resources.as_of in (
          select failed.as_of from pulse.pipeline_runs as failed
          where failed.dag_id = 'update_season_stats' and failed.state = 'failed' and failed.as_of < %(as_of)s
            and failed.as_of > %(as_of)s - interval '15 days')
      or (resources.outcome = 'no_data'
          and pulse.is_due_again(resources.no_data_since, resources.as_of, %(as_of)s))
  )
order by appeared.team_id, appeared.player_id
