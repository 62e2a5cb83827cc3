"""Outages of hours on a real Airflow with its schedule on: the week goes on without an operator.

The fixture `week` plays the steps once, in order. The tests check what each step left behind. The tests shorten waits
only: before a retry, between two pokes, until a deadline has passed, and until the time for retries has ended.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from dev.local.week_run import PlannedRun
from fpl_pulse.airflow.retries import FEW_RETRIES
from fpl_pulse.week import PIPELINES
from tests.long.operator_stack import OperatorStack, operator_stack
from tests.long.operator_steps import ATTRIBUTES, HEATMAPS, LINEUPS, MAPPINGS, STATISTICS

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(1800)]

BEYOND_RETRIES = "25 hours 30 minutes"
"""The time for retries has ended then. Airflow stops a run only after 26 hours and some minutes."""

OLD_TRIES = FEW_RETRIES + 1
"""After so many failed tries a run used to be red."""

FPL_IS_DOWN = [{"match": {"endpoint": "fpl/*"}, "fault": "http_503"}]


@dataclass
class Outage:
    """What a step left behind."""

    run_id: str = ""
    seen: dict[str, Any] = field(default_factory=dict)


@dataclass
class OutageWeek:
    """The stack, and what each step left behind."""

    stack: OperatorStack
    monday: Outage = field(default_factory=Outage)
    tuesday: Outage = field(default_factory=Outage)
    wednesday: Outage = field(default_factory=Outage)

    def scheduled_run(self, planned: PlannedRun) -> str:
        """Unpause a pipeline; the scheduler runs its latest slot at once. Returns the run's id."""
        dag_id = planned.slot.dag_id
        self.stack.airflow.unpause(dag_id)
        found: list[str] = []

        def exists() -> bool:
            rows = self.stack.airflow_rows(
                "select run_id from dag_run where dag_id = %s and run_type = 'scheduled'", dag_id
            )
            found[:] = [row[0] for row in rows]
            return bool(found)

        self.stack.wait_until(f"{dag_id} runs on its schedule", exists)
        return found[0]

    def fail_until(self, planned: PlannedRun, run_id: str, task_id: str, tries: int) -> None:
        """Shorten the pauses of a run until a task has failed so often."""

        def has_failed() -> bool:
            self.stack.shorten_waits(run_id)
            return len(self.failed_tries(planned, run_id, task_id)) >= tries

        self.stack.wait_until(f"{task_id} has failed {tries} times", has_failed, 400)

    def let_time_pass(self, planned: PlannedRun, run_id: str, time: str) -> None:
        """Move the start of a run into the past."""
        self.stack.airflow_rows(
            "update dag_run set start_date = start_date - %s::interval where dag_id = %s and run_id = %s returning 1",
            time, planned.slot.dag_id, run_id,
        )  # fmt: skip

    def wait_until_green(self, *runs: tuple[PlannedRun, str]) -> None:
        """Wait until runs have succeeded, shortening their waits."""

        def are_green() -> bool:
            for _, run_id in runs:
                self.stack.shorten_waits(run_id)
            return {self.stack.state(planned, run_id) for planned, run_id in runs} == {"success"}

        self.stack.wait_until(f"{runs} are green", are_green, 400)

    def failed_tries(self, planned: PlannedRun, run_id: str, task_id: str) -> list[str]:
        """The messages of the failed tries of a task."""
        rows = self.stack.rows(
            "select message from pulse.task_attempts where dag_id = %s and run_id = %s and task_id = %s"
            " and state = 'failed' order by try_number",
            planned.slot.dag_id, run_id, task_id,
        )  # fmt: skip
        return [row[0] for row in rows]

    def alerts_of(self, planned: PlannedRun) -> list[tuple[Any, ...]]:
        """Kind, message and whether it is open, of the alerts about a pipeline."""
        return self.stack.rows(
            "select kind, message, closed_at is null from pulse.alerts where dag_id = %s order by alert_id",
            planned.slot.dag_id,
        )

    def note(self, planned: PlannedRun, run_id: str) -> str:
        """The note that the UI shows beside a run."""
        (run,) = [one for one in self.stack.runs(run_id) if one["dag_id"] == planned.slot.dag_id]
        return str(run["note"])


def fpl_down_on_monday(week: OutageWeek) -> None:
    """FPL is down at Monday's slot, for longer than the old retries, past the deadline. It is back before Tuesday."""
    stack, seen = week.stack, week.monday.seen
    stack.inject(FPL_IS_DOWN)
    run_id = week.monday.run_id = week.scheduled_run(MAPPINGS)
    week.fail_until(MAPPINGS, run_id, "fetch_fpl_reference", OLD_TRIES)
    stack.airflow_rows("update deadline set deadline_time = now() where not missed returning 1")
    stack.wait_until("the deadline is reported", lambda: bool(week.alerts_of(MAPPINGS)))
    week.fail_until(MAPPINGS, run_id, "fetch_fpl_reference", OLD_TRIES + 3)
    seen["state in the outage"] = stack.state(MAPPINGS, run_id)
    seen["alerts in the outage"] = week.alerts_of(MAPPINGS)
    stack.inject([])
    seen["state"] = stack.wait_for_end(MAPPINGS, run_id)
    seen["failed"] = week.failed_tries(MAPPINGS, run_id, "fetch_fpl_reference")
    seen["alerts"] = week.alerts_of(MAPPINGS)


