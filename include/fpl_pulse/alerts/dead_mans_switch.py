"""The dead man: whether every pipeline of the week has run at all, which no run that failed can say.

Looked at by each pipeline's check, since a scheduler that is down cannot complain: the first run after it does.
"""

from datetime import UTC, datetime, timedelta

from psycopg import Connection

from fpl_pulse.alerts.outbox import raise_alert
from fpl_pulse.store import attempts
from fpl_pulse.store.connection import scalar
from fpl_pulse.store.runs import Run
from fpl_pulse.week import LONDON, WEEK, WeeklySlot, slot_of, slot_on_or_before

A_WEEK = timedelta(days=7)

IS_MISSING = """
    select exists (select from pulse.pipeline_runs
                   where dag_id = %(dag_id)s and is_full and run_type = 'scheduled' and as_of < %(slot)s)
        and not exists (select from pulse.pipeline_runs
                        where dag_id = %(dag_id)s and is_full and as_of >= %(slot)s
                          and (as_of < %(end)s or as_of > %(as_of)s))
"""
"""Whether a pipeline that had run by its schedule before did not run for a slot. Before its first such run, or where
all is triggered by hand, nothing is missing; nor when it has run for a moment after the one that is looked from."""


def find_missing_runs(conn: Connection, run: Run) -> list[str]:
    """Raise an alert for each pipeline that has no whole run for its newest slot whose deadline has passed.

    Runs of a backfill look at nothing: beside them the weeks are filled in any order.

    Returns:
        The pipelines.
    """
    if run.run_type == "backfill":
        return []
    missing = []
    for slot in WEEK:
        moment = slot_on_or_before(slot, run.as_of - slot.done_by)
        if _is_missing(conn, run, slot, moment):
            missing.append(slot.dag_id)
            # It is about the run that is not there, and closed by that pipeline's next success.
            absent = Run(slot.dag_id, "none", moment)
            raise_alert(conn, absent, "run_missing", _subject(slot, moment), _missing(slot, moment))
    return missing


def note_late_start(conn: Connection, run: Run, now: datetime) -> bool:
    """Raise an alert when a scheduled run begins after the time by which it should have been done.

    Nobody else can have said so: without a run there was no deadline. A run that waited for another one, or was cleared
    later, began when its first task did.

    Args:
        conn: the store's connection.
        run: the run whose first step begins.
        now: the wall clock.

    Returns:
        Whether it is late.
    """
    began = min(attempts.first_began(conn, run.dag_id, run.run_id) or now, now)
    if run.run_type != "scheduled" or began <= run.as_of + slot_of(run.dag_id).done_by:
        return False
    slot = slot_of(run.dag_id)
    had_slot_run = scalar(
        conn,
        "select exists (select from pulse.pipeline_runs"
        " where dag_id = %(dag_id)s and run_type = 'scheduled' and as_of < %(as_of)s)",
        {"dag_id": run.dag_id, "as_of": run.as_of},
    )
    if not had_slot_run:
        return False
    sentence = (
        f"{run.dag_id} began at {began.astimezone(UTC):%a %H:%M} UTC and not at its slot, {_in_london(run.as_of)}: the"
        " scheduler was down, the DAG was paused, or no task could be started. Look why; the run itself needs nothing."
    )
    raise_alert(conn, run, "run_late", _subject(slot, run.as_of), sentence)
    return True


def _is_missing(conn: Connection, run: Run, slot: WeeklySlot, moment: datetime) -> bool:
    about = {"dag_id": slot.dag_id, "slot": moment, "end": moment + A_WEEK, "as_of": run.as_of}
    return bool(scalar(conn, IS_MISSING, about))


def _missing(slot: WeeklySlot, moment: datetime) -> str:
    return (
        f"{slot.dag_id} has not run for its slot {_in_london(moment)}. Was the scheduler down, or is the DAG paused?"
        f" Unpause it and run `airflow dags trigger {slot.dag_id}`: it does all that is due since."
    )


def _subject(slot: WeeklySlot, moment: datetime) -> str:
    return f"{slot.dag_id} {_in_london(moment)}"


def _in_london(moment: datetime) -> str:
    return f"{moment.astimezone(LONDON):%a %d %b %Y %H:%M} London time"
