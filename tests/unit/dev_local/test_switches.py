"""What `make up` says about paused pipelines."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import cast

import pytest

from dev.local import switches
from dev.local.airflow_api import AirflowApi
from dev.local.errors import LocalStackError
from dev.local.switches import EVERY_DAG, Switch
from fpl_pulse.week import PIPELINES, WEEK

NOW = datetime(2025, 10, 14, 12, tzinfo=UTC)
MONDAY, TUESDAY = datetime(2025, 10, 20, 1, tzinfo=UTC), datetime(2025, 10, 14, 2, tzinfo=UTC)


class FakeAirflow:
    """An Airflow with the DAGs of this project, or with a DAG file that cannot be parsed."""

    def __init__(self, *, paused: Mapping[str, bool], broken: bool = False) -> None:
        self.paused = dict(paused)
        self.broken = broken

    def dag_ids(self) -> set[str]:
        return set() if self.broken else set(self.paused)

    def dags(self) -> list[dict[str, object]]:
        return [
            {"dag_id": name, "is_paused": paused, "next_dagrun_run_after": "2025-10-14T02:00:00Z"}
            for name, paused in self.paused.items()
        ]

    def import_errors(self) -> dict[str, str]:
        return {"dags/update_lineups.py": "Traceback\nSyntaxError: invalid syntax"} if self.broken else {}

    def unpause(self, dag_id: str) -> None:
        self.paused[dag_id] = False


@pytest.fixture(autouse=True)
def _no_database(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(switches, "calls_sentence", lambda dsn: f"Calls of {dsn}.")


def test_a_paused_pipeline_has_its_slot_that_would_run_at_once_and_the_calls_of_a_week() -> None:
    found = [Switch(WEEK[0], True, MONDAY), Switch(WEEK[1], True, TUESDAY)]
    assert switches.schedule_lines(found, NOW, "the store") == [
        "Paused, so they do not run:",
        "  Mon 02:00 · Fixture mappings   switched on, next run Mon 20 October",
        "  Tue 03:00 · Lineups            switched on, the slot of Tue 14 October runs at once",
        "Calls of the store.",
        "To switch them on: `make up UNPAUSE=1`, or the switches in the UI.",
    ]


def test_the_calls_are_not_forecast_when_nothing_runs_at_once() -> None:
    lines = switches.schedule_lines([Switch(WEEK[0], True, MONDAY)], NOW, "the store")
    assert "Calls of the store." not in lines


def test_pipelines_that_are_switched_on_have_their_next_run() -> None:
    found = [Switch(WEEK[0], False, MONDAY), Switch(WEEK[1], False, TUESDAY)]
    assert switches.schedule_lines(found, NOW, "the store") == [
        "Switched on:",
        "  Mon 02:00 · Fixture mappings   next run Mon 20 October",
        "  Tue 03:00 · Lineups            the slot of Tue 14 October runs at once",
    ]


def test_on_the_sandbox_pipelines_wait_for_a_trigger() -> None:
    on, off = Switch(WEEK[0], False, None), Switch(WEEK[1], True, None)
    assert switches.sandbox_lines([on]) == [
        "All pipelines are switched on and wait for a trigger, in the UI or by `make airflow`."
    ]
    assert switches.sandbox_lines([on, off]) == ["Paused: Tue 03:00 · Lineups. To switch them on: `make up UNPAUSE=1`."]


def test_switching_on_includes_the_manual_dags() -> None:
    airflow = FakeAirflow(paused=dict.fromkeys(EVERY_DAG, True))
    switches.switch_on(cast("AirflowApi", airflow))
    assert airflow.paused == dict.fromkeys((*PIPELINES, "run_manual_update", "rebuild_from_raw"), False)


def test_the_pipelines_are_read_in_the_order_of_the_week() -> None:
    airflow = FakeAirflow(paused=dict.fromkeys(sorted(EVERY_DAG), True))
    found = switches.switches(cast("AirflowApi", airflow))
    assert [one.slot.dag_id for one in found] == list(PIPELINES)
    assert found[0].next_run_at == TUESDAY


def test_a_dag_that_cannot_be_parsed_is_named() -> None:
    airflow = FakeAirflow(paused={}, broken=True)
    with pytest.raises(LocalStackError, match=r"cannot parse dags/update_lineups\.py: SyntaxError: invalid syntax"):
        switches.wait_for_dags(cast("AirflowApi", airflow), PIPELINES)
