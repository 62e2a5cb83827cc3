"""Prints, as JSON, what follows from the week in `fpl_pulse.week`. A test runs it on a copy whose week was changed.

python changed_week.py DAGS_FOLDER DSN
"""

import json
import sys
from contextlib import redirect_stdout
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
from airflow.dag_processing.dagbag import DagBag
from airflow.serialization.serialized_objects import DagSerialization

from fpl_pulse.airflow.deadlines import deadline_base
from fpl_pulse.alerts.dead_mans_switch import find_missing_runs
from fpl_pulse.cli.docs import document
from fpl_pulse.cli.status import week_lines
from fpl_pulse.store import runs, schema, week_status
from fpl_pulse.store.runs import Run
from fpl_pulse.week import WEEK, in_london, retries_end, slot_of, slot_on_or_before

SATURDAY = datetime(2025, 10, 18, 12, tzinfo=UTC)
A_WEEK = timedelta(days=7)


def facts_of(dag: Any) -> dict[str, object]:  # noqa: ANN401 - Airflow's DAG
    """What Airflow reads of a weekly DAG, and the deadline and the wait of its run in the week before `SATURDAY`."""
    read = DagSerialization.from_dict(DagSerialization.to_dict(dag))
    slot = slot_of(dag.dag_id)
    at = slot_on_or_before(slot, SATURDAY)
    (deadline,) = dag.deadline
    base = deadline_base(dag.dag_id, "scheduled", at, at)
    waits = [task.task_id for task in dag.tasks if task.task_id.startswith("wait_for_")]
    return {
        "cron": dag.schedule.expression,
        "next": read.next_dagrun_info(last_automated_run_info=None, restricted=False) is not None,
        "name": read.dag_display_name,
        "heading": (dag.doc_md or "").partition("\n")[0],
        "tags": sorted(dag.tags),
        "slot": in_london(at),
        "deadline name": deadline.name,
        "deadline": in_london(base + deadline.interval) if base else None,
        "waits for": {
            task_id: in_london(slot_on_or_before(slot_of(task_id.removeprefix("wait_for_")), at)) for task_id in waits
        },
        "retries end": in_london(retries_end(dag.dag_id, at)),
    }


def missing(conn: psycopg.Connection, ran: dict[str, datetime], now: datetime) -> list[str]:
    """The pipelines that a check `now` finds missing when each has run once, on its schedule, at a time."""
    with conn.transaction(force_rollback=True):
        for dag_id, as_of in ran.items():
            runs.begin(conn, Run(dag_id, "scheduled__1", as_of, run_type="scheduled"))
        checking = Run("update_radar_attributes", "manual__1", now)
        return find_missing_runs(conn, checking)


def main(dags_folder: str, dsn: str) -> dict[str, object]:
    """All facts."""
    bag = DagBag(dags_folder)
    weekly = {slot.dag_id: bag.dags[slot.dag_id] for slot in WEEK}
    schema.upgrade(dsn)
    at = {slot.dag_id: slot_on_or_before(slot, SATURDAY) for slot in WEEK}
    before = {dag_id: time - A_WEEK for dag_id, time in at.items()}
    # The lineups of this week ran on Tuesday at 03:00, before their slot was changed.
    old_slot = datetime(2025, 10, 14, 2, tzinfo=UTC)
    with psycopg.connect(dsn, autocommit=True) as conn:
        week_status.set_now(conn, SATURDAY)
        return {
            "errors": {name: str(error) for name, error in bag.import_errors.items()},
            "dags": {dag_id: facts_of(dag) for dag_id, dag in weekly.items()},
            "page": document(bag.dags),
            "screen": "\n".join(week_lines(week_status.read(conn), 110)),
            "missing": missing(conn, at | {"update_lineups": before["update_lineups"]}, SATURDAY),
            "missing an hour after the slot": missing(
                conn,
                before | {"update_fixture_mappings": at["update_fixture_mappings"]},
                at["update_lineups"] + timedelta(hours=1),
            ),
            "missing after the change": missing(conn, at | {"update_lineups": old_slot}, SATURDAY),
        }


if __name__ == "__main__":
    with redirect_stdout(sys.stderr):
        found = main(str(Path(sys.argv[1])), sys.argv[2])
    print(json.dumps(found))
