"""## Wed 02:00 · Season statistics

Fetches the season statistics of the players who have appeared, or whose matches were corrected, since theirs were last
read. One task a club. The check adds up the matches: minutes and goals must agree for every player. The yellow and red
cards are held against FPL's.

**Calls** to SofaSport: one a player who played, about 300 in a steady week.
When the quota does not last, the newest gameweek comes first and the run is green but marked short; the next run
fetches the rest.

**When it fails**
- `wait_for_update_lineups`: this week's lineups are missing or failed; the log says what to do.
- `fetch_season_statistics`: only the clubs that failed are red; what was fetched is kept and loaded. Clear them: only
  what is missing is fetched.
- `check_season_statistics`: names the players whose totals are not the sum of their matches. Usually a lineup is
  missing or was corrected: run `update_lineups`. Clear this run then: players whose totals differ are asked for again.
  Or it names players whose yellow or red cards are not FPL's, SofaSport's value first; `pulse.figure_differences` has
  them all under fixture 0. A link is wrong (`pulse.player_mappings`), or one side has corrected a card: trigger with
  these `players` and `refresh`. Yellow cards of a match that ended with a red one are known to differ and do not count.

**Clearing** any task or the whole run is safe. A clear of this week's `update_lineups` clears this run as well (its
task `clear_season_statistics`), so that whoever's matches have changed is asked for again.
"""

from airflow.providers.standard.operators.empty import EmptyOperator
from airflow.providers.standard.operators.python import PythonOperator

from fpl_pulse.airflow.steps import step
from fpl_pulse.airflow.weekly import POOL, table, wait_for_upstream, weekly_dag

with weekly_dag("update_season_stats", __doc__):
    wait = wait_for_upstream("update_season_stats")
    plan_season_statistics = PythonOperator(
        task_id="plan_season_statistics",
        doc_md="Works out whose season statistics are due, forecasts the calls and holds them against the quota.",
        python_callable=step("season_statistics.plan_season_statistics", opens_run=True),
        inlets=[table("sofasport_lineup_players")],
    )
    fetch_season_statistics = PythonOperator.partial(
        task_id="fetch_season_statistics",
        doc_md="One task a club: fetches what its players are due into the archive. Never fetches what is there.",
        python_callable=step("season_statistics.fetch_season_statistics"),
        pool=POOL,
        map_index_template="{{ place }}",
    ).expand(op_kwargs=plan_season_statistics.output)
    # Done, not green: what was fetched is loaded even when a fetch failed or nothing was due.
    fetches_done = EmptyOperator(
        task_id="fetches_done",
        doc_md="Lets the load begin when every fetch has ended, green or not.",
        trigger_rule="all_done",
    )
    load_season_statistics = PythonOperator(
        task_id="load_season_statistics",
        doc_md="Loads what the archive has and the table has not.",
        python_callable=step("season_statistics.load_season_statistics"),
        outlets=[table("sofasport_season_statistics")],
    )
    reconcile_cards = PythonOperator(
        task_id="reconcile_cards",
        doc_md="Holds every player's cards of the season against FPL's official figures.",
        python_callable=step("reconciliation.reconcile_cards"),
        inlets=[table("fixture_reconciliations"), table("fpl_player_fixtures")],
        outlets=[table("figure_differences")],
    )
    check_season_statistics = PythonOperator(
        task_id="check_season_statistics",
        doc_md="Asks the tables whether everybody has statistics, the sum of his matches; red names who has not.",
        python_callable=step("season_statistics.check_season_statistics", closes_run=True),
        trigger_rule="none_failed_min_one_success",
    )

    # The load needs the plan and the end of the fetches, the check also their success: a failed fetch stays red.
    (
        wait
        >> plan_season_statistics
        >> fetch_season_statistics
        >> fetches_done
        >> load_season_statistics
        >> reconcile_cards
        >> check_season_statistics
    )
    plan_season_statistics >> load_season_statistics
    fetch_season_statistics >> check_season_statistics
