"""## Season statistics

Fetches the season statistics of players who have played, or whose matches were corrected, since their statistics were
last read. The check compares them with the tables: minutes and goals must equal the sum of the
player's matches, and yellow and red cards must equal FPL's.

**Calls** to SofaSport: one per player who played, about 300 in a steady week. If the budget is too small, the run
fetches the newest gameweek first. Such a partial run is green, and the next run fetches the rest.

**When it fails**
- `wait_for_update_lineups`: this week's `update_lineups` failed or is missing. The log says what to do.
- `plan_season_statistics`: FPL was down, or FPL's response was refused. The last sentence of the log gives the cause.
- `fetch_season_statistics`: a task is red when one of its clubs failed. What was fetched is archived and loaded. Clear
  the red tasks: they fetch only what is missing.
- `check_season_statistics` names the players that differ:
  - *totals are not the sum of the matches*: usually a lineup is missing or was corrected. Run `update_lineups`, then
    clear this run. It fetches the statistics of these players again.
  - *cards differ from FPL's*: SofaSport's value comes first, and `pulse.figure_differences` has all of them under
    fixture 0. Either a link in `pulse.player_mappings` is wrong, or one source has corrected a card. In the second
    case, trigger this DAG with these `players` and `refresh`. The sources are known to differ on the yellow cards of a
    match that ended with a red card, so these do not count.

**Clearing** any task or the whole run is safe. It fetches only what is missing. When this week's `update_lineups`
is cleared, its task `clear_season_statistics` clears this run too, so that the statistics follow corrected lineups. If
this week's `update_radar_attributes` has failed because it waited for this run, `clear_radar_attributes` clears it.
"""

from fpl_pulse.airflow.clears import ClearSameWeekRun
from fpl_pulse.airflow.pipeline import Step, build_mapped_pipeline
from fpl_pulse.airflow.weekly import wait_for_upstream, weekly_dag
from fpl_pulse.etl import reconciliation, season_statistics

with weekly_dag("update_season_stats", __doc__):
    build_mapped_pipeline(
        wait=wait_for_upstream("update_season_stats"),
        plan=Step(
            season_statistics.plan_season_statistics,
            "Reads FPL's totals and figures again. Lists the players whose statistics are due and compares the calls"
            " with the budget.",
            reads=("sofasport_lineup_players",),
            writes=("fpl_players", "fpl_gameweeks", "fpl_fixtures", "fpl_player_fixtures"),
            calls_api=True,
        ),
        fetch=Step(
            season_statistics.fetch_season_statistics,
            "Archives the statistics that are due for the players of one or more clubs. Never fetches one twice.",
            calls_api=True,
        ),
        load=Step(
            season_statistics.load_season_statistics,
            "Loads the archived statistics that the table does not have: new ones, and those whose rows were deleted.",
            writes=("sofasport_season_statistics",),
        ),
        then=[
            Step(
                reconciliation.reconcile_cards,
                "Compares every player's cards of the season with FPL's official figures.",
                reads=("fixture_reconciliations", "fpl_player_fixtures"),
                writes=("figure_differences",),
            )
        ],
        beside=[
            ClearSameWeekRun(
                task_id="clear_radar_attributes",
                trigger_dag_id="update_radar_attributes",
                only_after_failed_wait=True,
                doc_md="If this week's attributes have waited in vain for this run: clears them. Otherwise nothing.",
            )
        ],
        check=Step(
            season_statistics.check_season_statistics,
            "Checks in the tables that statistics exist, and that they equal the sum of the player's matches. When"
            " red, it names the players.",
        ),
    )
