"""A digest of the stored data: two stores with the same data have the same digest.

The digest does not cover how the data came about (calls, runs, the archive, alerts), nor wall clocks and generated
numbers in the rows. What remains follows only from the responses and the as-of times of the runs.
"""

from dataclasses import dataclass
from typing import Any

from psycopg import Connection, sql

RECORDS = frozenset({
    "alembic_version", "alerts", "api_calls", "api_pace", "coverage", "pipeline_runs", "planned_calls", "raw_resources",
    "raw_responses", "task_attempts",
})  # fmt: skip
"""Tables that record how the data came about."""

NOT_DATA = (
    "updated_at", "recorded_at", "decided_at", "revision_id", "response_id", "resource_id", "decision_id",
)  # fmt: skip
"""Columns with a wall clock or a generated number."""

# A revision holds a whole row, including its wall clock.
_CONTENT_OF_ROW = sql.SQL("md5((to_jsonb(kept) - {}::text[] #- '{{content,updated_at}}')::text)").format(list(NOT_DATA))
_CONTENT = """
    select count(*), coalesce(md5(string_agg(content, ',' order by content collate "C")), '')
    from (select {content} as content from {table} as kept) as contents
"""


@dataclass(frozen=True)
class TableDigest:
    """The number of rows of a table, and a digest of their content that does not depend on their order."""

    rows: int
    content: str


def tables(conn: Connection[Any]) -> list[str]:
    """The tables of the schema `pulse` that hold data, sorted by name."""
    rows = conn.execute("select tablename from pg_tables where schemaname = 'pulse' order by 1").fetchall()
    return [name for (name,) in rows if name not in RECORDS]


def digest(conn: Connection[Any]) -> dict[str, TableDigest]:
    """Table -> digest, for every table that is not in `RECORDS`."""
    found = {}
    for name in tables(conn):
        statement = sql.SQL(_CONTENT).format(content=_CONTENT_OF_ROW, table=sql.Identifier("pulse", name))
        row = conn.execute(statement).fetchone()
        if row is None:
            raise RuntimeError(f"pulse.{name} returned no digest")
        found[name] = TableDigest(*row)
    return found


def keep_times(conn: Connection[Any]) -> None:
    """Keep the time of the last change of each row until the end of the transaction."""
    conn.execute("create temporary table kept_times (name text, content text, changed_at timestamptz) on commit drop")
    for name, column in _time_columns(conn):
        statement = sql.SQL("insert into kept_times select {name}, {content}, {column} from {table} as kept")
        conn.execute(
            statement.format(
                name=name, content=_CONTENT_OF_ROW, column=sql.Identifier(column), table=sql.Identifier("pulse", name)
            )
        )
    conn.execute("create index on kept_times (name, content)")


def restore_times(conn: Connection[Any]) -> None:
    """Give every row whose content is unchanged its kept time back."""
    for name, column in _time_columns(conn):
        statement = sql.SQL(
            "update {table} as kept set {column} = known.changed_at from kept_times as known"
            " where known.name = {name} and known.content = {content}"
        )
        conn.execute(
            statement.format(
                name=name, content=_CONTENT_OF_ROW, column=sql.Identifier(column), table=sql.Identifier("pulse", name)
            )
        )
    conn.execute("drop table kept_times")


def _time_columns(conn: Connection[Any]) -> list[tuple[str, str]]:
    """Table and column of the time of the last change."""
    rows = conn.execute(
        "select table_name, column_name from information_schema.columns"
        " where table_schema = 'pulse' and column_name in ('updated_at', 'recorded_at') order by 1"
    ).fetchall()
    data = set(tables(conn))
    return [(str(name), str(column)) for name, column in rows if name in data]


def different(one: dict[str, TableDigest], other: dict[str, TableDigest]) -> list[str]:
    """The tables whose digests differ, sorted by name."""
    return [name for name in sorted(one.keys() | other.keys()) if one.get(name) != other.get(name)]
