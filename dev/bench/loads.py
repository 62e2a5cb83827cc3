"""How fast archived responses become rows, beside plain upserts of the same rows one by one.

The upserts are what the old system did: one statement a row, without validation. Here they are even in one transaction.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg import sql
from psycopg.types.json import Jsonb

from fpl_pulse.etl import heatmaps, lineups
from fpl_pulse.etl.context import StepContext

_ROUNDS = 3


@dataclass(frozen=True)
class LoadFigures:
    """The load of one endpoint."""

    what: str
    rows: int
    loaded_s: float
    """The best of three loads from the archive, with validation."""
    upserted_s: float
    """The best of three times the same rows one by one."""

    @property
    def rows_per_second(self) -> float:
        """Rows loaded a second."""
        return self.rows / self.loaded_s

    @property
    def upserts_per_second(self) -> float:
        """Rows upserted one by one a second."""
        return self.rows / self.upserted_s


@dataclass(frozen=True)
class _Load:
    what: str
    endpoint: str
    load: Callable[[StepContext], object]
    table: str
    key: tuple[str, ...]
    tables: tuple[str, ...]
    """What the load fills, children first."""


_LOADS = (
    _Load(
        "heatmaps",
        heatmaps.LOADER.endpoint,
        heatmaps.load_heatmaps,
        "sofasport_heatmaps",
        ("event_id", "player_id"),
        ("sofasport_heatmaps",),
    ),
    _Load(
        "lineups",
        lineups.LOADER.endpoint,
        lineups.load_lineups,
        "sofasport_lineup_players",
        ("event_id", "player_id"),
        ("sofasport_lineup_players", "sofasport_lineups"),
    ),
)


def measure(context: StepContext) -> list[LoadFigures]:
    """Empty and fill the tables of a store whose archive has lineups and heatmaps. The context's run records it."""
    return [_measured(context, one) for one in _LOADS]


def _measured(context: StepContext, one: _Load) -> LoadFigures:
    conn = context.conn
    rows = conn.execute(sql.SQL("select * from {}").format(_table(one.table))).fetchall()
    loaded_s, upserted_s = [], []
    for _ in range(_ROUNDS):
        _empty(conn, one)
        loaded_s.append(_seconds(lambda: one.load(context)))
        # The loads fill the parents of the table too. The upserts need them.
        conn.execute(sql.SQL("delete from {}").format(_table(one.table)))
        upserted_s.append(_seconds(lambda: _upsert(conn, one, rows)))
    return LoadFigures(one.what, len(rows), min(loaded_s), min(upserted_s))


def _empty(conn: psycopg.Connection[Any], one: _Load) -> None:
    """Delete the rows, and mark the archived responses as not loaded."""
    with conn.transaction():
        for table in one.tables:
            conn.execute(sql.SQL("delete from {}").format(_table(table)))
        conn.execute(
            "update pulse.raw_resources set loaded_response_id = null where endpoint = %s and response_id is not null"
            " and outcome <> 'rejected'",
            (one.endpoint,),
        )


def _upsert(conn: psycopg.Connection[Any], one: _Load, rows: list[tuple[Any, ...]]) -> None:
    names = [
        column.name
        for column in conn.execute(sql.SQL("select * from {} limit 0").format(_table(one.table))).description or ()
    ]
    others = [name for name in names if name not in one.key]
    statement = sql.SQL(
        "insert into {table} ({names}) values ({values}) on conflict ({key}) do update set {sets}"
    ).format(
        table=_table(one.table),
        names=sql.SQL(", ").join(map(sql.Identifier, names)),
        values=sql.SQL(", ").join(sql.Placeholder() * len(names)),
        key=sql.SQL(", ").join(map(sql.Identifier, one.key)),
        sets=sql.SQL(", ").join(sql.SQL("{0} = excluded.{0}").format(sql.Identifier(name)) for name in others),
    )
    with conn.transaction():
        # The old system kept no table that follows the lineups.
        conn.execute("select set_config('pulse.follows_matches', 'off', true)")
        for row in rows:
            conn.execute(statement, [Jsonb(value) if isinstance(value, (dict, list)) else value for value in row])


def _table(name: str) -> sql.Identifier:
    return sql.Identifier("pulse", name)


def _seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started
