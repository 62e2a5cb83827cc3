"""The daily snapshot of FPL: two calls to FPL, none to SofaSport, and the history has what changed that day."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from dev.pipelines import Pipelines, slots_of
from fpl_pulse.alerts.outbox import raise_alert
from fpl_pulse.api import fpl
from fpl_pulse.api.calls import Resource
from fpl_pulse.errors import PayloadError
from fpl_pulse.etl.rebuild import rebuild
from fpl_pulse.etl.snapshot import snapshot_fpl
from fpl_pulse.store import runs
from fpl_pulse.week import SNAPSHOT
from tests.db.faults import change_responses
from tests.installations import FIRST_MONDAY

FRIDAY = slots_of(FIRST_MONDAY)["update_radar_attributes"] + timedelta(days=2)


def dearer(resource: Resource, payload: Any) -> Any:  # noqa: ANN401
    """FPL's response after the prices of two players have risen."""
    if resource.endpoint == fpl.BOOTSTRAP:
        for element in payload["elements"]:
            element["now_cost"] += element["id"] in (1, 2)
    return payload


def test_a_snapshot_makes_two_calls_and_keeps_what_has_changed(small: Pipelines) -> None:
    context = small.context(SNAPSHOT, FRIDAY)
    change_responses(context, dearer)
    found = snapshot_fpl(context)
    assert small.calls(context) == {}
    assert small.calls(context, "fpl") == {fpl.BOOTSTRAP: 1, fpl.FIXTURES: 1}
    assert found == {"changed": 2}
    changed = small.conn.execute(
        "select element_id, change from fpl.price_changes where seen_at = %s", [FRIDAY]
    ).fetchall()
    assert sorted(changed) == [(1, Decimal("0.1")), (2, Decimal("0.1"))]
    run = runs.find(small.conn, SNAPSHOT, context.run.run_id)
    assert run is not None
    assert (run.state, run.message) == ("success", "2 players changed since the reading before")


def test_a_second_snapshot_of_the_day_adds_nothing(small: Pipelines) -> None:
    snapshot_fpl(small.context(SNAPSHOT, FRIDAY))
    assert snapshot_fpl(small.context(SNAPSHOT, FRIDAY + timedelta(hours=1))) == {"changed": 0}


def test_a_success_closes_the_alert_about_an_earlier_snapshot(small: Pipelines) -> None:
    failed = small.context(SNAPSHOT, FRIDAY)
    raise_alert(small.conn, failed.run, "run_failed", "the snapshot of Friday", "FPL was down")
    snapshot_fpl(small.context(SNAPSHOT, FRIDAY + timedelta(days=1)))
    assert small.one("select count(*) from pulse.alerts where closed_at is null and dag_id = %s", SNAPSHOT) == 0


def test_a_refused_response_changes_nothing(small: Pipelines) -> None:
    before = small.one("select count(*) from pulse.fpl_player_history")
    context = small.context(SNAPSHOT, FRIDAY)
    change_responses(
        context, lambda resource, payload: {"elements": None} if resource.endpoint == fpl.BOOTSTRAP else payload
    )
    with pytest.raises(PayloadError):
        snapshot_fpl(context)
    assert small.one("select count(*) from pulse.fpl_player_history") == before


def test_snapshots_change_nothing_for_the_week_and_survive_a_rebuild(small: Pipelines) -> None:
    for days in range(3):
        snapshot_fpl(small.context(SNAPSHOT, FRIDAY + timedelta(days=days)))
    assert rebuild(small.context("rebuild", FRIDAY + timedelta(days=3))).different == []
    assert small.one("select count(*) from pulse.week_status where dag_id = %s", SNAPSHOT) == 0
