"""The moment that a run works for, and what a person chose for it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from fpl_pulse.airflow.choices import require_sound_choices
from fpl_pulse.errors import SelectionError
from fpl_pulse.etl.selection import Selection
from fpl_pulse.store.runs import Run

EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
SLACK = timedelta(minutes=5)
"""For clocks that do not quite agree."""


def as_of_of(context: Mapping[str, Any]) -> datetime:
    """The run's moment: `as_of` of its form, else its logical date, else the time it was triggered for.

    Raises:
        SelectionError: when `as_of` is no moment with a zone.
    """
    text = context["params"].get("as_of")
    if text:
        try:
            moment = datetime.fromisoformat(str(text))
        except ValueError:
            moment = None
        if moment is None or moment.tzinfo is None:
            raise SelectionError(
                f"as_of must be a moment with a zone, as 2025-10-13T01:00:00+00:00, not {str(text)[:40]!r}"
            )
        if not EARLIEST <= moment <= datetime.now(UTC) + SLACK:
            # A look that seems to come from the future would never be repeated.
            raise SelectionError(f"as_of must lie between {EARLIEST:%Y} and now, not at {moment.isoformat()}")
        return moment
    return _slot_of(context)


def _slot_of(context: Mapping[str, Any]) -> datetime:
    """The run's logical date, or the time it was triggered for."""
    dag_run = context["dag_run"]
    moment = dag_run.logical_date or dag_run.run_after
    # Airflow hands over its own datetime class; psycopg and the comparisons want the plain one.
    return datetime.fromisoformat(moment.isoformat())


def attempt_of(context: Mapping[str, Any]) -> Run:
    """The try that is at work, whatever was chosen for its run: what is refused must have a name too."""
    ti = context["ti"]
    return Run(
        dag_id=ti.dag_id,
        run_id=ti.run_id,
        as_of=_slot_of(context),
        task_id=ti.task_id,
        map_index=ti.map_index if ti.map_index is not None else -1,
        try_number=ti.try_number,
        run_type=str(getattr(context["dag_run"].run_type, "value", context["dag_run"].run_type)),
    )


def run_of(context: Mapping[str, Any]) -> Run:
    """Which task of which run is at work.

    Raises:
        SelectionError: when what was chosen makes no sense. A run that is refused so leaves no row in
            pulse.pipeline_runs: there it would be the newest, and the pipelines after it would fail with it.
    """
    require_sound_choices(context)
    is_full = selection_of(context) == Selection()
    return replace(attempt_of(context), as_of=as_of_of(context), is_full=is_full)


def selection_of(context: Mapping[str, Any]) -> Selection:
    """What was chosen in the form; Airflow has checked types and limits against the Params' schemas."""
    params = context["params"]
    return Selection(
        gameweeks=tuple(params.get("gameweeks") or ()),
        matches=tuple(params.get("matches") or ()),
        players=tuple(params.get("players") or ()),
        refresh=bool(params.get("refresh")),
    )
