"""What a check found of every gameweek: the rows of `pulse.coverage`."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from psycopg import Connection

from fpl_pulse.store.queries import query
from fpl_pulse.store.runs import Run

MOST_NAMED = 50
"""A row names this many of what is missing; the table allows no more."""


@dataclass(frozen=True)
class GameweekCoverage:
    """How much of one thing a gameweek has; the columns of `pulse.coverage` say what each field means."""

    season: str
    gameweek: int
    """0 when it is unknown."""
    what: str
    have: int
    want: int
    not_yet: int
    least: float | None
    """A share, 0-1."""
    is_enough: bool
    missing: list[str]
    """The first names of them, at most `MOST_NAMED`."""


def replace_coverage(conn: Connection[Any], run: Run, rows: Iterable[GameweekCoverage]) -> None:
    """Make these the rows of a run, in one transaction; what it wrote before a clear goes."""
    of_run = {"dag_id": run.dag_id, "run_id": run.run_id}
    with conn.transaction(), conn.cursor() as cursor:
        cursor.execute("delete from pulse.coverage where dag_id = %(dag_id)s and run_id = %(run_id)s", of_run)
        cursor.executemany(
            query("add_coverage").encode(), [{**of_run, "as_of": run.as_of, **asdict(row)} for row in rows]
        )
