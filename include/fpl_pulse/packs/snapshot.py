"""One consistent view of the store, and which season and gameweek a pack is about."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from psycopg import Connection, IsolationLevel

from fpl_pulse.errors import NotStoredYetError, SelectionError
from fpl_pulse.packs.queries import query
from fpl_pulse.season import MAX_GAMEWEEK
from fpl_pulse.store.connection import scalar

RECENT = timedelta(days=7)
"""Since the last weekly pack: a gameweek with a match in this time is written again, because its last pack lacks it."""


@contextmanager
def snapshot(conn: Connection[Any]) -> Iterator[None]:
    """A read-only transaction that sees the tables as they are at its begin, whatever other runs load meanwhile."""
    conn.isolation_level, conn.read_only = IsolationLevel.REPEATABLE_READ, True
    try:
        with conn.transaction():
            yield
    finally:
        if not conn.closed:
            conn.isolation_level, conn.read_only = None, None


def choose_season(conn: Connection[Any], season: str | None) -> str:
    """The season, or the current one for None.

    Raises:
        NotStoredYetError: the store is empty.
        SelectionError: the season is not stored.
    """
    known = [
        name for (name,) in conn.execute("select season from pulse.fpl_seasons order by observed_at desc").fetchall()
    ]
    if not known:
        raise NotStoredYetError(f"The store is empty. {NotStoredYetError.remedy}.")
    if season is None:
        return str(known[0])
    if season not in known:
        raise SelectionError(f"There is no season {season[:40]!r} in the store. Choose one of: {', '.join(known)}.")
    return season


def as_of_of(conn: Connection[Any], season: str) -> datetime:
    """The as-of time of the data: of the newest response that the tables hold of a season.

    Raises:
        NotStoredYetError: nothing is loaded.
    """
    as_of: datetime | None = scalar(conn, query("as_of"), {"season": season})
    if as_of is None:
        raise NotStoredYetError(f"No data of season {season} is loaded. {NotStoredYetError.remedy}.")
    return as_of


def choose_gameweek(conn: Connection[Any], season: str, gameweek: int | None, as_of: datetime) -> int:
    """The gameweek, or for None the newest one that has begun at a time.

    Raises:
        SelectionError: the season has no such gameweek, or it has not begun.
    """
    known = conn.execute(
        "select gameweek, deadline_at <= %s from pulse.fpl_gameweeks where season = %s order by gameweek",
        (as_of, season),
    ).fetchall()
    begun = [number for number, has_begun in known if has_begun]
    if not begun:
        raise SelectionError(f"No gameweek of season {season} has begun by {as_of:%Y-%m-%d %H:%M} UTC.")
    if gameweek is None:
        return int(begun[-1])
    if gameweek not in begun:
        state = "has not begun" if gameweek in dict(known) else "does not exist"
        raise SelectionError(
            f"Gameweek {gameweek} of season {season} {state} by {as_of:%Y-%m-%d %H:%M} UTC, the time of the data."
            f" Choose a gameweek from {begun[0]} to {begun[-1]}."
        )
    return gameweek


def gameweeks_to_pack(conn: Connection[Any], season: str, as_of: datetime) -> list[int]:
    """The gameweeks of which a weekly run writes packs: the newest that has begun, and those with a recent match.

    A gameweek that begins before the matches of the one before are over would otherwise leave that one's pack
    incomplete for ever.
    """
    params = {"season": season, "as_of": as_of, "since": as_of - RECENT}
    return [number for (number,) in conn.execute(query("gameweeks_to_pack").encode(), params).fetchall()]


def gameweek_number(text: str) -> int:
    """A gameweek as somebody types it.

    Raises:
        SelectionError: it is no number of a gameweek.
    """
    plain = text.strip()
    if not (plain.isascii() and plain.isdecimal() and len(plain) < 4 and 0 < int(plain) <= MAX_GAMEWEEK):
        raise SelectionError(f"{text[:40]!r} is no gameweek. Write a whole number, for example GW=7.")
    return int(plain)


def running_pipelines(conn: Connection[Any]) -> list[str]:
    """The pipelines that are loading, or may be, at this moment."""
    return [name for (name,) in conn.execute(query("running_pipelines").encode()).fetchall()]
