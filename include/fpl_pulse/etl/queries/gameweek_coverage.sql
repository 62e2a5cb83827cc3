-- Of every gameweek: how much of what there should be is there. Missing things that are young, were left out by a short
-- run, cannot be there yet, or of which SofaSport has said for so long that it has none that nobody asks any more, are
-- counted apart: not_yet.
with left_out as (
    select coalesce(event_id, 0) as event_id, coalesce(player_id, 0) as player_id
    from unnest(%(event_ids)s::int[], %(player_ids)s::int[]) as pairs (event_id, player_id)
), expected as (
    select gameweek, what, start_at, name, is_there,
           %(all_may_wait)s or may_wait or coalesce(start_at >= %(as_of)s - %(settling)s, false)
               or (coalesce(event_id, 0), coalesce(player_id, 0)) in (select event_id, player_id from left_out)
               or (what = 'heatmaps' and not is_there and exists (
                   select from pulse.raw_reads as reads
                   where reads.endpoint = 'events/player-heatmap' and reads.outcome = 'no_data'
                     and reads.resource = 'event_id=' || event_id || '&player_id=' || player_id
                     and reads.no_data_since < %(as_of)s - %(no_data_final_after)s)) as may_wait
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
