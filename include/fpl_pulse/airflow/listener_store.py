"""The store for listeners, which Airflow calls inside the scheduler and the api-server.

They must neither wait long nor fail because of us. The work is done in a thread of its own: an Airflow session belongs
to its thread, and the look-up of a connection in Airflow's database commits a session.
"""

import logging
import threading
import time
from collections.abc import Callable
from contextlib import closing
from typing import Any, TypeVar

from psycopg import Connection

log = logging.getLogger(__name__)

T = TypeVar("T")

LIMIT_S = 15.0
"""How long a listener waits for the store."""

PAUSE_S = 60.0
"""How long the store is not tried again after it could not be reached: a mark in Airflow can set 300 tasks."""


class _Pause:
    """Since when the store could not be reached, by the monotonic clock."""

    since = float("-inf")


def in_store(what: str, work: Callable[[Connection[Any]], T]) -> T | None:
    """The result of some work on the store; None when the store cannot be reached in time, which is logged.

    `what` is the work in words, for the log.
    """
    if time.monotonic() - _Pause.since < PAUSE_S:
        log.warning("%s is not recorded: the store could not be reached less than a minute ago", what)
        return None
    # Imported here and not in the thread, so that the slow first import does not count against the limit.
    from fpl_pulse.airflow.connections import connect

    results: list[T] = []

    def do() -> None:
        try:
            with closing(connect()) as conn:
                conn.execute("set statement_timeout = '10s'")
                results.append(work(conn))
        except Exception as error:  # noqa: BLE001 - a listener must not break Airflow
            # The text of an error may hold the connection.
            log.warning("%s is not recorded: the store failed (%s)", what, type(error).__name__)

    thread = threading.Thread(target=do, name="fpl-pulse-listener", daemon=True)
    thread.start()
    thread.join(LIMIT_S)
    if results:
        return results[0]
    _Pause.since = time.monotonic()
    return None
