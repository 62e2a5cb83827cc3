"""The section about mistakes of people. `make mistakes` makes all of them; here the page's commands are typed."""

from threading import Event

import pytest

from dev.hostile.corruption import Corruption
from fpl_pulse.api import sofasport
from tests.long.runbook import ui
from tests.long.runbook.installation import ATTRIBUTES, LINEUPS, Installation
from tests.long.runbook.operator import Operator
from tests.long.runbook.situations import held

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(600)]

SLOT, CHANGED_SLOT = '"Radar attributes", 2, 3,', '"Radar attributes", 2, 4,'


def run_paused_in_its_middle(installation: Installation) -> str:
    """A run of the lineups whose DAG somebody has paused some minutes ago. Returns its id."""
    is_back = Event()
    installation.source_answers(Corruption(sofasport.LINEUPS, held(is_back)))
    run_id = installation.run(LINEUPS)
    installation.wait_for_task(LINEUPS, run_id, "fetch_lineup", "running")
    ui.pause(installation, LINEUPS.slot.dag_id)
    is_back.set()
    installation.wait_until(
        "the tasks that had begun have ended",
        lambda: not [task for task in installation.tasks(LINEUPS, run_id) if task.state in ("running", "queued")],
    )
    installation.change(
        "update pulse.task_attempts set finished_at = finished_at - interval '10 minutes' where run_id = %s", run_id
    )
    return run_id


@pytest.mark.section("Mistakes")
def test_a_pause_in_the_middle_of_a_run_and_a_changed_slot(installation: Installation, page: Operator) -> None:
    installation.restore("monday")
    run_id = run_paused_in_its_middle(installation)
    printed = page.types("make status")
    page.sees(printed)
    assert "no task has run since" in " ".join(printed.split())
    assert f"Paused    {LINEUPS.slot.display_name}: " in printed
    ui.unpause(installation, LINEUPS.slot.dag_id)
    installation.over_when_green(LINEUPS, run_id)

    known = installation.airflow.run_ids(ATTRIBUTES.slot.dag_id)
    week = installation.checkout.folder / "include" / "fpl_pulse" / "week.py"
    before = week.read_text()
    assert SLOT in before
    week.write_text(before.replace(SLOT, CHANGED_SLOT))
    try:
        page.types("make down")
        page.types("make up")
        new: set[str] = set()

        def has_begun() -> bool:
            new.update(installation.airflow.run_ids(ATTRIBUTES.slot.dag_id) - known)
            return bool(new)

        installation.wait_until("the changed slot of this week runs at once", has_begun)
        for changed in new:
            installation.over_when_green(ATTRIBUTES, changed)
        page.types("make dags")
        assert "Wed 04:00 · Radar attributes" in (installation.checkout.folder / "docs" / "dags.md").read_text()
        assert "ALL RIGHT SO FAR" in page.types("make status")
    finally:
        week.write_text(before)
        installation.type("make down; make up")
