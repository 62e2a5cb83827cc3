"""## Mon 02:00 · Fixture mappings

Reads FPL's reference data (gameweeks, clubs, players, fixtures, official figures) and SofaSport's events and squads,
and works out who is who: which SofaSport club, player and event is which FPL club, player and fixture. The log of
`report_mappings` says it club by club, with the weakest links and everyone in review.

**Calls** to SofaSport: one page of past events; coming pages only when FPL has moved a fixture; squads only when FPL
has added somebody or the list is four weeks old. A first run reads all pages and squads, about 35 calls.

**When it fails**
- `fetch_…`: the log's last sentence says whether the source was down (clear the task later), the key is wrong (the
  connection it names), or the quota is spent (clear after the reset).
- `fetch_sofasport_squads`: more than three clubs failed. Up to three only raise an alert and are asked for next time.
- `check_mappings`: the sentence says what is missing. A club or player in review is a remark, not a failure: see the
  log of `report_mappings`, and decide with `python -m fpl_pulse.cli.mappings` (README). Nothing doubtful is ever
  linked.

**Clearing** any task or the whole run is safe at any time: every step writes by merge and ends in the same rows.
"""

from airflow.providers.standard.operators.python import PythonOperator

from fpl_pulse.airflow.steps import step
from fpl_pulse.airflow.weekly import POOL, table, weekly_dag

with weekly_dag("update_fixture_mappings", __doc__):
    fetch_fpl_reference = PythonOperator(
        task_id="fetch_fpl_reference",
        doc_md="Reads gameweeks, clubs, players, fixtures and official figures from FPL, and loads them.",
        python_callable=step("reference.fetch_fpl_reference", opens_run=True),
        pool=POOL,
        outlets=[table("fpl_players"), table("fpl_fixtures"), table("fpl_player_fixtures")],
    )
    fetch_sofasport_events = PythonOperator(
        task_id="fetch_sofasport_events",
        doc_md="Reads SofaSport's pages of events that may have changed, and loads them.",
        python_callable=step("events.fetch_sofasport_events"),
        pool=POOL,
        outlets=[table("sofasport_events")],
    )
    fetch_sofasport_squads = PythonOperator(
        task_id="fetch_sofasport_squads",
        doc_md="Reads the squads of clubs whose list is old or lacks somebody, and loads them.",
        python_callable=step("squads.fetch_sofasport_squads"),
        pool=POOL,
        outlets=[table("sofasport_squads")],
    )
    resolve_identities = PythonOperator(
        task_id="resolve_identities",
        doc_md="Weighs the evidence on clubs, players and events anew; people's decisions come first. No call.",
        python_callable=step("mappings.resolve_identities"),
        inlets=[
            table("fpl_players"),
            table("fpl_fixtures"),
            table("sofasport_events"),
            table("sofasport_squads"),
        ],
    )
    load_mappings = PythonOperator(
        task_id="load_mappings",
        doc_md="Writes who is who: the links, and the pairs that wait for a person.",
        python_callable=step("mappings.load_mappings"),
        outlets=[table("team_mappings"), table("player_mappings"), table("fixture_mappings")],
    )
    report_mappings = PythonOperator(
        task_id="report_mappings",
        doc_md="Logs who is linked, in review and without counterpart, club by club.",
        python_callable=step("mapping_report.report_mappings"),
    )
    check_mappings = PythonOperator(
        task_id="check_mappings",
        doc_md="Asks the tables whether clubs, fixtures and players with minutes are linked; red says what is missing.",
        python_callable=step("mapping_check.check_mappings", closes_run=True),
    )

    (
        fetch_fpl_reference
        >> fetch_sofasport_events
        >> fetch_sofasport_squads
        >> resolve_identities
        >> load_mappings
        >> report_mappings
        >> check_mappings
    )
