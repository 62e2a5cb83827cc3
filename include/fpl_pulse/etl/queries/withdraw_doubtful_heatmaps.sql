-- Delete heatmaps that were doubtful when they were loaded, and for which SofaSport has had no data since.
delete from pulse.sofasport_heatmaps as heatmaps
using pulse.raw_resources as resources
where resources.endpoint = 'events/player-heatmap' and resources.outcome = 'no_data'
  and resources.event_id = heatmaps.event_id and resources.player_id = heatmaps.player_id
  and resources.resource_id in (
      select resource_id from pulse.rejected_records
      where endpoint = 'events/player-heatmap' and reason like %(doubtful)s)
