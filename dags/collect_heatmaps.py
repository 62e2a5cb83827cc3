"""## Heatmaps

Fetches the heatmaps of players with minutes in ended matches. It runs after the lineups, which say who has minutes. A
match has its own task; matches with few due heatmaps share one.

- If SofaSport has no heatmap of a player, the first run after 1, 3 and 7 days requests it again. Later runs do not.
- If SofaSport has corrected a player's minutes since his heatmap was fetched, his heatmap is fetched again.

**Calls** to SofaSport: one per player with minutes, about 300 in a steady week. If the budget is too small, the run
fetches the newest gameweek first. Such a partial run is green, and the next run fetches the rest.

**When it fails**
- `wait_for_update_lineups`: this week's `update_lineups` failed or is missing. The log says what to do.
- `fetch_heatmaps`: a task is red when one of its matches failed. What was fetched is archived and loaded. Clear the
  red tasks: they fetch only what is missing.
- `check_heatmaps`: some heatmaps were never requested, or matches older than two days have too few. If
  only the season's share is too low, the log's line *matches with few heatmaps* names the matches.

**Clearing** any task or the whole run is safe. It fetches only what is missing. When this week's `update_lineups`
is cleared, its task `clear_heatmaps` clears this run too, so that heatmaps follow corrected lineups.
"""

from fpl_pulse.airflow.pipeline import Step, build_mapped_pipeline
from fpl_pulse.airflow.weekly import wait_for_upstream, weekly_dag
from fpl_pulse.etl import heatmaps

with weekly_dag("collect_heatmaps", __doc__):
    build_mapped_pipeline(
        wait=wait_for_upstream("collect_heatmaps"),
        plan=Step(
            heatmaps.plan_heatmaps,
            "Lists the heatmaps that are due and compares the calls they cost with the budget.",
            reads=("sofasport_lineup_players",),
            calls_api=True,
        ),
        fetch=Step(
            heatmaps.fetch_heatmaps,
            "Archives the due heatmaps of one or more matches. A retry continues where the last attempt stopped.",
            calls_api=True,
        ),
        load=Step(
            heatmaps.load_heatmaps,
            "Loads the archived heatmaps that the table does not have: new ones, and those whose rows were deleted.",
            writes=("sofasport_heatmaps",),
        ),
        check=Step(
            heatmaps.check_heatmaps,
            "Checks in the tables that players with minutes have a heatmap. When red, it says how many are missing.",
        ),
    )
