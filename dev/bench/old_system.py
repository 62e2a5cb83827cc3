"""The number of SofaSport calls that the old system would have made, to compare a week with."""

from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import LiteralString

import psycopg
from psycopg.rows import class_row


@dataclass(frozen=True)
class OldCost:
    """SofaSport calls of the old system in one week, by what they fetch."""

    event_pages: int
    lineups: int
    heatmaps: int
    players_twice: int
    """Season statistics and attributes of every linked player."""

    @property
    def total(self) -> int:
        """All calls."""
        return sum(asdict(self).values())


def old_cost(dsn: str, as_of: datetime) -> OldCost:
    """The old system's calls in the week that ends at `as_of`, computed from the matches and players in the store."""
    statement: LiteralString = (Path(__file__).parent / "queries" / "old_system_calls.sql").read_text()
    with psycopg.connect(dsn, row_factory=class_row(OldCost)) as connection:
        cost = connection.execute(statement, {"as_of": as_of}).fetchone()
    if cost is None:
        raise LookupError("an aggregate without groups has one row")
    return cost