def fpl_down_on_tuesday(week: OutageWeek) -> None:
    """FPL is down at Tuesday's slot until the time for retries has ended. It is back when the heatmaps start."""
    stack, seen = week.stack, week.tuesday.seen
    stack.inject(FPL_IS_DOWN)
    run_id = week.tuesday.run_id = week.scheduled_run(LINEUPS)
    week.fail_until(LINEUPS, run_id, "refresh_results", OLD_TRIES)
    week.let_time_pass(LINEUPS, run_id, BEYOND_RETRIES)
    seen["state after the outage"] = stack.wait_for_end(LINEUPS, run_id)
    stack.wait_until("the failed run is reported", lambda: bool(week.alerts_of(LINEUPS)))
    seen["alerts after the outage"] = week.alerts_of(LINEUPS)
    seen["failed"] = week.failed_tries(LINEUPS, run_id, "refresh_results")
    stack.inject([])
    heatmaps = seen["heatmaps"] = week.scheduled_run(HEATMAPS)
    week.wait_until_green((LINEUPS, run_id), (HEATMAPS, heatmaps))
    seen["alerts"] = week.alerts_of(LINEUPS)
    seen["reruns"] = stack.rows("select dag_id, run_id, upstream_dag_id, upstream_run_id, reason from pulse.reruns")


def sofasport_down_on_wednesday(week: OutageWeek) -> None:
    """SofaSport is down from Wednesday's first slot until the attributes have waited for an hour."""
    stack, seen = week.stack, week.wednesday.seen
    stack.inject([{"match": {"endpoint": "players/*"}, "fault": "http_503"}])
    run_id = week.wednesday.run_id = week.scheduled_run(STATISTICS)
    week.fail_until(STATISTICS, run_id, "fetch_season_statistics", OLD_TRIES)
    week.let_time_pass(STATISTICS, run_id, BEYOND_RETRIES)
    assert stack.wait_for_end(STATISTICS, run_id) == "failed"
    attributes = week.scheduled_run(ATTRIBUTES)
    stack.wait_until("the statistics run once more", lambda: stack.state(STATISTICS, run_id) == "running")
    week.fail_until(STATISTICS, run_id, "fetch_season_statistics", 2 * OLD_TRIES)
    week.let_time_pass(ATTRIBUTES, attributes, "1 hour")
    seen["wait"] = stack.wait_for_end(ATTRIBUTES, attributes)
    seen["state in the outage"] = stack.state(STATISTICS, run_id)
    stack.wait_until("the failed wait is reported", lambda: bool(week.alerts_of(ATTRIBUTES)))
    seen["attributes"] = week.alerts_of(ATTRIBUTES)
    stack.inject([])
    week.wait_until_green((STATISTICS, run_id), (ATTRIBUTES, attributes))
    seen["alerts"] = week.alerts_of(STATISTICS) + week.alerts_of(ATTRIBUTES)


@pytest.fixture(scope="module")
def week(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OutageWeek]:
    """Play all steps on a new stack."""
    with operator_stack(tmp_path_factory.mktemp("outages"), HEATMAPS.as_of, schedules=True) as stack:
        week = OutageWeek(stack)
        stack.wait_until("Airflow has read the DAGs", lambda: set(PIPELINES) <= stack.airflow.dag_ids())
        for dag_id in PIPELINES:
            stack.airflow._call("PATCH", f"dags/{dag_id}", {"is_paused": True})
        fpl_down_on_monday(week)
        fpl_down_on_tuesday(week)
        sofasport_down_on_wednesday(week)
        yield week


def test_a_run_outlasts_an_outage_that_the_old_retries_did_not(week: OutageWeek) -> None:
    seen = week.monday.seen
    assert seen["state in the outage"] == "running"
    assert seen["state"] == "success"
    assert len(seen["failed"]) >= OLD_TRIES + 3
    assert all("status 503" in message for message in seen["failed"])


def test_the_deadline_is_reported_once_in_an_outage_with_the_last_error(week: OutageWeek) -> None:
    ((kind, message, is_open),) = week.monday.seen["alerts in the outage"]
    assert (kind, is_open) == ("deadline_missed", True)
    assert "fetch_fpl_reference" in message
    assert "status 503" in message
    assert [(kind, is_open) for kind, _, is_open in week.monday.seen["alerts"]] == [("deadline_missed", False)]


def test_when_the_time_for_retries_has_ended_the_run_is_red_with_the_last_error(week: OutageWeek) -> None:
    seen = week.tuesday.seen
    assert seen["state after the outage"] == "failed"
    ((_, message, is_open),) = [one for one in seen["alerts after the outage"] if one[0] == "run_failed"]
    assert is_open
    assert "status 503" in message
    assert "A retry can help" in message
    assert len(seen["failed"]) <= OLD_TRIES + 2


def test_the_waiting_run_runs_the_failed_run_once_more_and_both_are_green(week: OutageWeek) -> None:
    seen, run_id = week.tuesday.seen, week.tuesday.run_id
    ((waiting, waiting_run, upstream, upstream_run, reason),) = seen["reruns"]
    assert (waiting, waiting_run) == ("collect_heatmaps", seen["heatmaps"])
    assert (upstream, upstream_run) == ("update_lineups", run_id)
    assert "status 503" in reason
    assert {is_open for _, _, is_open in seen["alerts"]} == {False}
    assert "ran Lineups once more, which had failed" in week.note(HEATMAPS, waiting_run)
    assert "run once more for Heatmaps" in week.note(LINEUPS, run_id)


def test_a_run_that_waited_in_vain_goes_on_when_the_outage_is_over(week: OutageWeek) -> None:
    seen = week.wednesday.seen
    assert (seen["wait"], seen["state in the outage"]) == ("failed", "running")
    ((kind, message, _),) = seen["attributes"]
    assert kind == "run_failed"
    assert "Wed 02:00 · Season statistics has not finished within 1 hour" in message
    assert {is_open for _, _, is_open in seen["alerts"]} == {False}
