"""Every attempt of every task: when it started, how it ended, and the error message of a failed one.

Airflow knows the states. Only this table has the messages and whether a retry can help: an Airflow callback gets
little more of a run than its name.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from psycopg import Connection
from psycopg.rows import class_row

from fpl_pulse.store.connection import scalar
from fpl_pulse.store.queries import query
from fpl_pulse.store.runs import Run


@dataclass(frozen=True)
class Attempt:
    """The newest attempt of one task of a run."""

    task_id: str
    map_index: int
    """-1 for a task that is not mapped."""
    try_number: int
    label: str | None
    """The matches or clubs of a mapped task: `GW7 Liverpool-Everton`."""
    state: str
    """`running`, `success` or `failed`. An attempt whose process was killed stays `running`."""
    started_at: datetime
    finished_at: datetime | None
    message: str | None
    can_retry: bool | None
    """Whether a retry can succeed without a fix; None unless the attempt failed."""
    failed_before: str | None = None
    """The message of the last attempt of the same task that failed before this one."""
    error: str | None = None
    """The class of the error; None unless the attempt failed."""
    section: str | None = None
    """The runbook's section about the error, as an anchor."""

    @property
    def task_name(self) -> str:
        """The task id, and for a mapped task its matches or clubs: `fetch_lineup [GW7 Liverpool-Everton]`."""
        if self.map_index < 0:
            return self.task_id
        return f"{self.task_id} [{self.label or self.map_index}]"


def begin(conn: Connection[Any], run: Run) -> None:
    """Record that an attempt has started. A rescheduled sensor keeps the time of its first poke."""
    conn.execute(query("begin_attempt"), vars(run))


def set_label(conn: Connection[Any], run: Run, label: str) -> None:
    """Record the matches or clubs of a mapped task."""
    conn.execute(
        "update pulse.task_attempts set label = %(label)s where dag_id = %(dag_id)s and run_id = %(run_id)s"
        " and task_id = %(task_id)s and map_index = %(map_index)s and try_number = %(try_number)s",
        {**vars(run), "label": label},
    )


def succeed(conn: Connection[Any], run: Run) -> None:
    """Record that an attempt has succeeded."""
    outcome = {"state": "success", "message": None, "can_retry": None, "error": None, "section": None}
    conn.execute(query("finish_attempt"), {**vars(run), **outcome})


def fail(
    conn: Connection[Any],
    run: Run,
    message: str,
    *,
    can_retry: bool,
    error: str | None = None,
    section: str | None = None,
) -> None:
    """Record why an attempt has failed.

    Args:
        conn: the store's connection.
        run: the attempt.
        message: the sentence that an operator reads.
        can_retry: whether a retry can succeed without a fix.
        error: the name of the error's class.
        section: the runbook's section about it, as an anchor.
    """
    outcome = {"state": "failed", "message": message, "can_retry": can_retry, "error": error, "section": section}
    conn.execute(query("finish_attempt"), {**vars(run), **outcome})


def mark(conn: Connection[Any], run: Run, state: str, message: str, *, can_retry: bool = True) -> bool:
    """Record that somebody has set the state of a task in Airflow: in its newest attempt.

    `can_retry` is whether a clear helps a task that was marked as failed. It does not when the mark is a decision.

    Returns:
        Whether the attempt had another state. Without an attempt there is nothing to record.
    """
    outcome = {"state": state, "message": message, "can_retry": can_retry}
    marked = conn.execute(query("mark_attempt"), {**vars(run), **outcome})
    return marked.rowcount > 0


def newest(conn: Connection[Any], dag_id: str, run_id: str, since: datetime | None = None) -> list[Attempt]:
    """The newest attempt of each task of a run, by start time; only attempts started at or after `since`, if given."""
    with conn.cursor(row_factory=class_row(Attempt)) as cursor:
        params = {"dag_id": dag_id, "run_id": run_id, "since": since}
        return cursor.execute(query("newest_attempts"), params).fetchall()


def killed_in_a_row(conn: Connection[Any], run: Run, since: datetime) -> int:
    """How many attempts of a task, directly before this one and since a time, have ended without a result."""
    return int(scalar(conn, query("killed_in_a_row"), {**vars(run), "since": since}))


def has_unloaded_fetches(conn: Connection[Any], run: Run, fetch: str, load: str) -> bool:
    """Whether a fetch task of a run has ended after its load began: what it fetched may not be loaded."""
    return bool(scalar(conn, query("has_unloaded_fetches"), {**run.key, "fetch": fetch, "load": load}))


def first_started(conn: Connection[Any], dag_id: str, run_id: str) -> datetime | None:
    """When the run's first task started, including attempts before a clear; None when no task has started."""
    statement = "select min(started_at) from pulse.task_attempts where dag_id = %s and run_id = %s"
    started: datetime | None = conn.execute(statement, (dag_id, run_id)).fetchall()[0][0]
    return started
