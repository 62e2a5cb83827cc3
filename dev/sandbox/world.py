"""The state of the sandbox: the season, its clock, and a cache of response bodies for the current time."""

import json
from collections.abc import Callable

from dev.sandbox.fpl import Fpl
from dev.sandbox.official import OfficialResults
from dev.sandbox.season import DEFAULT_SEED, Season
from dev.sandbox.sofasport import SofaSport
from dev.sandbox.timestamps import iso, timestamp

EARLIEST = timestamp("2025-07-15T00:00:00Z")
LATEST = timestamp("2026-07-31T00:00:00Z")
DEFAULT_AS_OF = timestamp("2025-10-13T01:00:00Z")


class World:
    """The season and the clock. The clock stands still until it is set."""

    def __init__(self, as_of: int = DEFAULT_AS_OF, seed: int = DEFAULT_SEED) -> None:
        """Create the season and set the clock.

        Raises:
            ValueError: the time is outside the season.
        """
        self.season = Season(seed)
        self._results = OfficialResults(self.season)
        self.set_clock(as_of)

    def set_clock(self, as_of: int) -> None:
        """Set the clock. Matches before this time are played now, so that later requests are fast.

        Raises:
            ValueError: the time is outside the season.
        """
        if not EARLIEST <= as_of <= LATEST:
            raise ValueError(f"The clock can be set from {iso(EARLIEST)} to {iso(LATEST)}, not to {iso(as_of)}.")
        self.season.prepare(as_of)
        self._results.prepare(as_of)
        self.as_of = as_of
        self.sofasport = SofaSport(self.season, as_of)
        self.fpl = Fpl(self._results, as_of)
        self._bodies: dict[tuple[object, ...], bytes] = {}

    def response_body(self, key: tuple[object, ...], make: Callable[[], object]) -> bytes:
        """The encoded payload at the current time, created once. If `make` raises, nothing is cached."""
        if key not in self._bodies:
            self._bodies[key] = encode(make())
        return self._bodies[key]


def encode(payload: object) -> bytes:
    """JSON without whitespace, in UTF-8."""
    return json.dumps(payload, ensure_ascii=False, separators=(",", ":")).encode()
