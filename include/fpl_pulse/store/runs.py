"""Runs of the pipelines: the as-of time of each, what it wrote, and what its check found."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from psycopg import Connection
from psycopg.rows import class_row
from psycopg.types.json import Jsonb

from fpl_pulse.store.connection import scalar
from fpl_pulse.store.merge import Written
from fpl_pulse.store.queries import query


@dataclass(frozen=True)
class Run:
    """Which attempt of which task of which run works, and for which as-of time."""

    dag_id: str
    run_id: str
    as_of: datetime
    task_id: str = ""
    map_index: int = -1
    try_number: int = 1
    is_full: bool = True
    """False for a manual run of chosen gameweeks, matches or players, or with `refresh`."""
    run_type: str = "manual"
    """Airflow's run type: `scheduled`, `backfill` or `manual`."""

    def __post_init__(self) -> None:
        """Refuse an as-of time without a zone."""
        if self.as_of.tzinfo is None:
            raise ValueError(f"The as-of time of run {self.run_id} has no zone: {self.as_of.isoformat()}")

    @property
    def key(self) -> dict[str, str]:
        """The primary key of the run, as query parameters."""
        return {"dag_id": self.dag_id, "run_id": self.run_id}


@dataclass(frozen=True)
class RecordedRun:
    """A run as `pulse.pipeline_runs` has it."""

    dag_id: str
    run_id: str
    as_of: datetime
    state: str
    started_at: datetime
    finished_at: datetime | None
    message: str | None


@dataclass(frozen=True)
class Figures:
    """What a run has written so far, and what its newest check found."""

    inserted: int = 0
    updated: int = 0
    """Rows updated or deleted."""
    coverage: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    """Name -> how many there are ("have") of how many there should be ("want")."""


def begin(conn: Connection[Any], run: Run) -> None:
    """Open a run, or open it again after a clear: its figures start from zero."""
    conn.execute(query("open_run"), vars(run))


def add_written(conn: Connection[Any], run: Run, written: Written) -> None:
    """Add what a load wrote to the figures of a run."""
    conn.execute(
        "update pulse.pipeline_runs set rows_inserted = rows_inserted + %(inserted)s,"
        " rows_updated = rows_updated + %(updated)s where dag_id = %(dag_id)s and run_id = %(run_id)s",
        {**run.key, "inserted": written.inserted, "updated": written.updated + written.deleted},
    )


def forecast(conn: Connection[Any], run: Run, calls: int, skipped: int) -> None:
    """Record how many calls to SofaSport are due in a run, and how many of them it skips over its budget."""
    conn.execute(
        "update pulse.pipeline_runs set calls_forecast = %(calls)s, calls_skipped = %(skipped)s"
        " where dag_id = %(dag_id)s and run_id = %(run_id)s",
        {**run.key, "calls": calls, "skipped": skipped},
    )


def calls_skipped(conn: Connection[Any], run: Run) -> int:
    """How many calls a run skipped over its budget; above 0 the run is partial."""
    statement = "select calls_skipped from pulse.pipeline_runs where dag_id = %(dag_id)s and run_id = %(run_id)s"
    return scalar(conn, statement, run.key) or 0


def figures(conn: Connection[Any], run: Run) -> Figures:
    """The figures of a run as its row has them; zeros when there is no row."""
    with conn.cursor(row_factory=class_row(Figures)) as cursor:
        found = cursor.execute(
            "select rows_inserted as inserted, rows_updated as updated, coverage from pulse.pipeline_runs"
            " where dag_id = %(dag_id)s and run_id = %(run_id)s",
            run.key,
        ).fetchone()
    return found or Figures()


def finish(
    conn: Connection[Any], run: Run, state: str, message: str, coverage: Mapping[str, object] | None = None
) -> None:
    """Close a run as `success` or `failed` with a sentence; without `coverage` the recorded one stays."""
    found = None if coverage is None else Jsonb(dict(coverage))
    conn.execute(
        "update pulse.pipeline_runs set state = %(state)s, message = %(message)s, finished_at = now(),"
        " coverage = coalesce(%(coverage)s, coverage) where dag_id = %(dag_id)s and run_id = %(run_id)s",
        {**run.key, "state": state, "message": message, "coverage": found},
    )


def find(conn: Connection[Any], dag_id: str, run_id: str) -> RecordedRun | None:
    """A run by its ids; None when none of its steps has begun."""
    return _newest(conn, dag_id, run_id=run_id)


def newest(conn: Connection[Any], dag_id: str) -> RecordedRun | None:
    """The full run of a pipeline that started last, whatever its state; None when there is none.

    A manual run of chosen matches says nothing about the week.
    """
    return _newest(conn, dag_id)


def newest_as_of(conn: Connection[Any]) -> datetime | None:
    """The newest as-of time of all runs, whatever their state; None when there is no run."""
    as_of: datetime | None = scalar(conn, "select max(as_of) from pulse.pipeline_runs")
    return as_of


def newest_of_week(conn: Connection[Any], dag_id: str, as_of: datetime) -> RecordedRun | None:
    """The full run of a pipeline that started last among those of the seven days from an as-of time."""
    return _newest(conn, dag_id, week_from=as_of)


def summary(conn: Connection[Any], run: Run) -> str:
    """A run in one line, for its note: state, rows, calls, and what its check found.

    Raises:
        LookupError: the run was never opened.
    """
    line: str | None = scalar(conn, query("run_summary"), run.key)
    if line is None:
        raise LookupError(f"pulse.pipeline_runs has no run {run.run_id} of {run.dag_id}")
    return line


def _newest(
    conn: Connection[Any], dag_id: str, *, run_id: str | None = None, week_from: datetime | None = None
) -> RecordedRun | None:
    with conn.cursor(row_factory=class_row(RecordedRun)) as cursor:
        params = {"dag_id": dag_id, "run_id": run_id, "week_from": week_from}
        return cursor.execute(query("newest_run"), params).fetchone()
