"""The dead man's switch: detects pipelines that did not run at all, or that started late.

A scheduler that is down cannot report itself. Therefore every pipeline's check looks for missing runs of the others:
the first check after an outage reports it.
"""

from datetime import datetime, timedelta

from psycopg import Connection

from fpl_pulse.alerts.outbox import raise_alert
from fpl_pulse.alerts.queries import query
from fpl_pulse.store import attempts
from fpl_pulse.store.connection import scalar
from fpl_pulse.store.runs import Run
from fpl_pulse.week import WEEK, display_name, in_london, run_name, slot_of, slot_on_or_before, week_of

A_WEEK = timedelta(days=7)


def find_missing_runs(conn: Connection, run: Run) -> list[str]:
    """Raise an alert for each pipeline that has not run for the newest slot whose deadline has passed.

    Only a full run counts. A pipeline is not missing before its first scheduled run.

    A backfill run looks for nothing, because a backfill fills weeks in any order.

    Returns:
        The pipelines' DAG ids.
    """
    if run.run_type == "backfill":
        return []
    missing = []
    for slot in WEEK:
        slot_time = slot_on_or_before(slot, run.as_of - slot.done_by)
        params = {
            "dag_id": slot.dag_id,
            "week": week_of(slot_time),
            "slot": slot_time,
            "slot_end": slot_time + A_WEEK,
            "as_of": run.as_of,
        }
        if scalar(conn, query("is_run_missing"), params):
            missing.append(slot.dag_id)
            name = run_name(slot.dag_id, "scheduled__", slot_time)
            message = (
                f"{slot.display_name} has not run for its slot, {in_london(slot_time)}. Check whether the scheduler"
                f" was down or the DAG is paused. Then unpause it and run `airflow dags trigger {slot.dag_id}`: that"
                " run does everything that is due."
            )
            # The alert belongs to the run that does not exist; the next success of that pipeline closes it.
            raise_alert(conn, Run(slot.dag_id, "none", slot_time), "run_missing", name, message)
    return missing


def report_late_start(conn: Connection, run: Run, now: datetime) -> bool:
    """Raise an alert when a scheduled run starts after its deadline.

    Airflow cannot report this: a deadline exists only once the run does. The start is that of the run's first task,
    so a run that waited for its upstream, or that was cleared later, is not late. A pipeline's first scheduled run is
    never late.

    Returns:
        Whether the run is late.
    """
    started = min(attempts.first_started(conn, run.dag_id, run.run_id) or now, now)
    if run.run_type != "scheduled" or started <= run.as_of + slot_of(run.dag_id).done_by:
        return False
    if not scalar(
        conn,
        "select exists (select from pulse.pipeline_runs"
        " where dag_id = %(dag_id)s and run_type = 'scheduled' and as_of < %(as_of)s)",
        {**run.key, "as_of": run.as_of},
    ):
        return False
    message = (
        f"{display_name(run.dag_id)} started on {in_london(started)} instead of {in_london(run.as_of)}. The"
        " scheduler was down, the DAG was paused, or no worker was free: find out which. The run needs no action."
    )
    raise_alert(conn, run, "run_late", run_name(run.dag_id, run.run_id, run.as_of), message)
    return True
