-- How much of the expected data of each gameweek is there. Missing data is counted apart (not_yet) when its match is
-- recent, when this run skipped its call, when it cannot be there yet, or when SofaSport has had no data for so long
-- that it is no longer requested.
with skipped as (
    select coalesce(event_id, 0) as event_id, coalesce(player_id, 0) as player_id
    from pulse.planned_calls
    where dag_id = %(dag_id)s and run_id = %(run_id)s and outcome = 'skipped'
      and (event_id is not null or player_id is not null)
), expected as (
    select gameweek, what, start_at, name, is_there,
           %(all_may_wait)s or may_wait or coalesce(start_at >= %(as_of)s - %(settling)s, false)
               or (coalesce(event_id, 0), coalesce(player_id, 0)) in (select event_id, player_id from skipped)
               or (what = 'heatmaps' and not is_there and exists (
                   select from pulse.raw_resources as resources
                   where resources.endpoint = 'events/player-heatmap' and resources.outcome = 'no_data'
                     and resources.event_id = expected_data.event_id and resources.player_id = expected_data.player_id
                     and resources.no_data_since < %(as_of)s - %(no_data_final_after)s)) as may_wait
    from pulse.expected_data
    where season = %(season)s and what = any(%(what)s)
      and (start_at is null or start_at < %(as_of)s)
)
select gameweek, what,
       count(*) filter (where is_there) as have,
       count(*) filter (where is_there or not may_wait) as want,
       count(*) filter (where not is_there and may_wait) as not_yet,
       coalesce((array_agg(name order by start_at, name) filter (where not is_there and not may_wait))[1:%(listed)s],
                '{}') as missing
from expected
group by gameweek, what
order by what, gameweek
