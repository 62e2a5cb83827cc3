"""What a check found in each gameweek: the rows of `pulse.coverage`."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from psycopg import Connection

from fpl_pulse.store.queries import query
from fpl_pulse.store.runs import Run

MAX_NAMED = 50
"""How many missing things a row names at most; the table allows no more."""


@dataclass(frozen=True)
class GameweekCoverage:
    """How much of one kind of data a gameweek has. Fields are the columns of `pulse.coverage`."""

    season: str
    gameweek: int
    """0 when the gameweek is unknown."""
    what: str
    have: int
    want: int
    not_yet: int
    least: float | None
    """The minimum share, 0-1; None when the data is only counted."""
    is_enough: bool
    missing: list[str]
    """At most `MAX_NAMED` names."""


def store_final_freshness(conn: Connection[Any], season: str) -> None:
    """Store the freshness of seasons before this one that is not stored yet: no run changes them any more.

    Without it `pulse.freshness` would count the data of all seasons each time that somebody reads it.
    """
    conn.execute(query("store_final_freshness"), {"season": season})


def replace_coverage(conn: Connection[Any], run: Run, rows: Iterable[GameweekCoverage]) -> None:
    """Replace the rows of a run, in one transaction; rows from before a clear are deleted."""
    with conn.transaction(), conn.cursor() as cursor:
        cursor.execute("delete from pulse.coverage where dag_id = %(dag_id)s and run_id = %(run_id)s", run.key)
        cursor.executemany(query("add_coverage"), [{**vars(run), **vars(row)} for row in rows])
