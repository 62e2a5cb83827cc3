"""Deadlines: by when each run should be done, for which runs that counts, and what Airflow makes of it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from airflow.serialization.decoders import decode_deadline_alert
from airflow.serialization.serialized_objects import DagSerialization

from fpl_pulse.airflow.deadlines import SlotDeadline, counts_from
from fpl_pulse.week import PIPELINES, slot_of

DONE_BY = {
    "update_fixture_mappings": "03:00",
    "update_lineups": "04:00",
    "collect_heatmaps": "05:30",
    "update_season_stats": "03:00",
    "update_radar_attributes": "04:00",
}
SLOT = datetime(2025, 8, 26, 2, tzinfo=UTC)


@pytest.mark.parametrize("dag_id", PIPELINES)
def test_each_weekly_dag_has_one_deadline_from_its_slot(dags: dict[str, Any], dag_id: str) -> None:
    (deadline,) = dags[dag_id].deadline
    slot = slot_of(dag_id)
    assert slot.deadline == DONE_BY[dag_id]
    assert deadline.interval == slot.done_by
    assert isinstance(deadline.reference, SlotDeadline)
    assert deadline.name == f"done by {DONE_BY[dag_id]} London time"
    assert deadline.callback.path == "fpl_pulse.airflow.alerting.report_missed_deadline"


@pytest.mark.parametrize("dag_id", PIPELINES)
def test_airflow_can_write_a_deadline_down_and_read_it_again(dags: dict[str, Any], dag_id: str) -> None:
    written = DagSerialization.to_dict(dags[dag_id])
    (deadline,) = written["dag"]["deadline"]
    read = decode_deadline_alert(deadline)
    assert read.interval == slot_of(dag_id).done_by
    # Found through the plugin: without it the scheduler could not read the DAG.
    assert read.reference.inner_ref == SlotDeadline()


def test_a_scheduled_run_is_measured_from_its_slot() -> None:
    assert counts_from("update_lineups", "scheduled", SLOT, SLOT + timedelta(seconds=5)) == SLOT


def test_a_run_created_after_its_deadline_has_as_long_as_it_would_have_had() -> None:
    later = SLOT + slot_of("update_lineups").done_by
    assert counts_from("update_lineups", "scheduled", SLOT, later) == later


@pytest.mark.parametrize("run_type", ["manual", "backfill", "asset_triggered"])
def test_runs_that_nobody_waits_for_have_no_deadline(run_type: str) -> None:
    assert counts_from("update_lineups", run_type, SLOT, SLOT) is None


def test_a_run_without_a_date_has_no_deadline() -> None:
    assert counts_from("update_lineups", "scheduled", None, SLOT) is None
