"""A digest of everything that the tables say: two stores that say the same have the same digest.

Left out is how it came about: calls, runs, the archive, alerts, and of the rows themselves wall clocks and numbers that
the database gives out. What remains follows from the answers and the moments of the runs alone.
"""

from dataclasses import dataclass
from typing import Any

from psycopg import Connection, sql

RECORDS = frozenset({
    "alembic_version", "alerts", "api_calls", "api_pace", "pipeline_runs", "raw_answers", "raw_reads",
})  # fmt: skip
"""Tables that say how the data came about, not what it is."""

OF_THE_MACHINE = (
    "updated_at", "recorded_at", "decided_at", "revision_id", "answer_id", "decision_id",
)  # fmt: skip
"""Columns that hold a wall clock, or a number that the database has given out."""

# A revision holds a whole row, its wall clock among the rest.
_CONTENT = """
    select count(*), coalesce(md5(string_agg(content, ',' order by content collate "C")), '')
    from (
        select md5((to_jsonb(kept) - %s::text[] #- '{{content,updated_at}}')::text) as content from {table} as kept
    ) as contents
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
        statement = sql.SQL(_CONTENT).format(table=sql.Identifier("pulse", name))
        row = conn.execute(statement, (list(OF_THE_MACHINE),)).fetchone()
        if row is None:
            raise RuntimeError(f"pulse.{name} gave no digest")
        found[name] = TableDigest(*row)
    return found


def different(one: dict[str, TableDigest], other: dict[str, TableDigest]) -> list[str]:
    """The tables that the two do not say alike, in order of name."""
    return [name for name in sorted(one.keys() | other.keys()) if one.get(name) != other.get(name)]
