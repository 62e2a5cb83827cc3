"""The sections about runs that wait, are late, or did not start."""

from threading import Event

import psutil
import pytest

from dev.hostile.corruption import Corruption
from dev.local.stack_record import StackRecord
from fpl_pulse.api import sofasport
from tests.long.runbook import ui
from tests.long.runbook.installation import HEATMAPS, LINEUPS, MAPPINGS, Installation
from tests.long.runbook.operator import Operator
from tests.long.runbook.situations import NOT_SUBSCRIBED, answering, held

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(600)]


@pytest.mark.section("A wait failed")
def test_a_wait_for_a_red_run(installation: Installation, page: Operator) -> None:
    installation.restore("monday")
    installation.source_answers(answering(NOT_SUBSCRIBED, sofasport.LINEUPS))
    lineups = installation.come_due(LINEUPS)
    assert installation.wait_for_end(LINEUPS, lineups) == "failed"
    heatmaps = installation.come_due(HEATMAPS)
    assert installation.wait_for_end(HEATMAPS, heatmaps) == "failed"
    installation.wait_for_alert(HEATMAPS, "run_failed")
    seen = installation.evidence(HEATMAPS, heatmaps)
    page.sees(seen)
    page.is_linked_from(seen)
    log = "\n".join(ui.log(installation, HEATMAPS, heatmaps, "wait_for_update_lineups"))
    assert "Tue 03:00 · Lineups, run of 2 September, has failed" in log
    assert "the subscription does not include this call" in log
    installation.source_answers()
    ui.clear_only_failed(installation, LINEUPS, lineups)
    installation.over_when_green(LINEUPS, lineups)
    installation.over_when_green(HEATMAPS, heatmaps)


@pytest.mark.section("A run is late")
def test_a_run_that_waits_and_a_task_that_hangs(installation: Installation, page: Operator) -> None:
    installation.restore("week")
    ui.pause(installation, MAPPINGS.slot.dag_id)
    lineups = installation.come_due(LINEUPS)
    installation.wait_for_task(LINEUPS, lineups, "wait_for_update_fixture_mappings", "up_for_reschedule")
    installation.miss_deadline()
    alert = installation.wait_for_alert(LINEUPS, "deadline_missed")
    page.sees(alert)
    page.is_linked_from(alert)
    assert "waiting for Mon 02:00 · Fixture mappings since" in alert
    ui.unpause(installation, MAPPINGS.slot.dag_id)
    mappings = installation.come_due(MAPPINGS)
    installation.over_when_green(MAPPINGS, mappings)
    installation.over_when_green(LINEUPS, lineups)

    installation.restore("monday")
    is_back = Event()
    installation.source_answers(Corruption(sofasport.LINEUPS, held(is_back)))
    lineups = installation.come_due(LINEUPS)
    installation.wait_for_task(LINEUPS, lineups, "fetch_lineup", "running")
    installation.miss_deadline()
    alert = installation.wait_for_alert(LINEUPS, "deadline_missed")
    assert "Running: fetch_lineup" in alert
    ui.mark_task(installation, LINEUPS, lineups, "fetch_lineup", "failed")
    is_back.set()
    installation.source_answers()
    ui.clear(installation, LINEUPS, lineups, "fetch_lineup")
    installation.over_when_green(LINEUPS, lineups)


@pytest.mark.section("A run did not start")
def test_a_paused_dag_a_dead_scheduler_and_a_manual_run(installation: Installation, page: Operator) -> None:
    installation.restore("week")
    ui.pause(installation, MAPPINGS.slot.dag_id)
    run_id = installation.run_until("success", LINEUPS)
    alert = installation.wait_for_alert(MAPPINGS, "run_missing")
    page.sees(alert)
    page.is_linked_from(alert)
    paused = page.types("make up").split("Paused, so they do not run:\n")[1]
    assert [line for line in paused.splitlines() if MAPPINGS.slot.display_name in line]
    ui.unpause(installation, MAPPINGS.slot.dag_id)
    installation.over_when_green(MAPPINGS, installation.come_due(MAPPINGS))
    assert installation.open_alerts(MAPPINGS) == []

    record = StackRecord.load(installation.checkout.layout)
    assert record is not None
    (scheduler,) = [one for one in record.processes if one.name == "scheduler"]
    children = psutil.Process(scheduler.pid).children(recursive=True)
    for process in (psutil.Process(scheduler.pid), *children):
        process.kill()
    assert "ENDED     scheduler" in page.types("make status")
    assert "Airflow: http" in page.types("make up")
    known = installation.airflow.run_ids(LINEUPS.slot.dag_id)
    assert run_id in known
    page.types("dags trigger update_lineups")
    (again,) = installation.airflow.run_ids(LINEUPS.slot.dag_id) - known
    installation.over_when_green(LINEUPS, again)
