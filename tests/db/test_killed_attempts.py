"""A task whose process is killed each time: Airflow does not ask the retry policy, so the task refuses to start."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import psycopg
import pytest

from fpl_pulse.store import attempts
from fpl_pulse.store.runs import Run

AS_OF = datetime(2025, 8, 26, 2, tzinfo=UTC)
LOAD = Run("update_lineups", "scheduled__1", AS_OF, "load_lineups")
LONG_AGO = AS_OF


def tried(conn: psycopg.Connection, *states: str, run: Run = LOAD) -> int:
    """Record attempts, `running` for one that was killed; return how many were killed before the next one."""
    for number, state in enumerate(states, 1):
        attempt = replace(run, try_number=number)
        attempts.begin(conn, attempt)
        if state == "failed":
            attempts.fail(conn, attempt, "status 503", can_retry=True)
    following = replace(run, try_number=len(states) + 1)
    attempts.begin(conn, following)
    return attempts.killed_in_a_row(conn, following, LONG_AGO)


@pytest.mark.parametrize(
    ("states", "killed"),
    [
        ([], 0),
        (["running"], 1),
        (["running"] * 4, 4),
        (["running", "failed"], 0),
        (["running", "failed", "running", "running"], 2),
    ],
)
def test_only_attempts_killed_directly_before_count(conn: psycopg.Connection, states: list[str], killed: int) -> None:
    assert tried(conn, *states) == killed


def test_another_task_does_not_count(conn: psycopg.Connection) -> None:
    tried(conn, "running", "running", run=replace(LOAD, map_index=3))
    assert tried(conn) == 0


def test_attempts_from_before_a_clear_do_not_count(conn: psycopg.Connection) -> None:
    tried(conn, *["running"] * 4)
    conn.execute("update pulse.task_attempts set started_at = now() - interval '1 day' where try_number <= 4")
    following = replace(LOAD, try_number=5)
    assert attempts.killed_in_a_row(conn, following, datetime.now(UTC) - timedelta(hours=1)) == 0
