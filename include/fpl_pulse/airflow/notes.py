"""A finished run's note: what its check has found, where the UI shows the runs.

A task cannot write a note: the API that tasks have does not offer it, and a password for the other one would be one
more secret. The check hands its sentence on as an XCom, and this listener, in the scheduler, puts it under the run
(docs/adr/0014).
"""

import logging
from typing import TYPE_CHECKING, Any

from airflow.listeners import hookimpl

from fpl_pulse.week import PIPELINES

if TYPE_CHECKING:
    from airflow.models.dagrun import DagRun

log = logging.getLogger(__name__)

SUMMARY = "summary"
BEGINNING = "FPL Pulse: "
"""By which a note of ours is known; what a person has written stays."""

BY_HAND = "manually set"
"""In Airflow's word on a run that was marked in the UI. No callback is called then, so there is no alert."""


@hookimpl
def on_dag_run_success(dag_run: "DagRun", msg: str) -> None:
    """Put the check's sentence under a green run."""
    write_note(dag_run)


@hookimpl
def on_dag_run_failed(dag_run: "DagRun", msg: str) -> None:
    """Put under a red run what its check has found, or why there is nothing."""
    write_note(dag_run, msg)


def write_note(dag_run: "DagRun", reason: str | None = None) -> None:
    """Set the note of a run of a pipeline, in the session that the run belongs to."""
    if dag_run.dag_id not in PIPELINES:
        return
    sentence = _summary(dag_run) or without_check(reason)
    if sentence is not None:
        dag_run.note = merged(dag_run.note, sentence)


def without_check(reason: str | None) -> str | None:
    """What to say of a run whose check has said nothing; nothing of a green one: what it said last still stands there.

    Args:
        reason: Airflow's word on why it is red, as `task_failure`; None when it is green.
    """
    if reason is None:
        return None
    if BY_HAND in reason:
        return "FAILED before its check: somebody has marked the run so"
    return f"FAILED before its check ({reason}); the alert and the red task's log say why"


def merged(note: str | None, sentence: str) -> str:
    """A note with our sentence at its end: instead of an earlier one of ours, beside what a person has written."""
    kept = [line for line in (note or "").splitlines() if not line.startswith(BEGINNING)]
    text = "\n".join(kept).strip()
    ours = f"{BEGINNING}{' '.join(sentence.split())}"[:950]
    return f"{text[: 990 - len(ours)]}\n\n{ours}" if text else ours


def _summary(dag_run: "DagRun") -> str | None:
    """What the check of the run has handed on since the run was last started; a clear starts it anew."""
    from airflow.models.xcom import XComModel
    from sqlalchemy import select
    from sqlalchemy.orm import object_session

    session = object_session(dag_run)
    if session is None:
        log.warning("Run %s has no session: no note", dag_run.run_id)
        return None
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
