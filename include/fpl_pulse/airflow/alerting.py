"""The callbacks for a failed run and a missed deadline: each alert is stored, logged and sent.

Airflow calls the first in the dag-processor and the second in the triggerer, and passes little more than the run's name
and state. What the alert says about the tasks comes from `pulse.task_attempts`.
"""

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

if TYPE_CHECKING:
    from airflow.sdk import Context

    from fpl_pulse.store.attempts import Attempt

log = logging.getLogger(__name__)

# DAG files import this module to name its functions. What those need is imported when they run.


def report_failed_run(context: "Context") -> None:
    """The `on_failure_callback` of a DAG. Airflow calls it once per failed run, however many tasks failed."""
    from fpl_pulse.alerts.sentences import failed_run_message

    named: Any = context
    ti, dag_run = named.get("ti"), named.get("dag_run")
    dag_id, run_id = named["dag"].dag_id, str(named.get("run_id") or ti.run_id)
    times_cleared = int(getattr(dag_run, "clear_number", 0) or 0)

    def message(attempts: "Sequence[Attempt]") -> str:
        return failed_run_message(
            dag_id,
            attempts,
            reason=str(named.get("reason") or ""),
            last_task=getattr(ti, "task_id", None),
            log_url=_log_url(dag_id, run_id, attempts),
        )

    _report(
        "run_failed",
        dag_id,
        run_id,
        message,
        # A run that fails again after a clear gets an alert of its own.
        subject_suffix=f" (cleared {times_cleared} times)" if times_cleared else "",
        since=getattr(dag_run, "start_date", None),
        logical_date=_logical_date(dag_run),
    )


async def report_missed_deadline(context: Mapping[str, Any], **_: object) -> None:
    """The callback of the deadline. Runs in the triggerer's event loop."""
    await asyncio.to_thread(_report_deadline, context)


def _report_deadline(context: Mapping[str, Any]) -> None:
    from fpl_pulse.alerts.sentences import missed_deadline_message

    dag_run = context["dag_run"]
    dag_id, run_id, state = dag_run["dag_id"], dag_run["dag_run_id"], str(dag_run.get("state"))
    if state in ("success", "failed"):
        # Airflow keeps the deadline of a run that failed early (apache/airflow#60927); its failure was reported then.
        log.info("Deadline of %s %s: the run has ended as %s, no alert", dag_id, run_id, state)
        return

    def message(attempts: "Sequence[Attempt]") -> str:
        deadline = context["deadline"]["deadline_time"]
        run_url = _run_url(dag_id, run_id)
        return missed_deadline_message(dag_id, attempts, state=state, deadline=deadline, run_url=run_url)

    _report(
        "deadline_missed",
        dag_id,
        run_id,
        message,
        since=_parsed(dag_run.get("start_date")),
        logical_date=_parsed(dag_run.get("logical_date") or dag_run.get("run_after")),
    )


def _report(
    kind: str,
    dag_id: str,
    run_id: str,
    message: "Callable[[Sequence[Attempt]], str]",
    *,
    subject_suffix: str = "",
    since: datetime | None,
    logical_date: datetime | None,
) -> None:
    """Store the alert and send it. If the store is down, the alert is logged and sent without it.

    Args:
        kind: the alert's kind.
        dag_id: the pipeline.
        run_id: the run.
        message: composes the text from the newest attempt of each task.
        subject_suffix: tells this alert from an earlier one of the same kind about the run.
        since: attempts from before the run was last started or cleared are ignored.
        logical_date: the as-of time of a run that no step has opened.
    """
    from airflow.sdk.exceptions import AirflowNotFoundException
    from psycopg import Error

    from fpl_pulse.airflow.connections import connect
    from fpl_pulse.airflow.notification_services import notification_services
    from fpl_pulse.alerts.channels import send_alerts, send_unstored
    from fpl_pulse.alerts.outbox import raise_alert
    from fpl_pulse.alerts.sentences import alert_title
    from fpl_pulse.store import attempts, runs
    from fpl_pulse.store.runs import Run

    subject = f"{dag_id} {run_id}{subject_suffix}"
    try:
        with closing(connect()) as conn:
            recorded = runs.find(conn, dag_id, run_id)
            if kind == "deadline_missed" and recorded and recorded.state == "success":
                # The triggerer may have been down since the deadline, and Airflow's state of the run is as old as that.
                log.info("Deadline of %s %s: the run has succeeded since, no alert", dag_id, run_id)
                return
            as_of = recorded.as_of if recorded else logical_date or datetime.now(UTC)
            text = message(attempts.newest(conn, dag_id, run_id, since))
            raise_alert(conn, Run(dag_id, run_id, as_of), kind, subject, text)
            send_alerts(conn, notification_services())
    except (Error, AirflowNotFoundException) as error:
        text = f"{message(())} The store failed ({type(error).__name__}): this alert may be missing in pulse.alerts."
        log.error("ALERT %s, %s: %s", kind, subject, text)
        send_unstored(notification_services(), alert_title(kind, subject), text)


def _run_url(dag_id: str, run_id: str) -> str:
    from airflow.sdk.configuration import conf

    base = conf.get("api", "base_url", fallback="http://localhost:8080/").rstrip("/")
    return f"{base}/dags/{quote(dag_id, safe='')}/runs/{quote(run_id, safe='')}"


def _log_url(dag_id: str, run_id: str, attempts: "Sequence[Attempt]") -> str:
    """The log of the first attempt that has not succeeded; the run's address when there is none."""
    url = _run_url(dag_id, run_id)
    for one in attempts:
        if one.state != "success":
            mapped = f"/mapped/{one.map_index}" if one.map_index >= 0 else ""
            return f"{url}/tasks/{quote(one.task_id, safe='')}{mapped}?try_number={one.try_number}"
    return url


def _logical_date(dag_run: Any) -> datetime | None:  # noqa: ANN401 - Airflow's run; a callback without a task has none
    found = getattr(dag_run, "logical_date", None) or getattr(dag_run, "run_after", None)
    # Airflow's own datetime class is turned into the plain one, which psycopg needs.
    return None if found is None else datetime.fromisoformat(found.isoformat())


def _parsed(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)
