"""The texts about runs: what happened, where, since when, and what to do. For alerts and for the notes of runs."""

from collections.abc import Sequence
from datetime import datetime

from fpl_pulse.errors import Recovery, error_class
from fpl_pulse.store.attempts import Attempt
from fpl_pulse.week import WAIT_PREFIX, display_name, in_london

MAX_LISTED = 3
"""Failed tasks whose message is quoted. Further ones usually say the same."""

MAX_MESSAGE_LENGTH = 600
"""Characters quoted of one task's message."""

TIMED_OUT = "timed_out"
"""Airflow's reason for a run that reached its time limit."""

NOT_CLEARED = (
    "All tasks that ran since the run was started or cleared have succeeded, but tasks after them were not cleared."
    ' Clear the run with "Clear only failed tasks": it then goes on from there.'
)
"""About a run that is still red after a clear without the downstream tasks."""

AFTER_A_FIX = "A retry does not help: fix the cause named above first, then clear the failed tasks."

ADVICE: dict[Recovery | None, str] = {
    Recovery.FIX: AFTER_A_FIX,
    Recovery.NEW_RUN: "Trigger a new run with correct parameters. Do not clear this one: a cleared run keeps its"
    " parameters and fails again.",
    Recovery.LATER: "A retry helps only after the time named above: clear the failed tasks then. Data already fetched"
    " is kept.",
    Recovery.AGAIN: "Clear the failed tasks once: they request the response again. If it is refused again, see the"
    " runbook.",
    Recovery.STORE: "The failed tasks continue where they stopped.",
    Recovery.OTHER_RUN: "Make the run named above green first. This run then goes on by itself, or after a clear of its"
    " wait.",
}
"""What to do when all failed tasks have the same recovery, and it is not a clear at once."""


def alert_heading(kind: str, subject: str) -> str:
    """What an alert is about, in words: `run failed, Tue 03:00 · Lineups, run of 14 October`."""
    return f"{kind.replace('_', ' ')}, {display_name(subject)}"


def alert_title(kind: str, subject: str) -> str:
    """The title of a message about one alert: `FPL Pulse: run failed, Tue 03:00 · Lineups, run of 14 October`."""
    return f"FPL Pulse: {alert_heading(kind, subject)}"


def failed_run_message(
    dag_id: str, attempts: Sequence[Attempt], *, reason: str, last_task: str | None, log_url: str
) -> str:
    """The alert text for a failed run, from the newest attempt of each of its tasks.

    `reason` and `last_task` are Airflow's: for example `task_failure` or `timed_out`, and the task of the callback.
    """
    why = failure_sentence(attempts, reason=reason, last_task=last_task)
    return f"{display_name(dag_id)} failed. {why} Log: {log_url}"


def failure_sentence(attempts: Sequence[Attempt], *, reason: str, last_task: str | None = None) -> str:
    """Why a run has failed and what to do, as `failed_run_message` says it."""
    failed = [one for one in attempts if one.state == "failed"]
    unfinished = [one for one in attempts if one.state == "running"]
    if reason == TIMED_OUT:
        names = _names(unfinished or failed)
        tasks = f"Unfinished tasks: {names}" if names else "No task was running"
        return (
            f"Airflow stopped it at its time limit. {tasks}. Clear the tasks that are not green: they continue where"
            " they stopped, and data already fetched is kept."
        )
    if attempts and not failed and not unfinished:
        return NOT_CLEARED
    parts = [f"{one.task_name} failed: {_shortened(one.message)}" for one in failed[:MAX_LISTED]]
    if len(failed) > MAX_LISTED:
        parts.append(f"{len(failed) - MAX_LISTED} more tasks failed")
    if not failed and unfinished:
        parts.append(
            f"{_names(unfinished)} ended without a result: the process was killed, the machine went down, or the"
            " database could not record the end"
        )
    if not parts:
        parts.append(f"{last_task or 'A task'} failed; its log says why")
        parts.append(
            "A task without a log never reached a worker, or could not write its log: check that the workers run, and"
            " that their disk is not full"
        )
    return f"{_joined(parts)} {_advice(failed)}"


