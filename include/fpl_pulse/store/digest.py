"""A digest of everything that the tables say: two stores that say the same have the same digest.

Left out is how it came about: calls, runs, the archive, alerts, and of the rows themselves wall clocks and numbers that
the database gives out. What remains follows from the answers and the moments of the runs alone.
"""

from dataclasses import dataclass
from typing import Any

from psycopg import Connection, sql

RECORDS = frozenset({
    "alembic_version", "alerts", "api_calls", "api_pace", "coverage", "pipeline_runs", "planned_calls", "raw_resources",
    "raw_responses", "task_attempts",
})  # fmt: skip
"""Tables that say how the data came about, not what it is."""

OF_THE_MACHINE = (
    "updated_at", "recorded_at", "decided_at", "revision_id", "response_id", "resource_id", "decision_id",
)  # fmt: skip
"""Columns that hold a wall clock, or a number that the database has given out."""

# A revision holds a whole row, its wall clock among the rest.
_CONTENT_OF_ROW = sql.SQL("md5((to_jsonb(kept) - {}::text[] #- '{{content,updated_at}}')::text)").format(
    list(OF_THE_MACHINE)
)
_CONTENT = """
    select count(*), coalesce(md5(string_agg(content, ',' order by content collate "C")), '')
    from (select {content} as content from {table} as kept) as contents
"""


@dataclass(frozen=True)
class TableDigest:
    """How many rows a table has, and the digest of their contents whatever their order."""

    rows: int
    content: str


def tables(conn: Connection[Any]) -> list[str]:
    """The tables of the schema `pulse` that hold data, in order of name."""
    rows = conn.execute("select tablename from pg_tables where schemaname = 'pulse' order by 1").fetchall()
    return [name for (name,) in rows if name not in RECORDS]


def digest(conn: Connection[Any]) -> dict[str, TableDigest]:
    """The digest of every table that holds data; a new table is counted without being named here."""
    found = {}
    for name in tables(conn):
        statement = sql.SQL(_CONTENT).format(content=_CONTENT_OF_ROW, table=sql.Identifier("pulse", name))
        row = conn.execute(statement).fetchone()
        if row is None:
            raise RuntimeError(f"pulse.{name} gave no digest")
        found[name] = TableDigest(*row)
    return found


def keep_times(conn: Connection[Any]) -> None:
    """Remember, to the end of the transaction, when each row that holds data was last changed."""
    conn.execute(
        "create temporary table times_as_they_were (name text, content text, changed_at timestamptz) on commit drop"
    )
    for name, column in _time_columns(conn):
        statement = sql.SQL(
            "insert into times_as_they_were select {name}, {content}, {column} from {table} as kept"
        )
        conn.execute(
            statement.format(
                name=name,
                content=_CONTENT_OF_ROW,
                column=sql.Identifier(column),
                table=sql.Identifier("pulse", name),
            )
        )
    conn.execute("create index on times_as_they_were (name, content)")


def restore_times(conn: Connection[Any]) -> None:
    """Give every row whose content is as it was the time that it had: nothing has changed there."""
    for name, column in _time_columns(conn):
        statement = sql.SQL(
            "update {table} as kept set {column} = known.changed_at from times_as_they_were as known"
            " where known.name = {name} and known.content = {content}"
        )
        conn.execute(
            statement.format(
                name=name,
                content=_CONTENT_OF_ROW,
                column=sql.Identifier(column),
                table=sql.Identifier("pulse", name),
            )
        )
    conn.execute("drop table times_as_they_were")


def _time_columns(conn: Connection[Any]) -> list[tuple[str, str]]:
    """Which column of which table says when a row was last changed."""
    rows = conn.execute(
        "select table_name, column_name from information_schema.columns"
        " where table_schema = 'pulse' and column_name in ('updated_at', 'recorded_at') order by 1"
    ).fetchall()
    data = set(tables(conn))
    return [(str(name), str(column)) for name, column in rows if name in data]


def different(one: dict[str, TableDigest], other: dict[str, TableDigest]) -> list[str]:
    """The tables that the two do not say alike, in order of name."""
    return [name for name in sorted(one.keys() | other.keys()) if one.get(name) != other.get(name)]
