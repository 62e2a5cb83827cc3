"""A digest of the stored data: two stores with the same data have the same digest.

The digest does not cover how the data came about (calls, runs, the archive, alerts), nor wall clocks and generated
numbers in the rows. What remains follows only from the responses and the as-of times of the runs.
"""

from dataclasses import dataclass
from typing import Any, LiteralString

from psycopg import Connection, sql

RECORDS = frozenset({
    "alembic_version", "alerts", "api_calls", "api_pace", "coverage", "final_freshness", "pipeline_runs",
    "planned_calls", "raw_resources", "raw_responses", "task_attempts",
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
        found[name] = TableDigest(*conn.execute(statement).fetchall()[0])
    return found


def keep_times(conn: Connection[Any]) -> None:
    """Keep the time of the last change of each row until the end of the transaction."""
    conn.execute("create temporary table kept_times (name text, content text, changed_at timestamptz) on commit drop")
    _execute_per_table(conn, "insert into kept_times select {name}, {content}, {column} from {table} as kept")
    conn.execute("create index on kept_times (name, content)")


def restore_times(conn: Connection[Any]) -> None:
    """Give every row whose content is unchanged its kept time back."""
    _execute_per_table(
        conn,
        "update {table} as kept set {column} = known.changed_at from kept_times as known"
        " where known.name = {name} and known.content = {content}",
    )
    conn.execute("drop table kept_times")


def _execute_per_table(conn: Connection[Any], statement: LiteralString) -> None:
    """Execute a statement for every table with data that has a column with the time of the last change."""
    found = conn.execute(
        "select table_name::text, column_name::text from information_schema.columns"
        " where table_schema = 'pulse' and column_name in ('updated_at', 'recorded_at') order by 1"
    ).fetchall()
    data = tables(conn)
    for name, column in found:
        if name in data:
            identifiers = {"column": sql.Identifier(column), "table": sql.Identifier("pulse", name)}
            conn.execute(sql.SQL(statement).format(name=name, content=_CONTENT_OF_ROW, **identifiers))


def different(one: dict[str, TableDigest], other: dict[str, TableDigest]) -> list[str]:
    """The tables whose digests differ, sorted by name."""
    return [name for name in sorted(one.keys() | other.keys()) if one.get(name) != other.get(name)]