def section_of_failure(attempts: Sequence[Attempt]) -> str | None:
    """The runbook's section about the first failed task; None when no error was recorded."""
    return next((one.section for one in attempts if one.state == "failed" and one.section), None)


def missed_deadline_message(
    dag_id: str, attempts: Sequence[Attempt], *, state: str, deadline: datetime | str | None, run_url: str
) -> str:
    """The alert text for a run in `state` at its deadline, from the newest attempt of each of its tasks."""
    running = [one for one in attempts if one.state == "running"]
    failed = [one for one in attempts if one.state == "failed"]
    waiting = [one for one in running if one.task_id.startswith(WAIT_PREFIX)]
    working = [one for one in running if one not in waiting]
    parts = [f"{display_name(dag_id)} has not finished by its deadline, {_time(deadline)}; its state is {state}"]
    if waiting:
        upstream = " and ".join(display_name(one.task_id.removeprefix(WAIT_PREFIX)) for one in waiting)
        parts.append(f"It has been waiting for {upstream} since {_time(waiting[0].started_at)}: look at that run first")
    if working:
        parts.append(f"Running: {_with_start(working)}. Check whether the log still grows")
    if failed:
        parts.append(f"Failed so far, and possibly waiting for a retry: {_names(failed)}")
    errors = [one.message if one.state == "failed" else one.failed_before for one in (*failed, *working)]
    if last_error := next((error for error in errors if error), None):
        parts.append(f"The last error: {_shortened(last_error)}")
        parts.append("What may pass by itself is retried until shortly before the next pipeline needs the run")
    if not attempts:
        parts.append(
            "No task has started: the DAG is paused, the pool is full, another run of the DAG is active, or the"
            " executor has no worker"
        )
    elif not running and not failed:
        last = max(attempts, key=lambda one: one.finished_at or one.started_at)
        parts.append(f"No task is running; {last.task_name} was the last to finish, at {_time(last.finished_at)}")
        parts.append("If the DAG was paused in the middle of the run, unpause it")
        parts.append("If the next task is queued, check that a worker runs")
    return f"{_joined(parts)} Look at {run_url}"


def _recovery(attempt: Attempt) -> Recovery | None:
    """What brings a task back to green; None when no error of ours was recorded."""
    found = error_class(attempt.error)
    return found.recovery if found else None


def _advice(failed: Sequence[Attempt]) -> str:
    if not failed:
        return "A retry can help: clear the failed tasks."
    recoveries = {_recovery(one) for one in failed}
    if Recovery.NEW_RUN in recoveries:
        return ADVICE[Recovery.NEW_RUN]
    if len(recoveries) == 1 and (recovery := recoveries.pop()) in ADVICE:
        return ADVICE[recovery]
    need_a_fix = [one for one in failed if one.can_retry is False]
    if not need_a_fix:
        return "A retry can help: clear the failed tasks when the source is back. Data already fetched is kept."
    if len(need_a_fix) < len(failed):
        return f"A retry can help all tasks except {_names(need_a_fix)}: fix the cause first, then clear them."
    return AFTER_A_FIX


def _names(attempts: Sequence[Attempt]) -> str:
    return _listed([one.task_name for one in attempts])


def _with_start(attempts: Sequence[Attempt]) -> str:
    return _listed([f"{one.task_name} since {_time(one.started_at)}" for one in attempts])


def _listed(texts: Sequence[str]) -> str:
    shown = ", ".join(texts[:MAX_LISTED])
    return f"{shown} and {len(texts) - MAX_LISTED} more" if len(texts) > MAX_LISTED else shown


def _time(time: datetime | str | None) -> str:
    if time is None:
        return "an unknown time"
    return in_london(datetime.fromisoformat(time) if isinstance(time, str) else time)


def _shortened(text: str | None) -> str:
    text = text or "no reason was given"
    return text if len(text) <= MAX_MESSAGE_LENGTH else f"{text[:MAX_MESSAGE_LENGTH]}…"


def _joined(parts: Sequence[str]) -> str:
    """The parts as sentences with one full stop each; a quoted message may already end with one."""
    return " ".join(f"{part.rstrip('.')}." for part in parts)
