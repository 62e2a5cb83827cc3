"""Locks for attempts that overlap: Airflow may start a new one while the process of an earlier one still runs.

It does so after a lost worker, and after the clear of a run that has timed out. Without the locks both attempts would
make the same calls. A lock belongs to the database session, so it ends with the process that holds it.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from psycopg import Connection, sql
from psycopg.errors import LockNotAvailable

from fpl_pulse.errors import RetryableError
from fpl_pulse.store.connection import scalar
from fpl_pulse.store.queries import query
from fpl_pulse.store.runs import Run

log = logging.getLogger(__name__)

MAX_WAIT_S = 120
"""How long an attempt waits for an earlier one. Airflow ends a process that it has given up within seconds."""


@contextmanager
def no_fetch_beside(conn: Connection[Any], run: Run, endpoint: str) -> Iterator[None]:
    """Plan the calls of a run to one endpoint while none of its tasks makes them.

    Raises:
        RetryableError: a task has made calls for longer than `MAX_WAIT_S`.
    """
    with _held(conn, _plan_of(run, endpoint), is_shared=False):
        yield


@contextmanager
def only_attempt(
    conn: Connection[Any], run: Run, endpoint: str, *, event_id: int | None = None, team_id: int | None = None
) -> Iterator[None]:
    """Make the planned calls of one match or club while no other attempt makes them and the plan stays as it is.

    Raises:
        RetryableError: another attempt has made them for longer than `MAX_WAIT_S`.
    """
    plan = _plan_of(run, endpoint)
    with _held(conn, plan, is_shared=True), _held(conn, f"{plan} {event_id} {team_id}", is_shared=False):
        yield


@contextmanager
def one_task_looks(conn: Connection[Any], run: Run, endpoint: str) -> Iterator[None]:
    """Find out whether the source is back while no other task of the run does.

    Raises:
        RetryableError: another task has looked for longer than `MAX_WAIT_S`.
    """
    with _held(conn, f"{_plan_of(run, endpoint)} is the source back", is_shared=False):
        yield


def _plan_of(run: Run, endpoint: str) -> str:
    return f"pulse.planned_calls {run.dag_id} {run.run_id} {endpoint}"


@contextmanager
def _held(conn: Connection[Any], lock: str, *, is_shared: bool) -> Iterator[None]:
    """Hold a lock of the database session. The transaction ends before the first call; the lock stays."""
    of_kind = "_shared" if is_shared else ""
    with conn.transaction():
        conn.execute(query("limit_locks"), {"max_wait": f"{MAX_WAIT_S}s"})
        if not _call(conn, f"pg_try_advisory_lock{of_kind}", lock):
            log.info("An earlier attempt still makes calls of this run; waiting until it has ended")
            try:
                _call(conn, f"pg_advisory_lock{of_kind}", lock)
            except LockNotAvailable as error:
                raise RetryableError(
                    f"An earlier attempt of this task still makes its calls after {MAX_WAIT_S} s. Clear this task when"
                    " that attempt's process has ended."
                ) from error
    try:
        yield
    finally:
        if not conn.closed:
            _call(conn, f"pg_advisory_unlock{of_kind}", lock)


def _call(conn: Connection[Any], function: str, lock: str) -> object:
    statement = sql.SQL("select {}(hashtextextended(%(lock)s, 0))").format(sql.Identifier(function))
    return scalar(conn, statement.as_string(), {"lock": lock})
