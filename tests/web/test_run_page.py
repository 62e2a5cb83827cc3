"""The tab on Airflow's pages of a run and a task."""

from typing import Any

import psycopg
import pytest

from dev.pipelines import Pipelines
from fpl_pulse.web.pages import run_page
from tests.web.browsing import pages_on, text_of
from tests.web.conftest import connector
from tests.web.serving import Client

HOSTILE = "<script>alert(1)</script> \u202eevil 'quoted' 😀 " + "long" * 60


def run_of(installation: Pipelines, dag_id: str) -> tuple[str, dict[str, Any]]:
    """The address of the tab of the pipeline's run, and the run."""
    with installation.conn.cursor(row_factory=psycopg.rows.dict_row) as cursor:
        run = cursor.execute("select * from pulse.pipeline_runs where dag_id = %s", [dag_id]).fetchall()[0]
    return f"/runs/{dag_id}/{run['run_id']}/", run


def test_a_run_shows_its_plan_rows_findings_and_matches(pages: Client, unchanged: Pipelines) -> None:
    path, run = run_of(unchanged, "update_lineups")
    page = pages.get(path)
    shown = text_of(page.text)
    assert f"{run['rows_inserted']:,} new, {run['rows_updated']:,} changed or deleted" in shown
    planned, fetched = unchanged.conn.execute(
        "select planned, fetched from pulse.run_plans where run_id = %s", [run["run_id"]]
    ).fetchall()[0]
    assert f"lineups {planned} {fetched} 0 0 0 0 0" in shown
    statement = "select sum(have) from pulse.coverage where run_id = %s and what = 'matches with lineups'"
    matches = unchanged.conn.execute(statement, [run["run_id"]]).fetchall()[0][0]
    assert f"matches with lineups {matches} of {matches} complete nothing" in shown
    assert "No attempt of a task has failed." in shown
    fixture = unchanged.one("select fixture_id from pulse.fpl_fixtures where gameweek = 1 order by 1 limit 1")
    assert f'href="../../../matches/{fixture}/"' in page.text


def test_failures_rejections_and_corrections_are_shown(small: Pipelines) -> None:
    path, run = run_of(small, "update_lineups")
    key = {"run_id": run["run_id"], "as_of": run["as_of"], "text": HOSTILE}
    small.conn.execute(
        "insert into pulse.task_attempts (dag_id, run_id, task_id, map_index, try_number, label, state, message,"
        " can_retry, error, section) values ('update_lineups', %(run_id)s, 'fetch', 3, 1, 'GW7 A-B', 'failed',"
        " %(text)s, false, 'AccessRefusedError', 'the-key-is-refused')",
        key,
    )
    small.conn.execute(
        "insert into pulse.rejected_records (endpoint, resource, path, response_id, reason, record, as_of, resource_id)"
        " select 'events/lineups', resource, 'home.players[3]', response_id, %(text)s, '{}', %(as_of)s, resource_id"
        " from pulse.raw_resources where endpoint = 'events/lineups' limit 1",
        key,
    )
    small.conn.execute(
        "update pulse.planned_calls set outcome = null where planned_call_id ="
        " (select min(planned_call_id) from pulse.planned_calls where run_id = %(run_id)s)",
        key,
    )
    # The trigger keeps the row of before, with the time of the change from the new one.
    small.conn.execute(
        "update pulse.sofasport_lineup_players set rating = 9.87, observed_at = observed_at + interval '1 hour'"
        " where (event_id, player_id) = (select event_id, player_id from pulse.sofasport_lineup_players"
        " where rating < 9 order by 1, 2 limit 1)"
    )
    small.conn.execute("update pulse.revisions set valid_to = %(as_of)s", key)
    with pages_on(connector(small.conn)) as client:
        page = client.get(path)
        of_task = text_of(client.get(f"{path}?task=fetch").text)
    shown = text_of(page.text)
    assert "fetch, GW7 A-B: attempt 1 needs somebody" in shown
    assert "docs/runbook.md#the-key-is-refused" in shown
    assert "1 record of responses" in shown
    assert "home.players[3]" in shown
    assert "1 call is open, failed or skipped" in shown
    assert "of 1 row of sofasport lineup players" in shown
    assert "9.87" in shown
    assert of_task.index("fetch, GW7 A-B") < of_task.index("Plan Calls")
    assert shown.index("fetch, GW7 A-B") > shown.index("Plan Calls")
    assert "this task" in of_task
    assert "<script>alert" not in page.text


