"""Follows the end of a run: its row and alerts in the store, and its note in Airflow's UI.

These listeners run in the scheduler when a run ends, and in the api-server when somebody marks it. The note of a red
run says why it is red and what to do. The store knows it (`alerts/endings.py`). Where the store cannot be reached, the
note is the XCom that the failed step has pushed. A task cannot set a note: its API lacks that (docs/adr/0014).
"""

import logging
from datetime import datetime
from typing import TYPE_CHECKING, Any

from airflow.listeners import hookimpl

from fpl_pulse.airflow.listener_store import in_store
from fpl_pulse.alerts.endings import Ending, follow_ending
from fpl_pulse.store.runs import Run
from fpl_pulse.week import RECORDED

if TYPE_CHECKING:
    from airflow.models.dagrun import DagRun
    from sqlalchemy.orm import Session

log = logging.getLogger(__name__)

SUMMARY = "summary"
"""The key of the XCom in which a step passes the run's summary to the note."""

STORE_FAILURE = "store_failure"
"""The key of the XCom in which a task says that the store is down or full."""

PREFIX = "FPL Pulse: "
"""Marks the line that belongs to us. All other lines were written by people and stay."""

LINK = " Runbook: "
"""What comes before the link at the end of a sentence. A long sentence is truncated before it."""

MAX_LENGTH = 990
"""Characters. Airflow stores 1,000."""

MANUALLY_SET = "manually set"
"""Part of Airflow's reason when somebody has set the run's state in the UI. No callback runs, so there is no alert."""


@hookimpl
def on_dag_run_success(dag_run: "DagRun", msg: str) -> None:
    """Follow a successful run, or one that was marked as success."""
    follow(dag_run, "success", msg)


@hookimpl
def on_dag_run_failed(dag_run: "DagRun", msg: str) -> None:
    """Follow a failed run, or one that was marked as failed."""
    follow(dag_run, "failed", msg)


def follow(dag_run: "DagRun", state: str, reason: str) -> None:
    """Follow the end of a pipeline's run, and set its note in the session that the run belongs to.

    `reason` is Airflow's, such as `task_failure`. Other DAGs are ignored.
    """
    from sqlalchemy.orm import object_session

    if dag_run.dag_id not in RECORDED:
        return
    ending = ending_of(dag_run, state, reason or "")
    sentence = in_store(f"The end of run {dag_run.run_id}", lambda conn: follow_ending(conn, ending))
    session = object_session(dag_run)
    if session is None:
        log.warning("The note of run %s was not set: the run has no database session", dag_run.run_id)
        return
    pushed = {} if ending.is_marked else _pushed(session, dag_run)
    if state == "failed" and STORE_FAILURE in pushed:
        # The store may know less: it could not record why the task has failed.
        sentence = pushed[STORE_FAILURE]
    sentence = sentence or pushed.get(SUMMARY) or sentence_without_store(ending)
    if sentence is not None:
        dag_run.note = add_to_note(dag_run.note, sentence)


def ending_of(dag_run: Any, state: str, reason: str) -> Ending:  # noqa: ANN401 - Airflow's run
    """What Airflow knows about the end of a run."""
    as_of = dag_run.logical_date or dag_run.run_after
    run_type = str(getattr(dag_run.run_type, "value", dag_run.run_type))
    run = Run(dag_run.dag_id, dag_run.run_id, _plain(as_of), run_type=run_type)
    since = dag_run.start_date and _plain(dag_run.start_date)
    return Ending(run, state, reason, since, is_marked=MANUALLY_SET in reason)


def sentence_without_store(ending: Ending) -> str | None:
    """The note's sentence when nothing else is known; None for a successful run, whose note stays."""
    if ending.is_marked:
        return f"{ending.state.upper()}: the run was marked as {ending.state} in Airflow"
    if ending.state == "success":
        return None
    return f"FAILED before its check ({ending.reason}); the store cannot be reached: read the failed task's log"


def add_to_note(note: str | None, sentence: str) -> str:
    """The note with our sentence as its last line. It replaces an earlier one of ours; other text stays above it."""
    kept = [line for line in (note or "").splitlines() if not line.startswith(PREFIX)]
    text = "\n".join(kept).strip()
    ours, mark, link = f"{PREFIX}{' '.join(sentence.split())}".partition(LINK)
    most = MAX_LENGTH - 40 - len(mark + link)
    ours = f"{ours if len(ours) <= most else f'{ours[: most - 1]}…'}{mark}{link}"
    return f"{text[: MAX_LENGTH - len(ours)]}\n\n{ours}" if text else ours


def _pushed(session: "Session", dag_run: "DagRun") -> dict[str, str]:
    """Key -> the newest text that a step has pushed under it since the run was last started or cleared."""
    from airflow.models.xcom import XComModel
    from sqlalchemy import select

    found = session.execute(
        select(XComModel)
        .where(
            XComModel.dag_id == dag_run.dag_id,
            XComModel.run_id == dag_run.run_id,
            XComModel.key.in_((SUMMARY, STORE_FAILURE)),
            XComModel.timestamp >= (dag_run.start_date or dag_run.run_after),
        )
        .order_by(XComModel.timestamp)
    ).scalars()
    return {one.key: str(XComModel.deserialize_value(one)) for one in found}


def _plain(time: datetime) -> datetime:
    """A time in Airflow's own class as the plain datetime that psycopg needs."""
    return datetime.fromisoformat(time.isoformat())
