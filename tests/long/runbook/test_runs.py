"""The sections about any red run: the status, a failed run, wrong parameters, an empty store, no database, no space."""

import re

import pytest

from tests.db.small_disk import on_a_small_disk
from tests.long.runbook import ui
from tests.long.runbook.installation import DATA, HEATMAPS, LINEUPS, MAPPINGS, Installation
from tests.long.runbook.operator import Operator
from tests.long.runbook.situations import NOT_SUBSCRIBED, new_match, one_match

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(600)]


def failed_lineups(installation: Installation) -> str:
    """A red run of the lineups, whose reason is gone."""
    installation.source_answers(one_match(NOT_SUBSCRIBED, new_match(installation)))
    run_id = installation.run_until("failed", LINEUPS)
    installation.wait_for_alert(LINEUPS, "run_failed")
    installation.source_answers()
    return run_id


@pytest.mark.section("What make status says")
def test_the_status_of_a_week_with_a_red_run(installation: Installation, page: Operator) -> None:
    installation.restore("monday")
    run_id = failed_lineups(installation)
    printed = page.types("make status")
    assert "NOT ALL RIGHT. Failed: Lineups." in printed.splitlines()[0]
    page.is_linked_from(printed)
    states = set(re.findall(r"^\w{3} \d\d:00  \w[\w ]+?  +(\w+(?: \w+)?)  ", printed, re.MULTILINE))
    assert states == {"success", "FAILED", "not due"}
    assert states <= set(re.findall(r"`([\w ]+)`", page.section.text))
    ui.clear_only_failed(installation, LINEUPS, run_id)
    installation.over_when_green(LINEUPS, run_id)
    printed = page.types("make status")
    assert "ALL RIGHT SO FAR. 2 of 5 runs have succeeded." in printed


@pytest.mark.section("A run failed")
def test_a_failed_run_is_cleared_marked_or_its_alert_closed(installation: Installation, page: Operator) -> None:
    installation.restore("monday")
    run_id = failed_lineups(installation)
    (alert,) = installation.open_alerts(LINEUPS)
    page.sees(alert)
    note = ui.run_details(installation, LINEUPS, run_id)["note"]
    reason = "the subscription does not include this call"
    assert reason in note
    assert reason in alert
    ui.clear_only_failed(installation, LINEUPS, run_id)
    installation.over_when_green(LINEUPS, run_id)
    assert installation.rows("select state from pulse.pipeline_runs where run_id = %s", run_id) == [("success",)]

    installation.restore("monday")
    run_id = failed_lineups(installation)
    ui.mark_run(installation, LINEUPS, run_id, "success")
    installation.over_when_green(LINEUPS, run_id)
    ((state, message),) = installation.rows("select state, message from pulse.pipeline_runs where run_id = %s", run_id)
    marked = "marked as success in Airflow"
    assert state == "success"
    assert marked in message
    assert marked in ui.run_details(installation, LINEUPS, run_id)["note"]

    run_id = installation.run_until("failed", HEATMAPS, {"gameweek": [1]})
    installation.wait_for_alert(HEATMAPS, "run_failed")
    ((number,),) = installation.rows("select alert_id from pulse.alerts where run_id = %s", run_id)
    assert f"{number}  run failed" in page.types("make alerts")
    assert f"Closed {number}: " in page.types("close 12", {"close 12": f"close {number}"})
    assert installation.open_alerts(HEATMAPS) == []
    ((closed_by, why),) = installation.rows(
        "select closed_by, closed_because from pulse.alerts where alert_id = %s", number
    )
    assert closed_by
    assert why == "the source was down for us only"


@pytest.mark.section("Wrong parameters")
def test_a_run_with_wrong_parameters_is_replaced(installation: Installation, page: Operator) -> None:
    installation.restore("week")
    red = installation.run_until("failed", HEATMAPS, {"gameweek": [1]})
    installation.wait_for_alert(HEATMAPS, "run_failed")
    seen = installation.evidence(HEATMAPS, red)
    page.sees(seen)
    page.is_linked_from(seen)
    assert "gameweeks" in seen
    assert installation.calls(red) == 0
    ui.clear_only_failed(installation, HEATMAPS, red)
    assert installation.wait_for_end(HEATMAPS, red) == "failed"
    installation.wait_until("the second alert is open", lambda: len(installation.open_alerts(HEATMAPS, red)) == 2)
    installation.run_until("success", HEATMAPS, {"gameweeks": [1]})
    numbers = [str(row[0]) for row in installation.rows("select alert_id from pulse.alerts where run_id = %s", red)]
    # A run that fails again after a clear raises an alert of its own.
    assert len(numbers) == 2
    printed = page.types("make alerts")
    assert all(f"{number}  run failed" in printed for number in numbers)
    page.types("close 12", {"close 12": f"close {' '.join(numbers)}"})
    assert installation.open_alerts(HEATMAPS) == []


@pytest.mark.section("The store is empty")
def test_an_empty_store_is_filled_by_the_mappings(installation: Installation, page: Operator) -> None:
    installation.restore("week")
    installation.over_when_green(MAPPINGS, installation.come_due(MAPPINGS))
    installation.sandbox.source.set_clock(LINEUPS.as_of)
    # The data is lost, and Airflow still has the run that the lineups wait for.
    installation.replace_data("empty")
    known = installation.airflow.run_ids(MAPPINGS.slot.dag_id)
    run_id = installation.run_until("failed", LINEUPS)
    seen = installation.evidence(LINEUPS, run_id)
    page.sees(seen)
    page.is_linked_from(seen)
    page.types("dags trigger update_fixture_mappings")
    (mappings,) = installation.airflow.run_ids(MAPPINGS.slot.dag_id) - known
    installation.over_when_green(MAPPINGS, mappings)
    ui.clear_only_failed(installation, LINEUPS, run_id)
    installation.over_when_green(LINEUPS, run_id)


@pytest.mark.section("The database cannot be reached")
def test_a_database_that_was_down(installation: Installation, page: Operator) -> None:
    installation.restore("monday")
    installation.server.stop()
    try:
        run_id = installation.run_until("failed", LINEUPS)
        seen = installation.evidence(LINEUPS, run_id, has_store=False)
        page.sees(seen)
        typed = installation.type(page.next("make alerts"))
        assert typed.returncode != 0
        page.sees(typed.stderr)
    finally:
        installation.server.start()
    assert "No alert is open" in page.types("make alerts")
    ui.clear_only_failed(installation, LINEUPS, run_id)
    installation.over_when_green(LINEUPS, run_id)


@pytest.mark.section("A full disk")
def test_a_full_disk(installation: Installation, page: Operator) -> None:
    installation.restore("monday")
    with on_a_small_disk(installation.server, DATA) as disk:
        disk.fill()
        run_id = installation.run_until("failed", LINEUPS)
        seen = installation.evidence(LINEUPS, run_id, has_store=False)
        page.sees(seen)
        page.is_linked_from(seen)
        # Its processes have not ended: only the disk of the data is full.
        assert "ENDED" not in page.types("make status")
        assert re.search(r"\d [kM]B +\| +\d+ MB", page.types("pg_total_relation_size"))
        disk.free()
        assert "Airflow: http" in page.types("make up")
        ui.clear_only_failed(installation, LINEUPS, run_id)
        installation.over_when_green(LINEUPS, run_id)
