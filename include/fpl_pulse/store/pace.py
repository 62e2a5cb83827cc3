"""One pace for all calls of an installation, whoever makes them: slots handed out by one row in Postgres.

A source counts the calls that arrive in any one second. Slots are therefore a little further apart than the rate says,
and whoever wakes up too late for his slot takes another one: between two slots so far apart, no second can hold more
calls than the rate. When the source says that it was too fast all the same, everybody slows down together and then
quickens again, step by step, up to the rate that was set.
"""

import logging
import time
from collections.abc import Callable
from typing import Any

from psycopg import Connection

from fpl_pulse.api.calls import Api, Call
from fpl_pulse.store.connection import require_no_transaction
from fpl_pulse.store.queries import query

log = logging.getLogger(__name__)

SPACING = 1.04
"""Slots are so much further apart than the rate says: room for the time between a slot and its call's arrival."""

LATEST_S = 0.025
"""Whoever is later for his slot than this takes another."""

SLOWEST = 0.5
"""Calls a second below which nobody slows down further."""

TOO_FAST = 429


class Pace:
    """The pace of one API, as one task keeps it."""

    def __init__(
        self,
        conn: Connection[Any],
        api: Api,
        calls_per_second: float,
        *,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Take the rate that was set for the whole installation.

        Raises:
            ValueError: when the rate is not above zero.
        """
        if calls_per_second <= 0:
            raise ValueError(f"The pace must be above 0 calls a second, not {calls_per_second}")
        self._conn = conn
        self._params = {"api": api, "rate": calls_per_second, "spacing": SPACING, "slowest": SLOWEST}
        self._sleep = sleep
        self._clock = clock

    def wait_for_slot(self) -> None:
        """Block until the next call may start.

        Raises:
            RuntimeError: inside a transaction, which would hold its locks while it waits.
        """
        require_no_transaction(self._conn)
        while True:
            row = self._conn.execute(query("take_slot").encode(), self._params).fetchone()
            slot = self._clock() + (float(row[0]) if row else 0.0)
            wait_s = slot - self._clock()
            if wait_s > 0:
                self._sleep(wait_s)
            if self._clock() - slot <= LATEST_S:
                return

    def on_response(self, call: Call) -> None:
        """Slow everybody down when the source has said that the calls come too fast; a spent quota is no such word."""
        if call.status != TOO_FAST or call.outcome == "QuotaSpentError":
            return
        row = self._conn.execute(query("slow_down").encode(), self._params).fetchone()
        if row is not None:
            log.warning(
                "%s says too fast: all tasks slow down to %.1f calls a second for now",
                call.resource.api,
                row[0],
            )
