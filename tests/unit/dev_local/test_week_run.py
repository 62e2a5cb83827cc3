"""The runs of a week, with a fake Airflow."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from io import StringIO
from typing import cast

import pytest
from rich.console import Console

from dev.local.airflow_api import AirflowApi, TaskState
from dev.local.errors import LocalStackError
from dev.local.progress import Progress
from dev.local.week_run import WeekRunner, error_sentence, newest_week, plan_week
from fpl_pulse.week import PIPELINES

MONDAY = date(2025, 10, 13)


class FakeAirflow:
    """Ends every run at the second request for its state, and records the requests."""

    def __init__(self, *, failing: str = "") -> None:
        self.requests: list[str] = []
        self.runs: dict[tuple[str, str], list[str]] = {}
        self.confs: dict[str, Mapping[str, object]] = {}
        self.failing = failing

    def dag_ids(self) -> set[str]:
        return set(PIPELINES)

    def unpause(self, dag_id: str) -> None:
        self.requests.append(f"unpause {dag_id}")

    def run_ids(self, dag_id: str, states: Sequence[str] = ()) -> set[str]:
        found = {run: states_to_come for (dag, run), states_to_come in self.runs.items() if dag == dag_id}
        return {run for run, states_to_come in found.items() if not states or states_to_come[0] in states}

    def trigger(
        self, dag_id: str, run_id: str, logical_date: datetime | None, conf: Mapping[str, object] | None = None
    ) -> None:
        self.requests.append(f"{dag_id} {logical_date.isoformat() if logical_date else None}")
        self.runs[dag_id, run_id] = ["running", "failed" if dag_id == self.failing else "success"]
        self.confs[run_id] = conf or {}

    def run_state(self, dag_id: str, run_id: str) -> str:
        states_to_come = self.runs[dag_id, run_id]
        return states_to_come.pop(0) if len(states_to_come) > 1 else states_to_come[0]

    def fail_run(self, dag_id: str, run_id: str) -> None:
        self.runs[dag_id, run_id] = ["failed"]
        self.requests.append(f"fail {run_id}")

    def task_states(self, dag_id: str, run_id: str) -> list[TaskState]:
        return [TaskState("fetch", 3, "failed" if dag_id == self.failing else "success", 1)]

    def log_lines(self, dag_id: str, run_id: str, task: TaskState) -> list[str]:
        return ["Task failed with exception", "fpl_pulse.errors.QuotaSpent: the month's calls are used up"]


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dev.local.week_run._POLL_S", 0.0)


def runner(airflow: FakeAirflow, clock: list[datetime], out: StringIO | None = None) -> WeekRunner:
    progress = Progress(Console(file=out or StringIO(), width=200))
    return WeekRunner(cast("AirflowApi", airflow), progress, set_clock=clock.append, logs_at="(logs in X)")


def test_slots_run_in_order_each_at_its_as_of_time() -> None:
    airflow, clock = FakeAirflow(), list[datetime]()
    runs = runner(airflow, clock).run(plan_week(MONDAY))
    assert [run.slot.dag_id for run in runs] == list(PIPELINES)
    assert clock == [run.as_of for run in runs]
    assert runs[0].run_id == "week__2025-10-13T01:00:00+00:00"
    triggers = [line for line in airflow.requests if "2025-10" in line]
    assert triggers[0] == "update_fixture_mappings 2025-10-13T01:00:00+00:00"
    assert triggers[-1] == "update_radar_attributes 2025-10-15T02:00:00+00:00"


def test_a_repeated_week_gets_new_runs_with_the_same_as_of_times() -> None:
    airflow = FakeAirflow()
    runner(airflow, []).run(plan_week(MONDAY))
    again = runner(airflow, []).run(plan_week(MONDAY))
    assert again[0].run_id.startswith("week__2025-10-13T01:00:00+00:00__again_")
    assert airflow.confs[again[0].run_id] == {"as_of": "2025-10-13T01:00:00+00:00"}
    assert airflow.requests[-1] == "update_radar_attributes None"


def test_an_unfinished_run_of_an_interrupted_week_is_failed_first() -> None:
    airflow = FakeAirflow()
    airflow.runs["update_lineups", "week__old"] = ["running"]
    runner(airflow, []).run(plan_week(MONDAY))
    assert airflow.requests.index("fail week__old") < airflow.requests.index(
        "update_fixture_mappings 2025-10-13T01:00:00+00:00"
    )


def test_a_failed_run_stops_the_week_and_names_task_error_and_logs() -> None:
    airflow = FakeAirflow(failing="update_lineups")
    with pytest.raises(LocalStackError) as caught:
        runner(airflow, []).run(plan_week(MONDAY))
    assert str(caught.value) == (
        "update_lineups: the task fetch[3] failed: QuotaSpent: the month's calls are used up (logs in X)"
    )
    assert not airflow.run_ids("collect_heatmaps")


def test_without_a_terminal_changes_are_printed_every_few_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    out = StringIO()
    runner(FakeAirflow(), [], out).run(plan_week(MONDAY)[:1])
    lines = out.getvalue().splitlines()
    assert lines[0] == "  Mon 02:00 · Fixture mappings: running, 1 of 1 task done"
    assert lines[-1].startswith("Mon 02:00 · Fixture mappings: success in ")
    assert len(lines) == 2
    monkeypatch.setattr("dev.local.progress._LINE_EVERY_S", 0.0)
    out = StringIO()
    runner(FakeAirflow(), [], out).run(plan_week(MONDAY)[:1])
    assert len(out.getvalue().splitlines()) == 3


def test_a_week_must_begin_on_a_monday() -> None:
    with pytest.raises(LocalStackError, match="2025-10-14 is not a Monday"):
        plan_week(date(2025, 10, 14))


def test_the_newest_week_has_the_slots_that_are_due() -> None:
    tuesday = datetime(2025, 10, 14, 2, 30, tzinfo=UTC)
    assert [one.slot.dag_id for one in newest_week(tuesday)] == ["update_fixture_mappings", "update_lineups"]
    early_monday = datetime(2025, 10, 13, 0, 30, tzinfo=UTC)
    assert newest_week(early_monday) == plan_week(date(2025, 10, 6))


def test_winter_slots_are_london_time() -> None:
    assert plan_week(date(2025, 12, 1))[0].as_of == datetime(2025, 12, 1, 2, tzinfo=UTC)


@pytest.mark.parametrize(
    ("lines", "sentence"),
    [
        (["Task failed", "ValueError: no: data", "::endgroup::"], "ValueError: no: data"),
        (["fpl_pulse.errors.NoData: nothing yet"], "NoData: nothing yet"),
        (["last line", "::endgroup::"], "last line"),
        ([], "the log names no reason"),
    ],
)
def test_the_error_in_a_log_becomes_one_sentence(lines: list[str], sentence: str) -> None:
    assert error_sentence(lines) == sentence
