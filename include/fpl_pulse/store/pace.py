"""One pace for all calls of an installation: one row per API in Postgres hands out time slots to all tasks.

A source counts the calls that arrive within any one second. So the slots are slightly further apart than the rate
requires, and a task that wakes up too late for its slot takes another one. Then no second can hold more calls than the
rate. If the source still answers 429, all tasks slow down together and return to the configured rate step by step.
See docs/adr/0011.
"""

import logging
import time
from collections.abc import Callable
from typing import Any

from psycopg import Connection

from fpl_pulse.api.calls import Api, Call
from fpl_pulse.store.connection import require_no_transaction, scalar
from fpl_pulse.store.queries import query

log = logging.getLogger(__name__)

SLOT_SPACING = 1.04
"""The distance between slots, as a multiple of what the rate requires. The rest is room for delays in the network."""

MAX_LATENESS_S = 0.025
"""A task that is later for its slot than this takes another one."""

MIN_CALLS_PER_SECOND = 0.5
"""A 429 does not reduce the pace below this."""


class Pace:
    """Keeps one task to the installation's pace for one API."""

    def __init__(
        self,
        conn: Connection[Any],
        api: Api,
        calls_per_second: float,
        *,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Set the pace; no slot is taken yet.

        Args:
            conn: the store's connection, in autocommit mode.
            api: whose pace.
            calls_per_second: the rate configured for the whole installation.
            sleep: waits, in seconds.
            clock: a monotonic clock, in seconds.

        Raises:
            ValueError: the rate is not above zero.
        """
        if calls_per_second <= 0:
            raise ValueError(f"The pace must be above 0 calls a second, not {calls_per_second}")
        self._conn = conn
        self._params = {"api": api, "rate": calls_per_second, "spacing": SLOT_SPACING, "min_rate": MIN_CALLS_PER_SECOND}
        self._sleep = sleep
        self._clock = clock

    def wait_for_slot(self) -> None:
        """Block until the next call may start.

        Raises:
            RuntimeError: the connection is inside a transaction, which would hold its locks during the wait.
        """
        require_no_transaction(self._conn)
        while True:
            slot = self._clock() + float(scalar(self._conn, query("take_slot"), self._params))
            wait_s = slot - self._clock()
            if wait_s > 0:
                self._sleep(wait_s)
            if self._clock() - slot <= MAX_LATENESS_S:
                return

    def on_response(self, call: Call) -> None:
        """Slow down all tasks after a 429, unless the 429 is about a spent quota."""
        if call.status != 429 or call.outcome == "QuotaSpentError":
            return
        rate = scalar(self._conn, query("slow_down"), self._params)
        if rate is not None:
            sentence = "%s refused a call as too fast (429): all tasks slow down to %.1f calls a second for now"
            log.warning(sentence, call.resource.api, rate)
