"""The summer between two seasons: when each source opens the next one."""

from dataclasses import dataclass

from dev.sandbox.next_season import SECOND_START
from dev.sandbox.timestamps import iso, timestamp

LATEST_OPENING = timestamp("2026-08-10T00:00:00Z")


@dataclass(frozen=True, slots=True)
class Summer:
    """When FPL resets to the next season, and when SofaSport lists it. By default SofaSport is two weeks earlier."""

    fpl_opens_at: int = timestamp("2026-07-15T10:00:00Z")
    sofasport_opens_at: int = timestamp("2026-07-01T06:00:00Z")

    def __post_init__(self) -> None:
        """Check the times.

        Raises:
            ValueError: a source opens before the squads of the next season, or after its first deadline.
        """
        if not all(SECOND_START <= when <= LATEST_OPENING for when in (self.fpl_opens_at, self.sofasport_opens_at)):
            raise ValueError(f"A source can open the next season from {iso(SECOND_START)} to {iso(LATEST_OPENING)}.")
