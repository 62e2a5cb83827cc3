"""The deadline of a weekly run, as an Airflow deadline alert (the successor of SLAs).

A deadline counts from the slot. Airflow's own reference, the logical date, would also give one to every run of a
backfill, whose slots are long past.
"""

from datetime import datetime
from typing import TYPE_CHECKING

from airflow.sdk.definitions.callback import AsyncCallback
from airflow.sdk.definitions.deadline import BaseDeadlineReference, DeadlineAlert

from fpl_pulse.airflow.alerting import report_missed_deadline
from fpl_pulse.week import WeeklySlot, slot_of

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


class SlotDeadline(BaseDeadlineReference):
    """The slot of a scheduled run. Manual and backfill runs have no deadline, because nobody waits for them.

    A run that is created after its deadline, because the scheduler was down, gets the usual time from its creation. The
    alert `run_late` reports that it started late.
    """

    required_kwargs = frozenset({"dag_id", "run_id"})
    """Read by Airflow."""

    def _evaluate_with(self, *, session: "Session", dag_id: str, run_id: str) -> datetime | None:
        """The time that the deadline counts from; the scheduler calls this when it creates a run."""
        from airflow._shared.timezones import timezone
        from airflow.models import DagRun
        from sqlalchemy import select

        found = session.execute(
            select(DagRun.run_type, DagRun.logical_date).where(DagRun.dag_id == dag_id, DagRun.run_id == run_id)
        ).one_or_none()
        if found is None:
            return None
        return deadline_base(dag_id, str(getattr(found[0], "value", found[0])), found[1], timezone.utcnow())


def deadline_base(dag_id: str, run_type: str, slot: datetime | None, now: datetime) -> datetime | None:
    """The time that the deadline of a run created `now` counts from; None for a run without a deadline."""
    if run_type != "scheduled" or slot is None:
        return None
    return slot if now < slot + slot_of(dag_id).done_by else now


def deadline_alert(slot: WeeklySlot) -> DeadlineAlert:
    """The deadline alert of a weekly DAG, with the name that the UI shows."""
    return DeadlineAlert(
        name=f"done by {slot.deadline} London time",
        reference=SlotDeadline(),
        interval=slot.done_by,
        callback=AsyncCallback(report_missed_deadline),
    )
