"""Airflow's own timetable across London's clock changes: one run a slot, at London's hour, for the right moment."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pendulum
import pytest
from airflow.serialization.serialized_objects import DagSerialization
from airflow.timetables.base import DagRunInfo

from fpl_pulse.airflow.run_info import run_as_of
from fpl_pulse.week import PIPELINES, slot_of, slot_on_or_before

WEEKS = 4
CHANGES = {"clocks go back": datetime(2025, 10, 26, 1, tzinfo=UTC), "forward": datetime(2026, 3, 29, 1, tzinfo=UTC)}

MONDAYS = {
    "clocks go back": ["2025-10-13T01:00", "2025-10-20T01:00", "2025-10-27T02:00", "2025-11-03T02:00"],
    "forward": ["2026-03-16T02:00", "2026-03-23T02:00", "2026-03-30T01:00", "2026-04-06T01:00"],
}
"""Monday 02:00 in London, in UTC, around each change; written down and not computed."""


def runs_around(dag: Any, change: datetime) -> list[DagRunInfo]:  # noqa: ANN401 - Airflow's DAG
    """What the scheduler makes of a DAG one run after the other, as it reads it from its database."""
    scheduled = DagSerialization.from_dict(DagSerialization.to_dict(dag))
    before = slot_on_or_before(slot_of(dag.dag_id), change - timedelta(days=13, hours=1))
    run = DagRunInfo.exact(pendulum.instance(before))
    found: list[DagRunInfo] = []
    for _ in range(WEEKS):
        following = scheduled.next_dagrun_info(last_automated_run_info=run, restricted=False)
        assert following is not None
        found.append(run := following)
    return found


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("dag_id", PIPELINES)
def test_each_week_around_a_clock_change_has_one_run_at_londons_hour(
    dags: dict[str, Any], dag_id: str, change: str
) -> None:
    slot, runs = slot_of(dag_id), runs_around(dags[dag_id], CHANGES[change])
    dates = [run.logical_date for run in runs]
    # Zones of the system's own: what the package and Airflow think of London is held against it.
    local = [moment.astimezone(ZoneInfo("Europe/London")) for moment in dates if moment is not None]
    assert [(one.weekday(), one.hour, one.minute) for one in local] == [(slot.weekday, slot.hour, 0)] * WEEKS
    days = [one.date() for one in local]
    assert [after - before for before, after in pairwise(days)] == [timedelta(days=7)] * 3
    assert {run.run_after for run in runs} == set(dates)
    assert dates[0] is not None
    assert dates[-1] is not None
    assert dates[0] < CHANGES[change] < dates[-1]


@pytest.mark.parametrize("change", CHANGES)
def test_mondays_run_has_these_logical_dates(dags: dict[str, Any], change: str) -> None:
    runs = runs_around(dags["update_fixture_mappings"], CHANGES[change])
    assert [f"{run.logical_date:%Y-%m-%dT%H:%M}" for run in runs] == MONDAYS[change]


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("dag_id", [one for one in PIPELINES if slot_of(one).waits_for])
def test_each_wait_finds_the_run_that_airflow_makes_of_this_weeks_slot(
    dags: dict[str, Any], dag_id: str, change: str
) -> None:
    upstream = slot_of(dag_id).waits_for
    assert upstream is not None
    dates = {run.logical_date for run in runs_around(dags[upstream], CHANGES[change])}
    for run in runs_around(dags[dag_id], CHANGES[change]):
        dag_run = SimpleNamespace(logical_date=run.logical_date, run_after=run.run_after)
        as_of = run_as_of({"params": {}, "dag_run": dag_run})
        assert as_of == run.logical_date
        assert slot_on_or_before(slot_of(upstream), as_of) in dates
