"""What the statements of a step touch: Postgres counts the rows and pages that each of them reads.

Unlike times, these counts are the same on a busy machine.
"""

from collections import Counter
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from psycopg import Connection, Cursor
from psycopg.sql import Composable

VERBS = ("select", "insert", "update", "delete", "with", "--")
"""How the text of a statement begins that can be explained; `--` is the comment of a query file."""

NOT_EXPLAINED = ("pg_advisory", "pg_try_advisory", "set_config", "to_regclass")
"""Parts of statements that change the session, which a rollback does not undo, or that only read the catalogue."""

TEMPORARY = "pg_temp"
"""How the schemas of temporary tables begin."""


@dataclass
class Touched:
    """What the executions of one statement read together."""

    executions: int = 0
    tables: Counter[str] = field(default_factory=Counter)
    """Table -> rows that were read, those that a filter removed included. Not the rows of temporary tables."""
    buffers: int = 0
    """Pages of 8 kB that were read, from memory or from disk. A page counts each time."""
    milliseconds: float = 0
    read_whole: set[str] = field(default_factory=set)
    """Tables that were read from the first row to the last."""

    def rows_without(self, tables: Collection[str]) -> int:
        """Rows that were read, without those of some tables."""
        return sum(rows for table, rows in self.tables.items() if table not in tables)

    def add(self, plan: dict[str, Any]) -> None:
        """Add an execution, from the output of EXPLAIN (ANALYZE, VERBOSE, BUFFERS, FORMAT JSON)."""
        root = plan["Plan"]
        self.executions += 1
        self.buffers += root["Shared Hit Blocks"] + root["Shared Read Blocks"]
        self.milliseconds += plan["Execution Time"]
        for node in _nodes(root):
            loops = node["Actual Loops"]
            if "Relation Name" not in node or node["Node Type"] == "ModifyTable":
                continue
            if not loops or node["Schema"].startswith(TEMPORARY):
                continue
            removed = node.get("Rows Removed by Filter", 0) + node.get("Rows Removed by Index Recheck", 0)
            self.tables[node["Relation Name"]] += round(loops * (node["Actual Rows"] + removed))
            if node["Node Type"] == "Seq Scan":
                self.read_whole.add(node["Relation Name"])


def _nodes(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield node
    for child in node.get("Plans", []):
        yield from _nodes(child)


def explain(conn: Connection[Any], statement: str, params: Any = None) -> dict[str, Any]:  # noqa: ANN401 - as Cursor
    """The plan of one execution of a statement, with what it read. What it writes is rolled back."""
    # The plain class: a connection that records must not record this statement.
    with conn.transaction(force_rollback=True), Cursor(conn) as cursor:
        cursor.execute(f"explain (analyze, verbose, buffers, format json) {statement}".encode(), params)
        ((plans,),) = cursor.fetchall()
    found: dict[str, Any] = plans[0]
    return found


@contextmanager
def recording(conn: Connection[Any], *, executions: int = 3) -> Iterator[dict[str, Touched]]:
    """Record what the statements on a connection touch, until the end of the block: text -> what was touched.

    Args:
        conn: its statements run as always, each after a rehearsal that is rolled back.
        executions: only so many executions of each text are rehearsed.
    """
    found: dict[str, Touched] = {}

    class Recording(Cursor[Any]):
        def execute(self, query: Any, params: Any = None, **options: Any) -> "Recording":  # noqa: ANN401 - as Cursor
            text = _text_of(query, conn)
            if text.lstrip().lower().startswith(VERBS) and not any(part in text for part in NOT_EXPLAINED):
                touched = found.setdefault(text, Touched())
                if touched.executions < executions:
                    touched.add(explain(conn, text, params))
            super().execute(query, params, **options)
            return self

    before = conn.cursor_factory
    conn.cursor_factory = Recording
    try:
        yield found
    finally:
        conn.cursor_factory = before


def _text_of(query: Any, conn: Connection[Any]) -> str:  # noqa: ANN401 - any query of psycopg
    if isinstance(query, Composable):
        return query.as_string(conn)
    return query.decode() if isinstance(query, bytes) else str(query)
