"""## Wed 03:00 · Radar attributes

Fetches the radar attributes of everyone in a squad who has none yet or has played since his were last read; those who
play take turns, each in every second week. One task a club. The average of a position is stored apart and is never
taken for a player's own.

**Calls** to SofaSport: about 200 in a steady week; some 640 on a first run.
When the quota does not last, the newest gameweek comes first and the run is green but marked short; the next run
fetches the rest.

**When it fails**
- `wait_for_update_season_stats`: this week's season statistics are missing or failed; the log says what to do.
- `fetch_attributes`: only the clubs that failed are red; what was fetched is kept and loaded. Clear them: only what is
  missing is fetched.
- `check_attributes`: too few players have attributes, somebody was never asked about, or an average was sold as a
  player's own.

**Clearing** any task or the whole run is safe.
"""

from airflow.providers.standard.operators.empty import EmptyOperator
from airflow.providers.standard.operators.python import PythonOperator

from fpl_pulse.airflow.steps import step
from fpl_pulse.airflow.weekly import POOL, table, wait_for_upstream, weekly_dag

with weekly_dag("update_radar_attributes", __doc__):
    wait = wait_for_upstream("update_radar_attributes")
    plan_attributes = PythonOperator(
        task_id="plan_attributes",
        doc_md="Works out whose attributes are due, forecasts the calls and holds them against the quota.",
        python_callable=step("attributes.plan_attributes", opens_run=True),
        inlets=[table("sofasport_squads"), table("sofasport_lineup_players")],
    )
    fetch_attributes = PythonOperator.partial(
        task_id="fetch_attributes",
        doc_md="One task a club: fetches what its players are due into the archive. Never fetches what is there.",
        python_callable=step("attributes.fetch_attributes"),
        pool=POOL,
        map_index_template="{{ place }}",
    ).expand(op_kwargs=plan_attributes.output)
    # Done, not green: what was fetched is loaded even when a fetch failed or nothing was due.
    fetches_done = EmptyOperator(
        task_id="fetches_done",
        doc_md="Lets the load begin when every fetch has ended, green or not.",
        trigger_rule="all_done",
    )
    load_attributes = PythonOperator(
        task_id="load_attributes",
        doc_md="Loads what the archive has and the tables have not: players' own rows, and the averages of positions.",
        python_callable=step("attributes.load_attributes"),
        outlets=[table("sofasport_attributes"), table("sofasport_position_averages")],
    )
    check_attributes = PythonOperator(
        task_id="check_attributes",
        doc_md="Asks the tables how many of those with minutes have attributes of their own; red says who lacks them.",
        python_callable=step("attributes.check_attributes", closes_run=True),
        trigger_rule="none_failed_min_one_success",
    )

    # The load needs the plan and the end of the fetches, the check also their success: a failed fetch stays red.
    wait >> plan_attributes >> fetch_attributes >> fetches_done >> load_attributes >> check_attributes
    plan_attributes >> load_attributes
    fetch_attributes >> check_attributes
