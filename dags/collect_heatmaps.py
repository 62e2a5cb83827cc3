"""## Tue 04:00 · Heatmaps

Fetches the heatmaps of players with minutes in ended matches, one task per match. It runs after the lineups, which say
who has minutes.

- If SofaSport has no heatmap of a player, it is requested again after 1, 3 and 7 days, and then no more.
- If SofaSport has corrected a player's minutes since, his heatmap is fetched again.

**Calls** to SofaSport: one per player with minutes, about 300 in a steady week. If the budget is too small, the run
fetches the newest gameweek first. Such a partial run is green, and the next run fetches the rest.

**When it fails**
- `wait_for_update_lineups`: this week's `update_lineups` failed or is missing. The log says what to do.
- `fetch_heatmaps`: only the matches that failed are red. What was fetched is archived and loaded. Clear the red tasks:
  they fetch only what is missing.
- `check_heatmaps`: some heatmaps were never requested, or matches older than two days have too few. The sentence names
  the matches.

**Clearing** any task or the whole run is safe. It fetches only what is missing. Clearing this week's `update_lineups`
also clears this run (by its task `clear_heatmaps`), so that heatmaps follow corrected lineups.
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
        ),
        fetch=Step(
            heatmaps.fetch_heatmaps,
            "One task per match: archives its missing heatmaps. Never fetches one twice.",
            calls_api=True,
        ),
        load=Step(
            heatmaps.load_heatmaps,
            "Loads the archived heatmaps that the table does not have yet.",
            writes=("sofasport_heatmaps",),
        ),
        check=Step(
            heatmaps.check_heatmaps,
            "Checks in the tables that players with minutes have a heatmap. When red, it names the matches without.",
        ),
    )
