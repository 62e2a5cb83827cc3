"""What the statements of a step touch: Postgres counts the rows and pages that each of them reads.

Unlike times, these counts are the same on a busy machine.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from psycopg import Connection, Cursor
from psycopg.sql import Composable

VERBS = ("select", "insert", "update", "delete", "with")
NOT_EXPLAINED = ("pg_advisory", "pg_try_advisory", "set_config", "to_regclass")
"""Parts of statements that change the session, which a rollback does not undo, or that read the catalogue only."""


@dataclass
class Touched:
    """What the executions of one statement read together."""

    executions: int = 0
    rows: int = 0
    """Rows of tables that were read, those that a filter removed included."""
    buffers: int = 0
    """Pages of 8 kB that were read, from memory or from disk. A page counts each time."""
    milliseconds: float = 0
    read_whole: dict[str, int] = field(default_factory=dict)
    """Tables that were read from the first row to the last, with their number of rows."""

    def add(self, plan: dict[str, Any]) -> None:
        """Add an execution, from the output of EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON)."""
        root = plan["Plan"]
        self.executions += 1
        self.buffers += root["Shared Hit Blocks"] + root["Shared Read Blocks"]
        self.milliseconds += plan["Execution Time"]
        for node in _nodes(root):
            loops = node["Actual Loops"]
            self.rows += round(loops * node.get("Rows Removed by Join Filter", 0))
            if "Relation Name" not in node or node["Node Type"] == "ModifyTable":
                continue
            removed = node.get("Rows Removed by Filter", 0) + node.get("Rows Removed by Index Recheck", 0)
            read = round(loops * (node["Actual Rows"] + removed))
            self.rows += read
            if node["Node Type"] == "Seq Scan" and node.get("Schema") != "pg_temp":
                table = node["Relation Name"]
                self.read_whole[table] = max(read, self.read_whole.get(table, 0))


def _nodes(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield node
    for child in node.get("Plans", []):
        yield from _nodes(child)


def touched_by(conn: Connection[Any], statement: str, params: object = None) -> Touched:
    """What one execution of a statement reads; what it writes is rolled back."""
    found = Touched()
    # The plain class: a recording connection must not record this statement.
    with conn.transaction(force_rollback=True), Cursor(conn) as cursor:
        explained = cursor.execute(f"explain (analyze, verbose, buffers, format json) {statement}".encode(), params)  # type: ignore[arg-type]
        ((plans,),) = explained.fetchall()
    found.add(plans[0])
    return found


@contextmanager
def recording(conn: Connection[Any], *, executions: int = 3) -> Iterator[dict[str, Touched]]:
    """Record what the statements on a connection touch, until the end of the block: text -> what was touched.

    Args:
        conn: its statements run as always, each after a rehearsal that is rolled back.
        executions: only so many executions of each text are recorded.
    """
    found: dict[str, Touched] = {}

    class Recording(Cursor[Any]):
        def execute(self, query: Any, params: Any = None, **options: Any) -> "Recording":  # noqa: ANN401 - as Cursor
            text = _text_of(query, conn)
            known = found.get(text)
            is_read = text.lstrip("-( \n").lower().startswith(VERBS) or text.startswith("--")
            if is_read and not any(part in text for part in NOT_EXPLAINED):
                known = found.setdefault(text, Touched())
                if known.executions < executions:
                    once = touched_by(conn, text, params)
                    known.executions += once.executions
                    known.rows += once.rows
                    known.buffers += once.buffers
                    known.milliseconds += once.milliseconds
                    known.read_whole |= once.read_whole
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
