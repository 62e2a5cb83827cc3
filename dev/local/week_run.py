"""Runs the pipelines of one week through the scheduler, one after the other."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from dev.local.airflow_api import FINISHED, AirflowApi, TaskState
from dev.local.errors import LocalStackError
from dev.local.progress import Progress
from dev.local.switches import wait_for_dags
from fpl_pulse.week import LONDON, WEEK, WeeklySlot, in_words

_POLL_S = 0.5
# Added to a pipeline's own limit, for its start, its wait for the previous pipeline, and its end.
_EXTRA_TIME = timedelta(minutes=10)

SetClock = Callable[[datetime], None]
"""Sets the clock of the data source."""


@dataclass(frozen=True)
class SlotRun:
    """A finished run of one pipeline."""

    slot: WeeklySlot
    as_of: datetime
    run_id: str
    state: str
    seconds: float


@dataclass(frozen=True)
class PlannedRun:
    """A slot of the week with its as-of time, UTC."""

    slot: WeeklySlot
    as_of: datetime


def end_of(planned: Sequence["PlannedRun"]) -> datetime:
    """When the last run of a week should be done."""
    last = planned[-1]
    return last.as_of + last.slot.done_by


def plan_week(monday: date) -> list[PlannedRun]:
    """The slots of the week that begins on `monday`, in order.

    Raises:
        LocalStackError: the date is not a Monday.
    """
    if monday.weekday() != 0:
        raise LocalStackError(f"{monday.isoformat()} is not a Monday; give the Monday on which the week begins.")
    planned = []
    for slot in WEEK:
        day = monday + timedelta(days=slot.weekday)
        as_of = datetime(day.year, day.month, day.day, slot.hour, tzinfo=LONDON).astimezone(UTC)
        planned.append(PlannedRun(slot, as_of))
    return sorted(planned, key=lambda one: one.as_of)


def newest_week(now: datetime) -> list[PlannedRun]:
    """The slots of this week that are due by now; if none is, those of last week."""
    today = now.astimezone(LONDON).date()
    monday = today - timedelta(days=today.weekday())
    due = [one for one in plan_week(monday) if one.as_of <= now]
    return due or plan_week(monday - timedelta(days=7))


class WeekRunner:
    """Runs planned slots in one Airflow."""

    def __init__(
        self, airflow: AirflowApi, progress: Progress, *, set_clock: SetClock | None = None, logs_at: str = ""
    ) -> None:
        """Configure the runner.

        Args:
            airflow: the running Airflow.
            progress: shows the progress.
            set_clock: is called with the as-of time of each slot before its run; None if the clock cannot be set.
            logs_at: where the logs of tasks are, for error messages.
        """
        self._airflow = airflow
        self._progress = progress
        self._set_clock = set_clock
        self._logs_at = logs_at

    def run(self, planned: Sequence[PlannedRun]) -> list[SlotRun]:
        """Run them in order.

        Raises:
            LocalStackError: a DAG cannot be parsed, or a run failed. The message names the task, its error and its log.
        """
        wait_for_dags(self._airflow, [one.slot.dag_id for one in planned], self._logs_at)
        self._end_unfinished_runs([one.slot.dag_id for one in planned])
        return [self._run_slot(one) for one in planned]

    def _end_unfinished_runs(self, dag_ids: Sequence[str]) -> None:
        """Fail the unfinished runs of an interrupted week, because the next run of the DAG would wait for them."""
        for dag_id in dag_ids:
            for run_id in self._airflow.run_ids(dag_id, ("queued", "running")):
                self._airflow.fail_run(dag_id, run_id)
                self._progress.print_line(f"{dag_id}: marked {run_id} as failed; an earlier start left it unfinished")
            self._airflow.unpause(dag_id)

    def _run_slot(self, planned: PlannedRun) -> SlotRun:
        slot, as_of = planned.slot, planned.as_of
        if self._set_clock is not None:
            self._set_clock(as_of)
        run_id = self._trigger(slot.dag_id, as_of)
        self._progress.begin(slot.display_name)
        started = time.monotonic()
        limit_s = (slot.limit + _EXTRA_TIME).total_seconds()
        while True:
            state = self._airflow.run_state(slot.dag_id, run_id)
            tasks = self._airflow.task_states(slot.dag_id, run_id)
            self._progress.show(slot.display_name, state, tasks)
            seconds = time.monotonic() - started
            if state in FINISHED:
                break
            if seconds > limit_s:
                raise LocalStackError(
                    f"{slot.dag_id} is still {state} after {seconds:.0f} s; its limit is {in_words(slot.limit)}."
                    f" {self._logs_at}"
                )
            time.sleep(_POLL_S)
        self._progress.end(slot.display_name, state, seconds)
        if state != "success":
            raise LocalStackError(self._failure_message(slot.dag_id, run_id, tasks))
        return SlotRun(slot, as_of, run_id, state, seconds)

    def _trigger(self, dag_id: str, as_of: datetime) -> str:
        """Trigger a run with the slot's logical date, or without one if that date has a run already."""
        run_id = f"week__{as_of.isoformat()}"
        if run_id not in self._airflow.run_ids(dag_id):
            self._airflow.trigger(dag_id, run_id, as_of)
            return run_id
        again = f"{run_id}__again_{datetime.now(UTC).isoformat(timespec='seconds')}"
        self._airflow.trigger(dag_id, again, None, {"as_of": as_of.isoformat()})
        return again

    def _failure_message(self, dag_id: str, run_id: str, tasks: Sequence[TaskState]) -> str:
        failed = [task for task in tasks if task.state == "failed"]
        if not failed:
            others = ", ".join(sorted({task.state for task in tasks if task.state != "success"})) or "none"
            return (
                f"{dag_id} failed without a failed task (states: {others}), "
                f"because it exceeded its time limit. {self._logs_at}"
            )
        lines = self._airflow.log_lines(dag_id, run_id, failed[0])
        return f"{dag_id}: the task {failed[0].label} failed: {error_sentence(lines)} {self._logs_at}"


def error_sentence(lines: Sequence[str]) -> str:
    """The error in a task's log: the last line with an error class, without the module of that class."""
    for line in reversed(lines):
        name, colon, text = line.partition(": ")
        kind = name.rsplit(".", 1)[-1]
        if colon and kind.isidentifier() and kind.endswith(("Error", "Exception", "Exit", "Timeout", "Warning")):
            return f"{kind}: {text}"
        if colon and kind.isidentifier() and name != kind:
            return f"{kind}: {text}"
    return next(
        (line for line in reversed(lines) if line.strip() and not line.startswith("::")), "the log names no reason"
    )
