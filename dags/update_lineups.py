"""## Tue 03:00 · Lineups

Fetches the lineups and match statistics of the matches that have ended since they were last complete, and looks again
at matches whose ratings SofaSport may have corrected (one, three and seven days old). One task a match. Whoever is seen
for the first time is then matched to FPL, and every match's minutes and goals are held against FPL's official figures.

**Calls** to SofaSport: one a match, about 20 in a steady week (10 new, 10 second looks), and one page of events when a
match has ended since Monday.
When the quota does not last, the newest gameweek comes first and the run is green but marked short; the next run
fetches the rest.

**When it fails**
- `wait_for_update_fixture_mappings`: this week's run is missing or failed; the log says what to do.
- `fetch_lineup`: only the matches that failed are red; the others are loaded. Clear the red ones.
- `load_lineups`: a match's answer has an unexpected shape; the others are loaded. The answer is in `pulse.raw_answers`.
- `check_lineups`: a match older than two days has no lineups, not eleven starters, or goals that do not add up. Or its
  minutes and goals are not FPL's: the sentence names fixtures and players with both values, SofaSport's first, and
  `pulse.figure_differences` has them all. Look at what they have in common:
  - players with minutes on one side only ("none"): their links are missing or wrong, see `pulse.player_mappings`;
  - nearly all players of a fixture: it is linked to another match, see `pulse.fixture_mappings`;
  - other values of the same players: one side has corrected them. Trigger with these `matches` and `refresh`.

  Assists are listed and never fail it. What is let pass stands in `include/fpl_pulse/etl/thresholds.py`.

**Clearing** any task or the whole run is safe: what is complete is not fetched again. To fetch a match again in any
case, trigger with `matches` and `refresh`. A clear that includes what follows `load_lineups` (Downstream, as the UI
proposes) also clears this week's runs of `collect_heatmaps` and `update_season_stats`, if they have been: they wait for
this run, then ask for the heatmaps and the season statistics of whoever has minutes now and had none before, or other
figures than before.
"""

from airflow.providers.standard.operators.empty import EmptyOperator
from airflow.providers.standard.operators.python import PythonOperator

from fpl_pulse.airflow.clears import ClearSameWeekRun
from fpl_pulse.airflow.steps import step
from fpl_pulse.airflow.weekly import POOL, table, wait_for_upstream, weekly_dag

with weekly_dag("update_lineups", __doc__):
    wait = wait_for_upstream("update_lineups")
    plan_matches = PythonOperator(
        task_id="plan_matches",
        doc_md="Works out which matches are due, forecasts the calls and holds them against the quota.",
        python_callable=step("lineups.plan_matches", opens_run=True),
        pool=POOL,
        inlets=[table("sofasport_events"), table("fixture_mappings")],
    )
    fetch_lineup = PythonOperator.partial(
        task_id="fetch_lineup",
        doc_md="One task a match: fetches its lineups and statistics into the archive. Never fetches what is there.",
        python_callable=step("lineups.fetch_lineup"),
        pool=POOL,
        map_index_template="{{ place }}",
    ).expand(op_kwargs=plan_matches.output)
    # Done, not green: what was fetched is loaded even when a fetch failed or nothing was due.
    fetches_done = EmptyOperator(
        task_id="fetches_done",
        doc_md="Lets the load begin when every fetch has ended, green or not.",
        trigger_rule="all_done",
    )
    load_lineups = PythonOperator(
        task_id="load_lineups",
        doc_md="Loads what the archive has and the tables have not, match by match.",
        python_callable=step("lineups.load_lineups"),
        outlets=[table("sofasport_lineups"), table("sofasport_lineup_players")],
    )
    clear_heatmaps = ClearSameWeekRun(
        task_id="clear_heatmaps",
        trigger_dag_id="collect_heatmaps",
        doc_md="In a run that was cleared: clears this week's heatmaps as well. Does nothing in any other run.",
    )
    clear_season_statistics = ClearSameWeekRun(
        task_id="clear_season_statistics",
        trigger_dag_id="update_season_stats",
        doc_md="In a run that was cleared: clears this week's season statistics too. Does nothing in any other run.",
    )
    resolve_identities = PythonOperator(
        task_id="resolve_identities",
        doc_md="Weighs the evidence on players anew, now with the matches' minutes. No call.",
        python_callable=step("mappings.resolve_identities"),
        inlets=[table("fpl_players"), table("sofasport_lineup_players")],
    )
    load_mappings = PythonOperator(
        task_id="load_mappings",
        doc_md="Writes who is who: the links, and the pairs that wait for a person.",
        python_callable=step("mappings.load_mappings"),
        outlets=[table("team_mappings"), table("player_mappings"), table("fixture_mappings")],
    )
    reconcile_figures = PythonOperator(
        task_id="reconcile_figures",
        doc_md="Holds every match's minutes and goals against FPL's official figures.",
        python_callable=step("reconciliation.reconcile_figures"),
        inlets=[table("sofasport_lineup_players"), table("fpl_player_fixtures")],
        outlets=[table("fixture_reconciliations"), table("figure_differences")],
    )
    check_lineups = PythonOperator(
        task_id="check_lineups",
        doc_md="Asks the tables for lineups, eleven starters and goals that add up; red says which match lacks what.",
        python_callable=step("lineups.check_lineups", closes_run=True),
        trigger_rule="none_failed_min_one_success",
    )

    # The load needs the plan and the end of the fetches, the check also their success: a failed fetch stays red.
    (
        wait
        >> plan_matches
        >> fetch_lineup
        >> fetches_done
        >> load_lineups
        >> clear_heatmaps
        >> clear_season_statistics
        >> resolve_identities
        >> load_mappings
        >> reconcile_figures
        >> check_lineups
    )
    plan_matches >> load_lineups
    fetch_lineup >> check_lineups
