"""## Lineups

Fetches the lineups and match statistics of ended matches that are not complete yet. A complete match is fetched again
in the next run after it is 1, 3, 7 and 14 days old, because SofaSport corrects ratings, and a week after it has changed
by a correction. After the load, players who are new in the lineups are linked to FPL players, and the minutes and goals
of every match are compared with FPL's.

**Calls** to SofaSport: one per match, about 30 in a steady week (10 new matches, 20 fetched again), and one page of
events if a match has ended since Monday. If the budget is too small, the run fetches the newest gameweek first.
Such a partial run is green, and the next run fetches the rest.

**When it fails**
- `wait_for_update_fixture_mappings`: this week's `update_fixture_mappings` failed or is missing. The log says what to
  do.
- `refresh_results`: FPL or SofaSport was down, FPL's response was refused, the key is wrong, the quota is spent, or
  the run's choices contradict each other. The last sentence of the log says which. No lineup was fetched yet.
- `fetch_lineup`: a task is red when one of its matches failed. The others are loaded. Clear the red tasks: they fetch
  only what is missing.
- `load_lineups`: a bug, or the database failed. A response with an unexpected shape does not fail it: the check names
  the match, and `pulse.rejected_records` the reason.
- `check_lineups` fails for one of two reasons:
  - A match older than two days has no lineups, does not have eleven starters on each side, or has goals that do not add
    up to the score. The sentence names the match.
  - Minutes or goals differ from FPL's. The sentence names fixtures and players with both values, SofaSport's first.
    `pulse.figure_differences` has all of them. Find what they have in common:
    - players with minutes in one source only ("none"): their links are missing or wrong, see `pulse.player_mappings`;
    - nearly all players of one fixture: the fixture is linked to the wrong match, see `pulse.fixture_mappings`;
    - the same players with different values: one source has corrected them. Trigger with these `matches` and `refresh`.

  Differing assists are listed, but never fail the check. The tolerances are in `include/fpl_pulse/etl/thresholds.py`.

**Clearing** any task or the whole run is safe. What is complete is not fetched again. To fetch a match again, trigger
with `matches` and `refresh`. A clear of `load_lineups` with its downstream tasks also clears this week's runs of
`collect_heatmaps` and `update_season_stats`, if these exist. They wait for this run, then fetch what follows from
changed lineups. Runs of theirs that have failed because they waited for this run are cleared in any case.
"""

from fpl_pulse.airflow.clears import ClearSameWeekRun
from fpl_pulse.airflow.pipeline import Step, build_mapped_pipeline
from fpl_pulse.airflow.weekly import wait_for_upstream, weekly_dag
from fpl_pulse.etl import lineups, mappings, reconciliation

with weekly_dag("update_lineups", __doc__):
    build_mapped_pipeline(
        wait=wait_for_upstream("update_lineups"),
        refresh=Step(
            lineups.refresh_results,
            "Reads FPL's totals, results and figures and, if a match has ended since the last look, SofaSport's page of"
            " past events.",
            writes=("fpl_players", "fpl_gameweeks", "fpl_fixtures", "fpl_player_fixtures", "sofasport_events"),
            calls_api=True,
        ),
        plan=Step(
            lineups.plan_matches,
            "Lists the matches that are due and compares the calls they cost with the budget.",
            reads=("sofasport_events", "fixture_mappings"),
            calls_api=True,
        ),
        fetch=Step(
            lineups.fetch_lineup,
            "Archives the lineups of several matches. A cleared task makes only the calls that are still open.",
            calls_api=True,
        ),
        load=Step(
            lineups.load_lineups,
            "Loads the archived lineups that the tables do not have: new ones, and those whose rows were deleted.",
            writes=("sofasport_lineups", "sofasport_lineup_players"),
        ),
        then=[
            Step(
                mappings.resolve_identities,
                "Computes the links of players again, now with the minutes of the new lineups. Makes no call.",
                reads=("fpl_players", "sofasport_lineup_players"),
            ),
            Step(
                mappings.load_mappings,
                "Writes the links, and the pairs that need a manual decision.",
                writes=("team_mappings", "player_mappings", "fixture_mappings"),
            ),
            Step(
                reconciliation.reconcile_figures,
                "Compares the minutes and goals of every match with FPL's official figures.",
                reads=("sofasport_lineup_players", "fpl_player_fixtures"),
                writes=("fixture_reconciliations", "figure_differences"),
            ),
        ],
        beside=[
            ClearSameWeekRun(
                task_id="clear_heatmaps",
                trigger_dag_id="collect_heatmaps",
                doc_md="If this run was cleared, or this week's heatmaps have waited in vain for it: clears them.",
            ),
            ClearSameWeekRun(
                task_id="clear_season_statistics",
                trigger_dag_id="update_season_stats",
                doc_md="If this run was cleared, or this week's statistics have waited in vain for it: clears them.",
            ),
        ],
        check=Step(
            lineups.check_lineups,
            "Checks in the tables that matches have lineups, eleven starters a side, and goals that add up. When red,"
            " it says what each match lacks.",
        ),
    )
