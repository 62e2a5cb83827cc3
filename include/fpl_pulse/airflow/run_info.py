"""What Airflow's context says about a run: its as-of time, the current attempt, and its choices."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from psycopg import Connection

from fpl_pulse.airflow.choices import chosen, require_consistent_choices, require_known_keys
from fpl_pulse.api import source_clock
from fpl_pulse.errors import SelectionError
from fpl_pulse.etl.selection import Selection
from fpl_pulse.store import runs
from fpl_pulse.store.runs import Run

EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
CLOCK_TOLERANCE = timedelta(minutes=5)
"""How far the clocks of two machines may differ."""


def run_as_of(context: Mapping[str, Any], conn: Connection[Any] | None = None) -> datetime:
    """The run's as-of time: `as_of` of its form, else its logical date, else the time at which it was triggered.

    Without an `as_of` it is not later than the clock of the source, if the source has one (`api.source_clock`). A run
    that the store has recorded keeps its time when that clock moves; `conn` is the store's connection.

    Raises:
        SelectionError: `as_of` is not a time with an offset, or not between 2000 and now.
        RetryableError: the clock of the source does not respond.
    """
    text = context["params"].get("as_of")
    if not text:
        return _recorded_as_of(context, conn) or source_clock.not_after_source(_airflow_time(context))
    try:
        as_of = datetime.fromisoformat(str(text))
    except ValueError:
        as_of = None
    if as_of is None or as_of.tzinfo is None:
        raise SelectionError(
            f"as_of is {str(text)[:40]!r}. It must be a time with an offset, for example 2025-10-13T01:00:00+00:00."
            " Trigger the run again with such a time"
        )
    if not EARLIEST <= as_of <= datetime.now(UTC) + CLOCK_TOLERANCE:
        # What is archived with a future as-of time would never be fetched again.
        raise SelectionError(
            f"as_of is {as_of.isoformat()}. It must be between {EARLIEST:%Y} and now. Trigger the run again with such"
            " a time"
        )
    return as_of


def _recorded_as_of(context: Mapping[str, Any], conn: Connection[Any] | None) -> datetime | None:
    """The as-of time that the run has begun with, if the source's clock may have moved since."""
    if conn is None or not source_clock.is_set():
        return None
    recorded = runs.find(conn, context["ti"].dag_id, context["ti"].run_id)
    return recorded.as_of if recorded else None


def _airflow_time(context: Mapping[str, Any]) -> datetime:
    """The run's logical date. A run without one has the time at which it was triggered."""
    dag_run = context["dag_run"]
    time = dag_run.logical_date or dag_run.run_after
    # Airflow passes its own subclass of datetime.
    return datetime.fromisoformat(time.isoformat())


def attempt_of(context: Mapping[str, Any]) -> Run:
    """The current attempt, without a look at the run's choices: an attempt with invalid choices is recorded too."""
    ti = context["ti"]
    return Run(
        dag_id=ti.dag_id,
        run_id=ti.run_id,
        as_of=_airflow_time(context),
        task_id=ti.task_id,
        map_index=ti.map_index if ti.map_index is not None else -1,
        try_number=ti.try_number,
        run_type=str(getattr(context["dag_run"].run_type, "value", context["dag_run"].run_type)),
    )


def run_of(context: Mapping[str, Any], conn: Connection[Any] | None = None) -> Run:
    """The current attempt, with the run's as-of time (see `run_as_of`) and whether the run is full.

    Raises:
        RetryableError: the clock of the source does not respond.
        SelectionError: the run's choices are invalid. Such a run gets no row in pulse.pipeline_runs: it would be the
            newest run there, and fail the pipelines that wait for it.
    """
    require_known_keys(context)
    require_consistent_choices(context["dag"].dag_id, chosen(context["params"]))
    return replace(attempt_of(context), as_of=run_as_of(context, conn), is_full=selection_of(context) == Selection())


def selection_of(context: Mapping[str, Any]) -> Selection:
    """The run's choices.

    Raises:
        SelectionError: gameweeks, matches or players have a value that says no numbers.
    """
    choices = chosen(context["params"])
    return Selection(
        gameweeks=tuple(choices.get("gameweeks", ())),
        matches=tuple(choices.get("matches", ())),
        players=tuple(choices.get("players", ())),
        refresh=bool(choices.get("refresh")),
    )
