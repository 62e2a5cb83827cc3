"""Runs of the pipelines: each one's moment, what it wrote, what its check found."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from psycopg import Connection
from psycopg.types.json import Jsonb

from fpl_pulse.store.merge import Written
from fpl_pulse.store.queries import query

BEGIN = """
    insert into pulse.pipeline_runs (dag_id, run_id, as_of, state, started_at, is_full, run_type)
    values (%(dag_id)s, %(run_id)s, %(as_of)s, 'running', now(), %(is_full)s, %(run_type)s)
    on conflict (dag_id, run_id) do update set
        is_full = excluded.is_full, run_type = excluded.run_type, as_of = excluded.as_of,
        state = 'running', started_at = now(), finished_at = null, message = null,
        rows_inserted = 0, rows_updated = 0, coverage = '{}', calls_forecast = null, calls_skipped = 0
"""


@dataclass(frozen=True)
class Run:
    """Which task of which run is at work, and for which moment."""

    dag_id: str
    run_id: str
    as_of: datetime
    task_id: str = ""
    map_index: int = -1
    try_number: int = 1
    is_full: bool = True
    """False when a person has bounded the run to chosen gameweeks, matches or players."""
    run_type: str = "manual"
    """Airflow's word: `scheduled`, `backfill` or `manual`."""

    def __post_init__(self) -> None:
        """Refuse a moment without a zone."""
        if self.as_of.tzinfo is None:
            raise ValueError(f"The moment of run {self.run_id} has no time zone: {self.as_of.isoformat()}")


@dataclass(frozen=True)
class RecordedRun:
    """A run as the table has it."""

    dag_id: str
    run_id: str
    as_of: datetime
    state: str
    started_at: datetime
    finished_at: datetime | None
    message: str | None


def begin(conn: Connection[Any], run: Run) -> None:
    """Open a run, or open it anew after a clear: its figures start from zero."""
    conn.execute(
        BEGIN,
        {
            "dag_id": run.dag_id,
            "run_id": run.run_id,
            "as_of": run.as_of,
            "is_full": run.is_full,
            "run_type": run.run_type,
        },
    )


def add_written(conn: Connection[Any], run: Run, written: Written) -> None:
    """Add what a load wrote to the run's figures."""
    conn.execute(
        "update pulse.pipeline_runs set rows_inserted = rows_inserted + %s, rows_updated = rows_updated + %s"
        " where dag_id = %s and run_id = %s",
        (written.inserted, written.updated + written.deleted, run.dag_id, run.run_id),
    )


def forecast(conn: Connection[Any], run: Run, calls: int, calls_skipped: int) -> None:
    """Note how many calls to SofaSport a run would make in all, and how many of them it leaves out."""
    conn.execute(
        "update pulse.pipeline_runs set calls_forecast = %s, calls_skipped = %s where dag_id = %s and run_id = %s",
        (calls, calls_skipped, run.dag_id, run.run_id),
    )


def calls_skipped(conn: Connection[Any], run: Run) -> int:
    """How many calls a run has left out; 0 when it was not short."""
    row = conn.execute(
        "select calls_skipped from pulse.pipeline_runs where dag_id = %s and run_id = %s",
        (run.dag_id, run.run_id),
    ).fetchone()
    return 0 if row is None else int(row[0])


@dataclass(frozen=True)
class Figures:
    """What a run has written so far, and what its newest check has found."""

    inserted: int
    updated: int
    """Rows updated or deleted."""
    coverage: Mapping[str, Mapping[str, int]]
    """Of each thing counted how many there are ("have") of how many there should be ("want")."""


def figures(conn: Connection[Any], run: Run) -> Figures:
    """A run's figures as its row has them; zeros when there is no row."""
    row = conn.execute(
        "select rows_inserted, rows_updated, coverage from pulse.pipeline_runs where dag_id = %s and run_id = %s",
        (run.dag_id, run.run_id),
    ).fetchone()
    return Figures(0, 0, {}) if row is None else Figures(*row)


def finish(
    conn: Connection[Any], run: Run, state: str, message: str, coverage: Mapping[str, object] | None = None
) -> None:
    """Close a run as `success` or `failed` with a sentence; without coverage the recorded one stays."""
    conn.execute(
        "update pulse.pipeline_runs set state = %s, message = %s, finished_at = now(),"
        " coverage = coalesce(%s, coverage) where dag_id = %s and run_id = %s",
        (state, message, Jsonb(dict(coverage)) if coverage is not None else None, run.dag_id, run.run_id),
    )


def find(conn: Connection[Any], dag_id: str, run_id: str) -> RecordedRun | None:
    """A run by its name; None when no step of it has begun."""
    row = conn.execute(
        "select dag_id, run_id, as_of, state, started_at, finished_at, message from pulse.pipeline_runs"
        " where dag_id = %s and run_id = %s",
        (dag_id, run_id),
    ).fetchone()
    return None if row is None else RecordedRun(*row)


def newest(conn: Connection[Any], dag_id: str) -> RecordedRun | None:
    """The whole run of a pipeline that started last, whatever became of it; None when there is none.

    A run bounded to a few matches says nothing about the week.
    """
    row = conn.execute(
        "select dag_id, run_id, as_of, state, started_at, finished_at, message from pulse.pipeline_runs"
        " where dag_id = %s and is_full order by started_at desc limit 1",
        (dag_id,),
    ).fetchone()
    return None if row is None else RecordedRun(*row)


def newest_of_week(conn: Connection[Any], dag_id: str, as_of: datetime) -> RecordedRun | None:
    """The whole run of a pipeline that started last among those for the week that begins at a moment.

    None when the pipeline has not been at work for that week.
    """
    row = conn.execute(
        "select dag_id, run_id, as_of, state, started_at, finished_at, message from pulse.pipeline_runs"
        " where dag_id = %(dag_id)s and is_full and as_of >= %(as_of)s and as_of < %(as_of)s + interval '7 days'"
        " order by started_at desc limit 1",
        {"dag_id": dag_id, "as_of": as_of},
    ).fetchone()
    return None if row is None else RecordedRun(*row)


def summary(conn: Connection[Any], run: Run) -> str:
    """A run in one line, for its note: state, rows, calls, and what its check found.

    Raises:
        LookupError: when the run was never opened.
    """
    row = conn.execute(query("run_in_a_line"), {"dag_id": run.dag_id, "run_id": run.run_id}).fetchone()
    if row is None:
        raise LookupError(f"pulse.pipeline_runs has no run {run.run_id} of {run.dag_id}")
    return str(row[0])
