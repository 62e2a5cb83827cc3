"""The callbacks for a failed run and a missed deadline: each alert is stored, logged and sent.

Airflow calls the first in the dag-processor and the second in the triggerer, and passes little more than the run's name
and state. What the alert says about the tasks comes from `pulse.task_attempts`.
"""

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from airflow.sdk import Context
from airflow.sdk.configuration import conf
from airflow.sdk.exceptions import AirflowNotFoundException
from psycopg import Error, OperationalError

from fpl_pulse.airflow.notification_services import notification_services
from fpl_pulse.alerts import outbox
from fpl_pulse.alerts.channels import send_alerts, send_unstored
from fpl_pulse.alerts.outbox import raise_alert
from fpl_pulse.alerts.sentences import alert_title, failed_run_message, missed_deadline_message, section_of_failure
from fpl_pulse.api import source_clock
from fpl_pulse.errors import RetryableError
from fpl_pulse.runbook import SECTION_OF_ALERT, with_link
from fpl_pulse.store import attempts, runs
from fpl_pulse.store.attempts import Attempt
from fpl_pulse.store.failures import explained
from fpl_pulse.store.runs import RecordedRun, Run
from fpl_pulse.week import run_name
from fpl_pulse.wording import quantity

log = logging.getLogger(__name__)


def report_failed_run(context: Context) -> None:
    """The `on_failure_callback` of a DAG. Airflow calls it once per failed run, however many tasks failed."""
    named: Any = context
    # A callback without a task has no run.
    ti, dag_run = named.get("ti"), named.get("dag_run")
    dag_id, run_id = named["dag"].dag_id, str(named.get("run_id") or ti.run_id)
    _report(
        "run_failed",
        dag_id,
        run_id,
        lambda newest: failed_run_message(
            dag_id,
            newest,
            reason=str(named.get("reason") or ""),
            last_task=getattr(ti, "task_id", None),
            log_url=_log_url(dag_id, run_id, newest),
        ),
        # Airflow passes no run when none of its tasks has failed, which a clear of a single task can bring about.
        times_cleared=None if dag_run is None else int(getattr(dag_run, "clear_number", 0) or 0),
        since=_plain(getattr(dag_run, "start_date", None)),
        logical_date=_plain(getattr(dag_run, "logical_date", None) or getattr(dag_run, "run_after", None)),
    )


async def report_missed_deadline(context: Mapping[str, Any], **_: object) -> None:
    """The callback of the deadline. Runs in the triggerer's event loop."""
    await asyncio.to_thread(_report_deadline, context)


def _report_deadline(context: Mapping[str, Any]) -> None:
    dag_run = context["dag_run"]
    dag_id, run_id, state = dag_run["dag_id"], dag_run["dag_run_id"], str(dag_run.get("state"))
    if state in ("success", "failed"):
        # Airflow keeps the deadline of a run that failed early (apache/airflow#60927); its failure was reported then.
        log.info("Deadline of %s %s: the run has ended as %s, no alert", dag_id, run_id, state)
        return
    deadline = context["deadline"]["deadline_time"]
    _report(
        "deadline_missed",
        dag_id,
        run_id,
        lambda newest: missed_deadline_message(
            dag_id, newest, state=state, deadline=deadline, run_url=_run_url(dag_id, run_id)
        ),
        since=_plain(dag_run.get("start_date")),
        logical_date=_plain(dag_run.get("logical_date") or dag_run.get("run_after")),
    )


def _report(
    kind: str,
    dag_id: str,
    run_id: str,
    message: Callable[[Sequence[Attempt]], str],
    *,
    times_cleared: int | None = 0,
    since: datetime | None,
    logical_date: datetime | None,
) -> None:
    """Store the alert and send it. If the store is down, the alert is logged and sent without it.

    `message` composes the text from the newest attempt of each task, without those from before `since`, when the run
    was last started or cleared. A run that fails again after a clear gets an alert of its own; without `times_cleared`,
    its earlier alerts are counted.
    `logical_date` is the as-of time of a run that no step has opened.
    """
    # The providers' hooks are slow to import, and DAG files import this module.
    from fpl_pulse.airflow.connections import connect

    subject = f"{run_name(dag_id, run_id, logical_date or datetime.now(UTC))}{_cleared(times_cleared or 0)}"
    try:
        with closing(connect()) as conn:
            recorded = runs.find(conn, dag_id, run_id)
            if kind == "deadline_missed" and recorded and recorded.state == "success":
                # The triggerer may have been down since the deadline, and Airflow's state of the run is as old as that.
                log.info("Deadline of %s %s: the run has succeeded since, no alert", dag_id, run_id)
                return
            if kind == "run_failed" and recorded and recorded.state == "success" and _is_since(recorded, since):
                log.info("The failure of %s %s: somebody has marked the run as success since, no alert", dag_id, run_id)
                return
            as_of = recorded.as_of if recorded else _as_of_unopened(logical_date or datetime.now(UTC))
            newest = attempts.newest(conn, dag_id, run_id, since)
            if times_cleared is None:
                times_cleared = outbox.times_reported(conn, Run(dag_id, run_id, as_of), kind)
            subject = f"{run_name(dag_id, run_id, as_of)}{_cleared(times_cleared)}"
            section = section_of_failure(newest) if kind == "run_failed" else None
            raise_alert(conn, Run(dag_id, run_id, as_of), kind, subject, message(newest), section=section)
            send_alerts(conn, notification_services())
    except (Error, AirflowNotFoundException) as error:
        ours = explained(error) if isinstance(error, OperationalError) else None
        reason = f"{ours}. " if ours else f"The store failed ({type(error).__name__}). "
        text = f"{message(())} {reason}This alert may be missing in pulse.alerts."
        text = with_link(text, ours.section if ours else SECTION_OF_ALERT[kind])
        log.error("ALERT %s, %s: %s", kind, subject, text)
        send_unstored(notification_services(), alert_title(kind, subject), text)


def _cleared(times: int) -> str:
    """What tells the alert about a run that has failed again from the earlier one."""
    return f" (cleared {quantity(times, 'time')})" if times else ""


def _as_of_unopened(time: datetime) -> datetime:
    """The as-of time that a run of Airflow's time would have had. An alert is raised also if the source is down."""
    try:
        return source_clock.not_after_source(time)
    except RetryableError as error:
        log.warning("%s", error)
        return time


def _is_since(recorded: RecordedRun, since: datetime | None) -> bool:
    """Whether a recorded run has ended since Airflow has started or cleared it for the last time."""
    return recorded.finished_at is not None and (since is None or recorded.finished_at >= since)


def _run_url(dag_id: str, run_id: str) -> str:
    base = conf.get("api", "base_url", fallback="http://localhost:8080/").rstrip("/")
    return f"{base}/dags/{quote(dag_id, safe='')}/runs/{quote(run_id, safe='')}"


def _log_url(dag_id: str, run_id: str, newest: Sequence[Attempt]) -> str:
    """The log of the first attempt that has not succeeded; the run's address when there is none."""
    url = _run_url(dag_id, run_id)
    for one in newest:
        if one.state != "success":
            mapped = f"/mapped/{one.map_index}" if one.map_index >= 0 else ""
            return f"{url}/tasks/{quote(one.task_id, safe='')}{mapped}?try_number={one.try_number}"
    return url


def _plain(time: datetime | str | None) -> datetime | None:
    """A time from Airflow, as text or in Airflow's own class, as the plain datetime that psycopg needs."""
    return None if time is None else datetime.fromisoformat(str(time))
