"""What the store records when a run ends or is marked in Airflow: the run's row, its alerts, the sentence for its note.

The steps record what they know. Here follow the endings of which no step knows: a killed process, a time limit, and the
decision of an operator who marks a run or a check in Airflow.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from psycopg import Connection

from fpl_pulse.alerts.outbox import close_marked_run
from fpl_pulse.alerts.sentences import TIMED_OUT, failure_sentence, section_of_failure
from fpl_pulse.errors import FplPulseError
from fpl_pulse.runbook import with_link
from fpl_pulse.store import attempts, runs
from fpl_pulse.store.attempts import Attempt
from fpl_pulse.store.runs import RecordedRun, Run

CHECK_PREFIX = "check_"
"""How the task ids of the checks begin. The state of a check is the state of its run."""


@dataclass(frozen=True)
class Ending:
    """The end of a run, as Airflow knows it."""

    run: Run
    state: str
    """`success` or `failed`."""
    reason: str = ""
    """Airflow's reason for a failure, such as `task_failure` or `timed_out`."""
    since: datetime | None = None
    """When the run was last started or cleared."""
    is_marked: bool = False
    """Whether somebody has set the state in Airflow."""


def follow_ending(conn: Connection[Any], ending: Ending) -> str | None:
    """Bring the run's row and alerts in line with its end.

    Returns:
        The sentence for the run's note; None for a run that succeeded without a row.
    """
    run = ending.run
    recorded = runs.find(conn, run.dag_id, run.run_id)
    if ending.is_marked:
        return _follow_mark(conn, run, recorded, ending.state, f"the run was marked as {ending.state} in Airflow")
    if ending.state == "success":
        return runs.summary(conn, run) if recorded else None
    newest = attempts.newest(conn, run.dag_id, run.run_id, ending.since)
    section = section_of_failure(newest) or FplPulseError.section
    message = _why_failed(recorded, newest, ending.reason)
    if recorded is None:
        # A run with wrong parameters has no row.
        return with_link(f"FAILED: {message}", section)
    if recorded.state != "failed" or recorded.message != message:
        runs.finish(conn, run, "failed", message)
    return with_link(runs.summary(conn, run), section)


def follow_marked_task(conn: Connection[Any], attempt: Run, state: str) -> str | None:
    """Follow an operator who has set the state of a task in Airflow.

    A check decides about its run: the run's row and alerts follow the check.

    Returns:
        The sentence for the run's note; None for a task that is no check, or when nothing has changed.
    """
    how = f"{attempt.task_id} was marked as {state} in Airflow"
    is_check = attempt.task_id.startswith(CHECK_PREFIX)
    has_changed = attempts.mark(conn, attempt, state, how, can_retry=not is_check)
    recorded = runs.find(conn, attempt.dag_id, attempt.run_id)
    if not is_check or recorded is None:
        return None
    if not has_changed and recorded.state == state:
        return None
    return _follow_mark(conn, attempt, recorded, state, how)


def _follow_mark(conn: Connection[Any], run: Run, recorded: RecordedRun | None, state: str, how: str) -> str:
    if state == "success":
        close_marked_run(conn, run.dag_id, run.run_id, how)
    if recorded is None:
        return f"{state.upper()}: {how}"
    if recorded.message and how in recorded.message:
        # A mark of the run marks its tasks as well.
        return runs.summary(conn, run)
    before = f"; before that: {recorded.message}" if recorded.message else ""
    runs.finish(conn, run, state, f"{how}{before}")
    return runs.summary(conn, run)


def _why_failed(recorded: RecordedRun | None, newest: list[Attempt], reason: str) -> str:
    """The sentence of the step that failed; for an end of which no step knows, what the attempts tell."""
    has_failed = any(one.state == "failed" for one in newest)
    if recorded and recorded.state == "failed" and recorded.message and has_failed and reason != TIMED_OUT:
        return recorded.message
    return failure_sentence(newest, reason=reason)
