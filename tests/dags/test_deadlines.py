"""Deadlines: when each run should be done, which runs have one, and how Airflow stores it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from airflow.serialization.decoders import decode_deadline_alert
from airflow.serialization.serialized_objects import DagSerialization

from fpl_pulse.airflow.deadlines import SlotDeadline, deadline_base
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
def test_a_deadline_survives_serialization(dags: dict[str, Any], dag_id: str) -> None:
    written = DagSerialization.to_dict(dags[dag_id])
    (deadline,) = written["dag"]["deadline"]
    read = decode_deadline_alert(deadline)
    assert read.interval == slot_of(dag_id).done_by
    # The plugin registers the reference: without it the scheduler could not read the DAG.
    assert read.reference.inner_ref == SlotDeadline()


def test_the_deadline_of_a_scheduled_run_counts_from_its_slot() -> None:
    assert deadline_base("update_lineups", "scheduled", SLOT, SLOT + timedelta(seconds=5)) == SLOT


def test_the_deadline_of_a_run_created_too_late_counts_from_its_creation() -> None:
    later = SLOT + slot_of("update_lineups").done_by
    assert deadline_base("update_lineups", "scheduled", SLOT, later) == later


@pytest.mark.parametrize("run_type", ["manual", "backfill", "asset_triggered"])
def test_runs_outside_the_schedule_have_no_deadline(run_type: str) -> None:
    assert deadline_base("update_lineups", run_type, SLOT, SLOT) is None


def test_a_run_without_a_logical_date_has_no_deadline() -> None:
    assert deadline_base("update_lineups", "scheduled", None, SLOT) is None
