"""Sets the note of a finished run to its check's summary, so that the UI shows it beside the run.

A task cannot set a note: the API for tasks lacks it, and the public API would need a password in every worker. The
check pushes its summary as an XCom. This listener, which runs in the scheduler, copies it to the note (docs/adr/0014).
"""

import logging
from typing import TYPE_CHECKING, Any

from airflow.listeners import hookimpl

from fpl_pulse.week import PIPELINES

if TYPE_CHECKING:
    from airflow.models.dagrun import DagRun
    from sqlalchemy.orm import Session

log = logging.getLogger(__name__)

SUMMARY = "summary"
"""The key of the XCom in which a check passes its summary to the run's note."""

PREFIX = "FPL Pulse: "
"""Marks the line that belongs to us. All other lines were written by people and stay."""

MAX_LENGTH = 990
"""Characters. Airflow stores 1,000."""

MANUALLY_SET = "manually set"
"""Part of Airflow's reason when somebody has set the run's state in the UI. No callback runs, so there is no alert."""


@hookimpl
def on_dag_run_success(dag_run: "DagRun", msg: str) -> None:  # noqa: ARG001 - the hook's signature
    """Set the note of a successful run."""
    write_note(dag_run)


@hookimpl
def on_dag_run_failed(dag_run: "DagRun", msg: str) -> None:
    """Set the note of a failed run."""
    write_note(dag_run, msg)


def write_note(dag_run: "DagRun", reason: str | None = None) -> None:
    """Set the note of a pipeline's run, in the session that the run belongs to; ignore other DAGs.

    `reason` is Airflow's reason for a failure, such as `task_failure`; None for a successful run.
    """
    from sqlalchemy.orm import object_session

    if dag_run.dag_id not in PIPELINES:
        return
    session = object_session(dag_run)
    if session is None:
        log.warning("The note of run %s was not set: the run has no database session", dag_run.run_id)
        return
    sentence = _summary(session, dag_run) or sentence_without_summary(reason)
    if sentence is not None:
        dag_run.note = add_to_note(dag_run.note, sentence)


def sentence_without_summary(reason: str | None) -> str | None:
    """The note's sentence for a run whose check has left no summary; None for a successful run, whose note stays."""
    if reason is None:
        return None
    if MANUALLY_SET in reason:
        return "FAILED before its check: the run was manually marked as failed"
    return f"FAILED before its check ({reason}); see the alert and the failed task's log"


def add_to_note(note: str | None, sentence: str) -> str:
    """The note with our sentence as its last line. It replaces an earlier one of ours; other text stays above it."""
    kept = [line for line in (note or "").splitlines() if not line.startswith(PREFIX)]
    text = "\n".join(kept).strip()
    ours = f"{PREFIX}{' '.join(sentence.split())}"[: MAX_LENGTH - 40]
    return f"{text[: MAX_LENGTH - len(ours)]}\n\n{ours}" if text else ours


def _summary(session: "Session", dag_run: "DagRun") -> str | None:
    """The summary that the run's check has pushed since the run was last started or cleared."""
    from airflow.models.xcom import XComModel
    from sqlalchemy import select

    found: Any = session.execute(
        select(XComModel)
        .where(
            XComModel.dag_id == dag_run.dag_id,
            XComModel.run_id == dag_run.run_id,
            XComModel.key == SUMMARY,
            XComModel.timestamp >= (dag_run.start_date or dag_run.run_after),
        )
        .order_by(XComModel.timestamp.desc())
        .limit(1)
    ).scalar_one_or_none()
    return None if found is None else str(XComModel.deserialize_value(found))
