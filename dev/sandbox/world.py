"""The state of the sandbox: the seasons, their clock, and a cache of response bodies for the current time."""

import json
from collections.abc import Callable
from functools import cached_property

from dev.sandbox.fpl import Fpl
from dev.sandbox.next_season import SECOND_START, NextSeason
from dev.sandbox.official import OfficialResults
from dev.sandbox.season import DEFAULT_CLUBS, DEFAULT_SEED, Season
from dev.sandbox.sofasport import SofaSport
from dev.sandbox.sofasport_seasons import SofaSportSeasons
from dev.sandbox.summer import Summer
from dev.sandbox.timestamps import iso, timestamp

EARLIEST = timestamp("2025-07-15T00:00:00Z")
LATEST = timestamp("2027-07-31T00:00:00Z")
DEFAULT_AS_OF = timestamp("2025-10-13T01:00:00Z")


class World:
    """The seasons and the clock. The clock stands still until it is set."""

    def __init__(
        self,
        as_of: int = DEFAULT_AS_OF,
        seed: int = DEFAULT_SEED,
        summer: Summer | None = None,
        *,
        clubs: int = DEFAULT_CLUBS,
    ) -> None:
        """Create the season and set the clock.

        Raises:
            ValueError: the time is outside both seasons.
        """
        self.season = Season(seed, clubs)
        self.summer = summer or Summer()
        self._results = OfficialResults(self.season)
        self.set_clock(as_of)

    def set_clock(self, as_of: int) -> None:
        """Set the clock. Matches before this time are played now, so that later requests are fast.

        Raises:
            ValueError: the time is outside both seasons.
        """
        if not EARLIEST <= as_of <= LATEST:
            raise ValueError(f"The clock can be set from {iso(EARLIEST)} to {iso(LATEST)}, not to {iso(as_of)}.")
        self.season.prepare(as_of)
        self._results.prepare(as_of)
        self.as_of = as_of
        self.sofasport: SofaSport | SofaSportSeasons = SofaSport(self.season, as_of)
        self.fpl = Fpl(self._results, as_of)
        if as_of >= SECOND_START:
            self._set_clock_of_next_season(self.sofasport)
        self._bodies: dict[tuple[object, ...], bytes] = {}

    def _set_clock_of_next_season(self, first: SofaSport) -> None:
        self.next_season.prepare(self.as_of)
        second = SofaSport(self.next_season, self.as_of)
        is_listed = self.as_of >= self.summer.sofasport_opens_at
        self.sofasport = SofaSportSeasons(first, second, is_listed=is_listed)
        if self.as_of >= self.summer.fpl_opens_at:
            self._next_results.prepare(self.as_of)
            self.fpl = Fpl(self._next_results, self.as_of)

    def set_summer(self, summer: Summer) -> None:
        """Change when the sources open the next season."""
        self.summer = summer
        self.set_clock(self.as_of)

    @cached_property
    def next_season(self) -> NextSeason:
        """The season after the first one. It is created when it is first needed."""
        return NextSeason(self.season)

    @cached_property
    def _next_results(self) -> OfficialResults:
        return OfficialResults(self.next_season)

    def response_body(self, key: tuple[object, ...], make: Callable[[], object]) -> bytes:
        """The encoded payload at the current time, created once. If `make` raises, nothing is cached."""
        if key not in self._bodies:
            self._bodies[key] = encode(make())
        return self._bodies[key]


def encode(payload: object) -> bytes:
    """JSON without whitespace, in UTF-8."""
    return json.dumps(payload, ensure_ascii=False, separators=(",", ":")).encode()
