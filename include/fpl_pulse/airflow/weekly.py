"""What the DAGs have in common: schedule, limits, retries, form and tags."""

from datetime import datetime
from typing import Any

from airflow.sdk import DAG, CronTriggerTimetable

from fpl_pulse.airflow.alerting import report_failed_run
from fpl_pulse.airflow.deadlines import deadline_alert
from fpl_pulse.airflow.form import form
from fpl_pulse.airflow.retries import LONGEST_PAUSE, RETRIES, RETRY_POLICY, SHORTEST_PAUSE
from fpl_pulse.airflow.sensors import UpstreamSensor
from fpl_pulse.week import (
    HOUR,
    LONDON,
    MANUAL_UPDATE_LIMIT,
    SNAPSHOT_HOUR,
    SNAPSHOT_LIMIT,
    WAIT_PREFIX,
    display_name,
    slot_of,
)

FIRST_DAY = datetime(2025, 7, 1, tzinfo=LONDON)

DEFAULTS = {
    "owner": "fpl-pulse",
    "retries": RETRIES,
    "retry_policy": RETRY_POLICY,
    # After a killed process the scheduler decides alone, without the policy.
    "retry_delay": SHORTEST_PAUSE,
    "retry_exponential_backoff": 2.0,
    "max_retry_delay": LONGEST_PAUSE,
}


def weekly_dag(dag_id: str, doc: str | None) -> DAG:
    """The DAG of a pipeline of `week.WEEK`, to be used as a context manager.

    `doc` is shown in the UI. Its first line is a heading, which gets the slot.
    """
    slot = slot_of(dag_id)
    return DAG(
        dag_id=dag_id,
        dag_display_name=slot.display_name,
        description=slot.title,
        doc_md=_headed(slot.display_name, doc),
        # The meaning of a bare cron string depends on the installation's [scheduler] create_cron_data_intervals. With
        # data intervals, which older installations have, the as-of time would be the slot of the week before.
        schedule=CronTriggerTimetable(slot.cron, timezone=LONDON.key),
        start_date=FIRST_DAY,
        catchup=False,
        max_active_runs=1,
        dagrun_timeout=slot.run_limit,
        deadline=deadline_alert(slot),
        on_failure_callback=report_failed_run,
        default_args=DEFAULTS | {"execution_timeout": slot.limit},
        params=form(dag_id),
        tags={"fpl-pulse", slot.day},
    )


def _headed(name: str, doc: str | None) -> str:
    """The documentation under the DAG's name, so that a changed slot does not leave an old time in the heading."""
    _, _, text = (doc or "").partition("\n")
    return f"## {name}\n{text}"


def daily_dag(dag_id: str, doc: str | None) -> DAG:
    """The DAG of the daily snapshot, to be used as a context manager. It is paused until somebody switches it on."""
    return DAG(
        dag_id=dag_id,
        dag_display_name=display_name(dag_id),
        description="Keep what FPL overwrites between the weekly runs; optional",
        doc_md=_headed(display_name(dag_id), doc),
        schedule=CronTriggerTimetable(f"0 {SNAPSHOT_HOUR} * * *", timezone=LONDON.key),
        is_paused_upon_creation=True,
        start_date=FIRST_DAY,
        catchup=False,
        max_active_runs=1,
        dagrun_timeout=HOUR,
        on_failure_callback=report_failed_run,
        default_args=DEFAULTS | {"execution_timeout": SNAPSHOT_LIMIT},
        tags={"fpl-pulse", "daily"},
    )


def manual_dag(dag_id: str, doc: str | None, **arguments: Any) -> DAG:  # noqa: ANN401 - the DAG's own arguments
    """A DAG without a schedule or retries, to be used as a context manager. `doc` is shown in the UI.

    It is switched on from the start: without a schedule nothing runs, and a run of a paused DAG would wait forever.
    """
    return DAG(
        dag_id=dag_id,
        doc_md=doc,
        schedule=None,
        is_paused_upon_creation=False,
        start_date=FIRST_DAY,
        catchup=False,
        dagrun_timeout=MANUAL_UPDATE_LIMIT,
        default_args=DEFAULTS | {"retries": 0, "execution_timeout": MANUAL_UPDATE_LIMIT},
        tags={"fpl-pulse", "manual"},
        **arguments,
    )


def wait_for_upstream(dag_id: str) -> UpstreamSensor:
    """The sensor that starts a pipeline when its upstream pipeline has succeeded for this week's slot.

    Raises:
        ValueError: the pipeline has no upstream.
    """
    upstream = slot_of(dag_id).waits_for
    if upstream is None:
        raise ValueError(f"{dag_id} has no upstream pipeline in week.WEEK. Remove the sensor from its DAG file.")
    return UpstreamSensor(
        task_id=f"{WAIT_PREFIX}{upstream}",
        external_dag_id=upstream,
        doc_md=f"Waits for this week's {upstream}. When it fails, its log names the missing run and what to do.",
    )
