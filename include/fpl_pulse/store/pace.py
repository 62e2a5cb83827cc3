"""One pace for all calls of an installation: one row per API in Postgres hands out time slots to all tasks.

A source counts the calls that arrive within any one second. So the row holds the newest slots, and a slot is free when
the second before it, and a little more, holds fewer slots than the rate allows. A call that was late is therefore made
up for. If the source still answers 429, all tasks pause. If it does so again, they slow down together and return to the
configured rate step by step. See docs/adr/0011.
"""

import logging
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from psycopg import Connection

from fpl_pulse.api.calls import Api, Call
from fpl_pulse.store.connection import require_no_transaction, select_records
from fpl_pulse.store.queries import query

log = logging.getLogger(__name__)

SPARE_S = 0.04
"""Added to the second within which calls are counted: room for what delays one call and not the other."""

SHORTEST_DISTANCE = 0.5
"""The shortest distance between two slots, as a share of the average distance. It spreads the calls that catch up."""

MAX_LATENESS_S = 0.025
"""A task that is later for its slot than this takes another one. The rest of `SPARE_S` is for the way to the source."""

MAX_MISSED_SLOTS = 5
"""After so many missed slots the task uses the next one in any case: a 429 costs less than a task that never calls."""

MIN_CALLS_PER_SECOND = 0.5
"""A 429 does not reduce the pace below this."""

LONGEST_QUEUE = 32
"""Calls that wait for a slot at the same time, at most."""

LONGEST_WAIT_S = 120.0
"""How long a task waits for its slot at most, besides the queue at the configured rate. A slot that is further away was
given before the machine's clock was set back."""

REPEATED_WITHIN_S = 10.0
"""A second 429 within this time means that the plan allows less than the rate. A lone one can be an accident."""


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
        self._api = api
        self._rate = calls_per_second
        self._sleep = sleep
        self._clock = clock

    def wait_for_slot(self) -> None:
        """Block until the next call may start.

        Raises:
            RuntimeError: the connection is inside a transaction, which would hold its locks during the wait.
        """
        require_no_transaction(self._conn)
        slot = None
        for _ in range(MAX_MISSED_SLOTS + 1):
            asked_at = self._clock()
            slot, wait_s = self._take_slot(missed=slot)
            # Postgres counts `wait_s` from a time after `asked_at`. So the task is never early, and at most this late.
            if wait_s > 0:
                self._sleep(wait_s)
            if self._clock() - (asked_at + wait_s) <= MAX_LATENESS_S:
                return

    def on_response(self, call: Call) -> None:
        """Slow down all tasks after a 429, unless the 429 is about a quota."""
        if call.status != 429 or call.outcome in ("QuotaSpentError", "QuotaPauseError"):
            return
        params = {
            "api": self._api,
            "rate": self._rate,
            "min_rate": MIN_CALLS_PER_SECOND,
            "repeated_within_s": REPEATED_WITHIN_S,
        }
        row = self._conn.execute(query("slow_down"), params).fetchone()
        if row is None:
            return
        (rate,) = row
        until = "pause for a second" if rate is None else f"slow down to {rate:.1f} calls a second for now"
        log.warning("%s refused a call as too fast (429): all tasks %s", call.resource.api, until)

    def _take_slot(self, missed: object) -> tuple[object, float]:
        """The next free slot, and how many seconds from now it is. A missed slot is given back."""
        params = {
            "api": self._api,
            "rate": self._rate,
            "spare_s": SPARE_S,
            "shortest": SHORTEST_DISTANCE,
            "missed": missed,
            "furthest": timedelta(seconds=LONGEST_WAIT_S + LONGEST_QUEUE / self._rate),
        }
        found = select_records(self._conn, query("take_slot"), params)[0]
        return found["slot"], found["wait_s"]