@pytest.mark.parametrize(("most", "caption"), [(3, "Figures of matches Match"), (2, "matches, the first 2 of 3 Match")])
def test_corrections_that_are_not_shown_are_counted(
    small: Pipelines, monkeypatch: pytest.MonkeyPatch, most: int, caption: str
) -> None:
    path, run = run_of(small, "update_lineups")
    small.conn.execute(
        "update pulse.sofasport_lineup_players set rating = 9.87, observed_at = observed_at + interval '1 hour'"
        " where (event_id, player_id) in (select event_id, player_id from pulse.sofasport_lineup_players"
        " where rating < 9 order by 1, 2 limit 3)"
    )
    small.conn.execute("update pulse.revisions set valid_to = %s", [run["as_of"]])
    monkeypatch.setattr(run_page, "MOST_ROWS", most)
    with pages_on(connector(small.conn)) as client:
        assert caption in text_of(client.get(path).text)


def test_gameweeks_that_fail_a_check_are_in_the_order_of_their_numbers(small: Pipelines) -> None:
    path, run = run_of(small, "update_lineups")
    columns = "dag_id, run_id, what, season, have, want, not_yet, least, missing, as_of"
    inserted = small.conn.execute(
        f"insert into pulse.coverage ({columns}, gameweek, is_enough) select {columns}, number, false"
        " from pulse.coverage, unnest(array[10, 9]) as number"
        " where run_id = %s and gameweek = 1 and what = 'matches with lineups'",
        [run["run_id"]],
    )
    assert inserted.rowcount == 2
    with pages_on(connector(small.conn)) as client:
        assert "not enough gameweeks 9, 10" in text_of(client.get(path).text)


def test_a_run_that_skipped_calls_is_partial_on_every_page(small: Pipelines) -> None:
    path, _ = run_of(small, "update_lineups")
    small.conn.execute("update pulse.pipeline_runs set calls_skipped = 3 where dag_id = 'update_lineups'")
    with pages_on(connector(small.conn)) as client:
        for address in (path, "/data/", "/week/?week=2025-08-27"):
            assert '<span class="mark warn">partial</span>' in client.get(address).text, address


def test_a_foreign_dag_gets_a_sentence(pages: Client) -> None:
    response = pages.get("/runs/somebody_elses_dag/scheduled__2025-10-13T01:00:00+00:00/?task=x")
    assert response.status_code == 200
    assert "somebody_elses_dag has no plan, rows or findings." in text_of(response.text)


def test_a_run_without_a_row_gets_a_sentence(pages: Client) -> None:
    response = pages.get("/runs/update_lineups/scheduled__2031-01-07T03:00:00.123456+00:00/")
    assert response.status_code == 200
    assert "This run has nothing to show yet." in text_of(response.text)


def test_an_empty_store_gets_a_sentence(dsn: str) -> None:
    with pages_on(lambda: psycopg.connect(dsn)) as client:
        response = client.get("/runs/update_fixture_mappings/manual__1/")
    assert response.status_code == 200
    assert "This run has nothing to show yet." in text_of(response.text)


@pytest.mark.parametrize("run_id", ["%3Cscript%3Ealert(1)%3C%2Fscript%3E", "a%00b", "%F0%9F%98%80", "'; drop table x"])
def test_a_hostile_id_is_shown_as_text(pages: Client, run_id: str) -> None:
    response = pages.get(f"/runs/{run_id.replace('%2F', '')}/{run_id.replace('%2F', '')}/")
    assert response.status_code == 200
    assert "<script>alert" not in response.text


def test_a_run_of_the_week_of_the_statistics_is_shown(pages: Client, unchanged: Pipelines) -> None:
    for dag_id in ("update_fixture_mappings", "collect_heatmaps", "update_season_stats", "update_radar_attributes"):
        path, _ = run_of(unchanged, dag_id)
        assert "success" in text_of(pages.get(path).text)
