"""One pack at a time: a lock of the store, which the database releases when its holder goes away."""

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from psycopg import Connection, OperationalError
from psycopg.errors import LockNotAvailable

from fpl_pulse.errors import PackNotWrittenError
from fpl_pulse.packs.place import Confirm
from fpl_pulse.packs.queries import query
from fpl_pulse.store.connection import scalar
from fpl_pulse.wording import quantity

log = logging.getLogger(__name__)

WAIT_LIMIT_MINUTES = 5
"""How long a pack waits for another one of the same store."""

PROGRESS_S = 30
"""How often a pack that waits says so."""

LOCK = "select {}(hashtext('fpl_pulse.packs'))"


@contextmanager
def alone(conn: Connection[Any]) -> Iterator[Confirm]:
    """Wait for another pack of the same store; yield a function that raises an error if the lock was lost.

    Raises:
        PackNotWrittenError: the other one takes too long, or the lock was lost with the connection.
    """
    _wait(conn)
    try:
        yield lambda: _require_lock(conn)
    finally:
        _release(conn)


def _wait(conn: Connection[Any]) -> None:
    began, limit = time.monotonic(), WAIT_LIMIT_MINUTES * 60
    if scalar(conn, LOCK.format("pg_try_advisory_lock")):
        return
    holder = scalar(conn, query("holder_of_lock"), {}) or "a session that has just ended"
    # Warnings reach the terminal of `make pack`, too.
    log.warning(
        "Another pack of this store is being written by %s. Waiting for it up to %g minutes", holder, limit / 60
    )
    try:
        while (left := limit - (time.monotonic() - began)) > 0:
            # At least a millisecond: zero would be no limit.
            conn.execute(f"set lock_timeout = {max(1, int(1000 * min(PROGRESS_S, left)))}".encode())
            try:
                conn.execute(LOCK.format("pg_advisory_lock").encode())
            except LockNotAvailable:
                log.warning("Still waiting for the other pack, since %.0f seconds", time.monotonic() - began)
            else:
                log.warning("The other pack is done. This one begins")
                return
    finally:
        conn.execute("set lock_timeout = 0")
    raise PackNotWrittenError(
        f"Another pack of this store has been under way for {quantity(WAIT_LIMIT_MINUTES, 'minute')}, written by"
        f" {holder}: nothing was written",
        remedy="Write the pack again when that one is done",
    )


def _require_lock(conn: Connection[Any]) -> None:
    """Make sure that no other pack can have begun meanwhile.

    Raises:
        PackNotWrittenError: the connection was lost, and the lock with it.
    """
    try:
        conn.execute("select 1")
    except OperationalError as error:
        raise PackNotWrittenError(
            "The connection to the database was lost while the pack was written, so another one may have begun: the"
            " pack of before still counts",
            remedy="Write the pack again when the database is back",
        ) from error


def _release(conn: Connection[Any]) -> None:
    if conn.closed:
        return
    try:
        conn.execute(LOCK.format("pg_advisory_unlock").encode())
    except OperationalError as error:
        log.warning("The connection to the database was lost, and the lock of packs with it: %s", error)
