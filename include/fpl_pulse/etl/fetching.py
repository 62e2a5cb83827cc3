"""Makes the calls of a fetch task, a few at the same time.

A task waits for the source most of the time. With `CALLS_AT_ONCE` calls under way, a few tasks reach the rate of the
installation, from their first calls to their last. Each call still takes its slot of the shared pace.
"""

import logging
import threading
from collections import deque
from collections.abc import Callable, Iterable
from contextlib import closing
from contextvars import copy_context
from dataclasses import dataclass

from fpl_pulse.errors import AccessRefusedError, FplPulseError, ProxyError, QuotaSpentError, RetryableError
from fpl_pulse.etl.context import FetchCounts, StepContext
from fpl_pulse.store.plans import PlannedCall

log = logging.getLogger(__name__)

CALLS_AT_ONCE = 3
"""How many calls of a task are under way at the same time, where its context can open others beside it."""

FAILURES_IN_A_ROW = 2
"""After so many matches or clubs that failed one after the other, the source is down and a task gives up."""

MAX_WAIT_S = 5.0
"""How long a task that was stopped from outside waits for its other calls."""


@dataclass(frozen=True)
class OpenCall:
    """A call that a task still has to make."""

    unit: int
    """The id of its match or club."""
    planned: PlannedCall


MakeCall = Callable[[StepContext, OpenCall], FetchCounts]
NameOf = Callable[[StepContext, int], str]


class Fetching:
    """The calls of one task, and what became of them.

    The first call that fails ends the calls of its match or club. The others go on, unless the failure is about the
    source as a whole.
    """

    def __init__(self, calls: Iterable[OpenCall], make: MakeCall, name_of: NameOf) -> None:
        """Set up the task; no call is made yet.

        Args:
            calls: in the order in which they are made.
            make: makes one call in a context, and counts what it brought. Raises as `StepContext.fetch_all`.
            name_of: a match or club in words, for the log.
        """
        self.counts: dict[int, FetchCounts] = {}
        """The match or club -> what its calls brought."""
        self._failures: dict[int, FplPulseError] = {}
        self._waiting = deque(calls)
        self._make = make
        self._name_of = name_of
        self._lock = threading.Lock()
        self._failed_in_a_row = 0
        self._gives_up = False
        self._unexpected: BaseException | None = None

    def look(self, context: StepContext) -> None:
        """Make one call after the other until one succeeds: after an outage the source may still be down."""
        self._work(context, until_answered=True)

    def run(self, context: StepContext) -> None:
        """Make the calls: in the given context, and in others beside it where it can open them.

        Raises:
            RetryableError, StopError: from a call that failed; one that a retry can help goes first.
        """
        others = min(CALLS_AT_ONCE, len(self._waiting)) - 1
        threads: list[threading.Thread] = []
        limit_s: float | None = MAX_WAIT_S
        try:
            if context.open_beside and not self._gives_up:
                threads += (self._started_beside(context.open_beside()) for _ in range(others))
            self._work(context)
            limit_s = None
        finally:
            self._gives_up = True
            for thread in threads:
                thread.join(limit_s)
        if self._unexpected:
            raise self._unexpected
        for unit, counts in self.counts.items():
            log.info("%s: %s", self._name_of(context, unit), counts)
        if self._failures:
            errors = [*self._failures.values()]
            raise next((error for error in errors if isinstance(error, RetryableError)), errors[0])

    def _started_beside(self, context: StepContext) -> threading.Thread:
        """A thread that makes calls in a context of its own. As a daemon it does not keep a stopped task alive."""

        def work() -> None:
            with closing(context.conn):
                try:
                    self._work(context)
                except BaseException as error:  # noqa: BLE001 - the task raises it
                    self._unexpected, self._gives_up = error, True

        thread = threading.Thread(target=copy_context().run, args=(work,), name="calls", daemon=True)
        thread.start()
        return thread

    def _work(self, context: StepContext, *, until_answered: bool = False) -> None:
        """Make one call after the other until none is left."""
        while call := self._next():
            try:
                made = self._make(context, call)
            except FplPulseError as error:
                if self._goes_on_after(call.unit, error):
                    failed = f"{self._name_of(context, call.unit)} failed"
                    log.warning("%s; the task goes on with the next and fails at its end: %s", failed, error)
            else:
                self._count(call.unit, made)
                if until_answered:
                    return

    def _next(self) -> OpenCall | None:
        with self._lock:
            while self._waiting and not self._gives_up:
                call = self._waiting.popleft()
                if call.unit not in self._failures:
                    return call
            return None

    def _count(self, unit: int, made: FetchCounts) -> None:
        with self._lock:
            self.counts[unit] = self.counts.get(unit, FetchCounts()) + made
            self._failed_in_a_row = 0

    def _goes_on_after(self, unit: int, error: FplPulseError) -> bool:
        """Note the failure of a call; return whether it is the first of its match or club and others are left."""
        with self._lock:
            is_first = unit not in self._failures
            self._failures.setdefault(unit, error)
            self._failed_in_a_row += is_first
            if self._failed_in_a_row >= FAILURES_IN_A_ROW or concerns_the_source(error):
                self._gives_up = True
            return is_first and not self._gives_up and any(call.unit != unit for call in self._waiting)


def concerns_the_source(error: FplPulseError) -> bool:
    """Whether the next call would fail for the same reason: the key, a spent quota, or a wait that was requested."""
    has_to_wait = isinstance(error, RetryableError) and error.retry_after_s is not None
    return has_to_wait or isinstance(error, (AccessRefusedError, ProxyError, QuotaSpentError))
