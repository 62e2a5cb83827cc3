"""## Tue 04:00 · Heatmaps

Fetches the heatmaps of players with minutes in ended matches, after the lineups have said who they are. One task a
match. Where SofaSport has no heatmap that is remembered, asked again when the
absence is 1, 3 and 7 days old, and then left. Where SofaSport has corrected a player's minutes since, his heatmap is
asked for again.

**Calls** to SofaSport: one a player with minutes, about 300 in a steady week.
When the quota does not last, the newest gameweek comes first and the run is green but marked short; the next run
fetches the rest.

**When it fails**
- `wait_for_update_lineups`: this week's lineups are missing or failed; the log says what to do.
- `fetch_heatmaps`: only the matches that failed are red; what was fetched is kept and loaded. Clear the red ones: only
  what is missing is fetched.
- `check_heatmaps`: heatmaps were never asked for, or of the matches older than two days too few are there.

**Clearing** any task or the whole run is safe: what is there is not fetched again. A clear of this week's
`update_lineups` clears this run as well (its task `clear_heatmaps`), so that the matches are looked at again.
"""

from airflow.providers.standard.operators.empty import EmptyOperator
from airflow.providers.standard.operators.python import PythonOperator

from fpl_pulse.airflow.steps import step
from fpl_pulse.airflow.weekly import POOL, table, wait_for_upstream, weekly_dag

with weekly_dag("collect_heatmaps", __doc__):
    wait = wait_for_upstream("collect_heatmaps")
    plan_heatmaps = PythonOperator(
        task_id="plan_heatmaps",
        doc_md="Works out which players' heatmaps are due, forecasts the calls and holds them against the quota.",
        python_callable=step("heatmaps.plan_heatmaps", opens_run=True),
        inlets=[table("sofasport_lineup_players")],
    )
    fetch_heatmaps = PythonOperator.partial(
        task_id="fetch_heatmaps",
        doc_md="One task a match: fetches its missing heatmaps into the archive. Never fetches what is there.",
        python_callable=step("heatmaps.fetch_heatmaps"),
        pool=POOL,
        map_index_template="{{ place }}",
    ).expand(op_kwargs=plan_heatmaps.output)
    # Done, not green: what was fetched is loaded even when a fetch failed or nothing was due.
    fetches_done = EmptyOperator(
        task_id="fetches_done",
        doc_md="Lets the load begin when every fetch has ended, green or not.",
        trigger_rule="all_done",
    )
    load_heatmaps = PythonOperator(
        task_id="load_heatmaps",
        doc_md="Loads what the archive has and the table has not, match by match.",
        python_callable=step("heatmaps.load_heatmaps"),
        outlets=[table("sofasport_heatmaps")],
    )
    check_heatmaps = PythonOperator(
        task_id="check_heatmaps",
        doc_md="Asks the tables how many of those with minutes have a heatmap; red says who lacks one.",
        python_callable=step("heatmaps.check_heatmaps", closes_run=True),
        trigger_rule="none_failed_min_one_success",
    )

    # The load needs the plan and the end of the fetches, the check also their success: a failed fetch stays red.
    wait >> plan_heatmaps >> fetch_heatmaps >> fetches_done >> load_heatmaps >> check_heatmaps
    plan_heatmaps >> load_heatmaps
    fetch_heatmaps >> check_heatmaps
