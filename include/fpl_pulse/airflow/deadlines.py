"""The deadline of a weekly run: Airflow's deadline alerts, which took the place of its SLAs.

A deadline belongs to a slot. By Airflow's own reference, the logical date, every run of a backfill would miss it too:
its slots are long gone.
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
    """The slot of a scheduled run; none for runs by hand and of a backfill, which nobody waits for.

    A run that was created after its deadline (the scheduler was down) has as long as it would have had: that it began
    late is an alert of its own.
    """

    required_kwargs = frozenset({"dag_id", "run_id"})
    """Read by Airflow."""

    def _evaluate_with(self, *, session: "Session", dag_id: str, run_id: str) -> datetime | None:
        """From when the deadline counts; called by the scheduler when it creates a run."""
        from airflow._shared.timezones import timezone
        from airflow.models import DagRun
        from sqlalchemy import select

        found = session.execute(
            select(DagRun.run_type, DagRun.logical_date).where(
                DagRun.dag_id == dag_id, DagRun.run_id == run_id
            )
        ).one_or_none()
        if found is None:
            return None
        return counts_from(dag_id, str(getattr(found[0], "value", found[0])), found[1], timezone.utcnow())


def counts_from(dag_id: str, run_type: str, slot: datetime | None, now: datetime) -> datetime | None:
    """From when a run's deadline counts; None for a run without one.

    Args:
        dag_id: a pipeline of `week.WEEK`.
        run_type: Airflow's: `scheduled`, `backfill`, `manual`, …
        slot: the run's logical date.
        now: the wall clock at which the run is created.
    """
    if run_type != "scheduled" or slot is None:
        return None
    return slot if now < slot + slot_of(dag_id).done_by else now


def deadline_of(slot: WeeklySlot) -> DeadlineAlert:
    """The deadline alert of a weekly DAG, under the name that the UI shows."""
    return DeadlineAlert(
        name=f"done by {slot.deadline} London time",
        reference=SlotDeadline(),
        interval=slot.done_by,
        callback=AsyncCallback(report_missed_deadline),
    )
