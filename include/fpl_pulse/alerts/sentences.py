"""What an alert about a run says: what happened, where, since when, and whether trying again can help."""

from collections.abc import Sequence
from datetime import UTC, datetime

from fpl_pulse.store.attempts import Attempt

LISTED = 3
"""Failed tasks whose sentences are told in full; more of them usually say the same."""

LONGEST_SENTENCE = 600
"""Characters of one task's sentence."""

TIMED_OUT = "timed_out"
"""Airflow's reason when a run's limit has passed."""


def failed_sentence(
    dag_id: str, tries: Sequence[Attempt], *, reason: str, last_task: str | None, log_at: str
) -> str:
    """Of a failed run.

    Args:
        dag_id: the pipeline.
        tries: the newest try of each of its tasks.
        reason: Airflow's word, as `task_failure` or `timed_out`.
        last_task: the task that Airflow names.
        log_at: the run's address in the UI.
    """
    failed = [one for one in tries if one.state == "failed"]
    lost = [one for one in tries if one.state == "running"]
    if reason == TIMED_OUT:
        at_work = f"at work were {_names(lost or failed)}" if lost or failed else "no task was at work"
        return (
            f"{dag_id} was given up: its time limit has passed; {at_work}. What was fetched is kept: clear what is"
            f" not green, it goes on from there. Log: {log_at}"
        )
    parts = [f"{one.label} failed: {_shortened(one.message)}" for one in failed[:LISTED]]
    if len(failed) > LISTED:
        parts.append(f"{len(failed) - LISTED} more tasks failed")
    if not failed and lost:
        parts.append(f"{_names(lost)} ended without a word: the process was killed, or its machine lost")
    if not parts:
        parts.append(f"{last_task or 'a task'} failed; its log says why")
    return f"{dag_id} failed. {'. '.join(_ended(part) for part in parts)}. {_advice(failed)} Log: {log_at}"


def overdue_sentence(
    dag_id: str, tries: Sequence[Attempt], *, state: str, deadline: datetime | str | None, look_at: str
) -> str:
    """Of a run that is not done by its deadline.

    Args:
        dag_id: the pipeline.
        tries: the newest try of each of its tasks.
        state: Airflow's state of the run.
        deadline: the moment that has passed.
        look_at: the run's address in the UI.
    """
    at_work = [one for one in tries if one.state == "running"]
    failed = [one for one in tries if one.state == "failed"]
    waiting = [one for one in at_work if one.task_id.startswith("wait_for_")]
    working = [one for one in at_work if one not in waiting]
    parts = [f"{dag_id} is not done by its deadline, {_clock(deadline)}; its state is {state}"]
    if waiting:
        names = ", ".join(one.task_id.removeprefix("wait_for_") for one in waiting)
        parts.append(f"It waits for {names} since {_clock(waiting[0].started_at)}: look at that run first")
    if working:
        parts.append(f"At work: {_since(working)}. Look whether its log goes on")
    if failed:
        parts.append(f"Failed so far, perhaps waiting for another try: {_names(failed)}")
    if not tries:
        parts.append(
            "No task has begun: the pool is full, another run of the DAG is under way, or the executor has no worker"
        )
    elif not at_work and not failed:
        last = max(tries, key=lambda one: one.finished_at or one.started_at)
        parts.append(f"Nothing is at work; {last.label} was the last to end, at {_clock(last.finished_at)}")
    return f"{'. '.join(_ended(part) for part in parts)}. Look at {look_at}"


def _advice(failed: Sequence[Attempt]) -> str:
    if not failed:
        return "Trying again can help: clear the failed tasks."
    helpless = [one for one in failed if one.can_retry is False]
    if not helpless:
        return (
            "Trying again can help: clear the failed tasks when the source is back; what was fetched is kept."
        )
    if len(helpless) < len(failed):
        return f"Trying again helps all but {_names(helpless)}, which need a person first."
    return "Trying again does not help until a person has done what the sentence says; then clear the failed tasks."


def _names(tries: Sequence[Attempt]) -> str:
    shown = ", ".join(one.label for one in tries[:LISTED])
    return f"{shown} and {len(tries) - LISTED} more" if len(tries) > LISTED else shown


def _since(tries: Sequence[Attempt]) -> str:
    shown = ", ".join(f"{one.label} since {_clock(one.started_at)}" for one in tries[:LISTED])
    return f"{shown} and {len(tries) - LISTED} more" if len(tries) > LISTED else shown


def _clock(moment: datetime | str | None) -> str:
    if moment is None:
        return "an unknown time"
    found = datetime.fromisoformat(moment) if isinstance(moment, str) else moment
    return f"{found.astimezone(UTC):%a %H:%M:%S} UTC"


def _shortened(text: str | None) -> str:
    text = text or "no reason was given"
    return text if len(text) <= LONGEST_SENTENCE else f"{text[:LONGEST_SENTENCE]}…"


def _ended(text: str) -> str:
    """A sentence without its full stop, which the next one puts behind it."""
    return text.rstrip(".")
