"""Which waiting run has run its upstream pipeline's failed run once more."""

from typing import Any

from psycopg import Connection

from fpl_pulse.store.connection import scalar
from fpl_pulse.store.runs import Run


def record(conn: Connection[Any], run: Run, upstream_dag_id: str, upstream_run_id: str, reason: str) -> None:
    """Record that a waiting run has run another run again."""
    conn.execute(
        "insert into pulse.reruns (dag_id, run_id, upstream_dag_id, upstream_run_id, reason)"
        " values (%(dag_id)s, %(run_id)s, %(upstream_dag_id)s, %(upstream_run_id)s, %(reason)s)"
        " on conflict do nothing",
        {**run.key, "upstream_dag_id": upstream_dag_id, "upstream_run_id": upstream_run_id, "reason": reason},
    )


def exists(conn: Connection[Any], run: Run) -> bool:
    """Whether a waiting run has run another run again, also before a clear of its own."""
    statement = "select exists (select from pulse.reruns where dag_id = %(dag_id)s and run_id = %(run_id)s)"
    return bool(scalar(conn, statement, run.key))
