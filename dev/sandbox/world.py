"""The sandbox's state: the season, its clock, and the answers already made for the present moment."""

import json
from collections.abc import Callable

from dev.sandbox.fpl import Fpl
from dev.sandbox.moments import iso, moment
from dev.sandbox.official import OfficialBook
from dev.sandbox.season import DEFAULT_SEED, Season
from dev.sandbox.sofasport import SofaSport

EARLIEST = moment("2025-07-15T00:00:00Z")
LATEST = moment("2026-07-31T00:00:00Z")
DEFAULT_MOMENT = moment("2025-10-13T01:00:00Z")


class World:
    """Season and clock. The clock stands still until it is set again."""

    def __init__(self, as_of: int = DEFAULT_MOMENT, seed: int = DEFAULT_SEED) -> None:
        """Make the season and go to a moment.

        Raises:
            ValueError: The moment lies outside the season.
        """
        self.season = Season(seed)
        self._book = OfficialBook(self.season)
        self.set_clock(as_of)

    def set_clock(self, as_of: int) -> None:
        """Go to a moment; matches before it are played first, so that all answers are quick.

        Raises:
            ValueError: The moment lies outside the season.
        """
        if not EARLIEST <= as_of <= LATEST:
            raise ValueError(
                f"The clock can be set from {iso(EARLIEST)} to {iso(LATEST)}, not to {iso(as_of)}."
            )
        self.season.prepare(as_of)
        self._book.prepare(as_of)
        self.as_of = as_of
        self.sofasport = SofaSport(self.season, as_of)
        self.fpl = Fpl(self._book, as_of)
        self._answers: dict[tuple[object, ...], bytes] = {}

    def answer(self, key: tuple[object, ...], make: Callable[[], object]) -> bytes:
        """The encoded answer of this moment, made once. When `make` raises, nothing is kept."""
        if key not in self._answers:
            self._answers[key] = encode(make())
        return self._answers[key]


def encode(payload: object) -> bytes:
    """JSON without blanks, in UTF-8."""
    return json.dumps(payload, ensure_ascii=False, separators=(",", ":")).encode()
