"""How long a rebuild of a full season from its archive takes, and the digests of the season and of everything."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from fpl_pulse.etl.context import StepContext
from fpl_pulse.etl.rebuild import rebuild
from fpl_pulse.store.digest import digest

Result = TypeVar("Result")

_ROUNDS = 3


@dataclass(frozen=True)
class RebuildFigures:
    """A rehearsed rebuild."""

    as_of_times: int
    responses: int
    rows: int
    """Rows of the rebuilt tables."""
    seconds: float
    """The duration of one rebuild, with the digests before and after."""
    different_tables: tuple[str, ...]
    """Tables that differ from before; the figures count only when there are none."""


@dataclass(frozen=True)
class DigestFigures:
    """The digests of a store."""

    season_rows: int
    season_s: float
    """The best of three digests of the newest season."""
    rows: int
    everything_s: float
    """The duration of one digest of everything, which grows with the number of stored seasons."""


def measure_rebuild(context: StepContext) -> RebuildFigures:
    """Rehearse a rebuild of all stored seasons; the store stays as it is."""
    seconds, rebuilt = _timed(lambda: rebuild(context, rehearse=True))
    rows = sum(table.rows for table in rebuilt.after.values())
    return RebuildFigures(rebuilt.as_of_times, rebuilt.responses, rows, seconds, tuple(rebuilt.different))


def measure_digest(context: StepContext) -> DigestFigures:
    """Calculate the digests of the newest season and of everything."""
    season = context.season()
    rounds = [_timed(lambda: digest(context.conn, season)) for _ in range(_ROUNDS)]
    everything_s, everything = _timed(lambda: digest(context.conn))
    _, of_season = rounds[0]
    return DigestFigures(
        season_rows=sum(table.rows for table in of_season.values()),
        season_s=min(seconds for seconds, _ in rounds),
        rows=sum(table.rows for table in everything.values()),
        everything_s=everything_s,
    )


def _timed(work: Callable[[], Result]) -> tuple[float, Result]:
    started = time.perf_counter()
    result = work()
    return time.perf_counter() - started, result
