"""What Airflow calls when a run fails or misses its deadline: one alert a run, kept, logged and sent.

A failed run is reported by the dag-processor, a missed deadline by the triggerer. Neither sees more of a run than its
name and state; which task failed with which sentence, and who is at work since when, is in `pulse.task_attempts`.
"""

import asyncio
import logging
from collections.abc import Mapping, Sequence
from contextlib import closing
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

if TYPE_CHECKING:
    from airflow.sdk import Context

    from fpl_pulse.store.attempts import Attempt

log = logging.getLogger(__name__)


def report_failed_run(context: "Context") -> None:
    """The `on_failure_callback` of a DAG: once a failed run, whatever the number of its failed tasks."""
    named: Any = context
    ti = named.get("ti")
    dag_run = named.get("dag_run")
    run_id = str(named.get("run_id") or ti.run_id)
    _report(
        named["dag"].dag_id,
        run_id,
        "run_failed",
        times_cleared=int(getattr(dag_run, "clear_number", 0) or 0),
        since=getattr(dag_run, "start_date", None),
        fallback=_moment(dag_run),
        reason=str(named.get("reason") or ""),
        last_task=getattr(ti, "task_id", None),
    )


async def report_missed_deadline(context: Mapping[str, Any], **_: object) -> None:
    """The callback of the deadline: who is at work or waits, since when. Runs in the triggerer's event loop."""
    await asyncio.to_thread(_report_deadline, context)


def _report_deadline(context: Mapping[str, Any]) -> None:
    dag_run = context["dag_run"]
    state = str(dag_run.get("state"))
    if state in ("success", "failed"):
        # Airflow keeps the deadline of a run that failed early (apache/airflow#60927); that was reported then.
        log.info("%s %s is %s: no alert", dag_run["dag_id"], dag_run["dag_run_id"], state)
        return
    slot = dag_run.get("logical_date") or dag_run.get("run_after")
    since = dag_run.get("start_date")
    _report(
        dag_run["dag_id"],
        dag_run["dag_run_id"],
        "deadline_missed",
        since=None if since is None else datetime.fromisoformat(since),
        fallback=None if slot is None else datetime.fromisoformat(slot),
        reason=state,
        deadline=context["deadline"]["deadline_time"],
    )


def _report(
    dag_id: str,
    run_id: str,
    kind: str,
    *,
    times_cleared: int = 0,
    since: datetime | None,
    fallback: datetime | None,
    reason: str,
    last_task: str | None = None,
    deadline: datetime | str | None = None,
) -> None:
    """Compose the sentence, keep it, send it. Without the store it is logged and sent all the same.

    Tries from before `since`, the run's start, are of no concern: a clear starts the run anew.
    """
    # DAG files import this module to name its functions; what those need is imported where they run.
    from airflow.sdk.exceptions import AirflowNotFoundException
    from psycopg import Error

    from fpl_pulse.airflow.connections import connect
    from fpl_pulse.alerts.channels import send_alerts, send_without_table
    from fpl_pulse.alerts.outbox import raise_alert
    from fpl_pulse.alerts.sentences import failed_sentence, overdue_sentence
    from fpl_pulse.store import attempts, runs
    from fpl_pulse.store.runs import Run

    subject = f"{dag_id} {run_id}" + (f" (cleared {times_cleared} times)" if times_cleared else "")

    def sentence(tries: "Sequence[Attempt]") -> str:
        if kind == "run_failed":
            log_at = _address(dag_id, run_id, tries)
            return failed_sentence(dag_id, tries, reason=reason, last_task=last_task, log_at=log_at)
        look_at = _address(dag_id, run_id)
        return overdue_sentence(dag_id, tries, state=reason, deadline=deadline, look_at=look_at)

    try:
        with closing(connect()) as conn:
            recorded = runs.find(conn, dag_id, run_id)
            if kind == "deadline_missed" and recorded and recorded.state == "success":
                # What Airflow hands over is as old as the deadline; the triggerer may have been away since.
                log.info("%s %s has ended well by now: no alert", dag_id, run_id)
                return
            as_of = recorded.as_of if recorded else fallback or datetime.now(UTC)
            run = Run(dag_id, run_id, as_of)
            raise_alert(conn, run, kind, subject, sentence(attempts.newest(conn, dag_id, run_id, since)))
            send_alerts(conn)
    except (Error, AirflowNotFoundException) as error:
        text = f"{sentence(())} The store cannot be used ({type(error).__name__}): this may not be in pulse.alerts."
        log.error("ALERT %s, %s: %s", kind, subject, text)
        send_without_table(f"FPL Pulse: {kind.replace('_', ' ')}, {subject}", text)


def _address(dag_id: str, run_id: str, tries: "Sequence[Attempt]" = ()) -> str:
    """Where the UI shows the run; with tries, the log of the first of them that is not green."""
    from airflow.sdk.configuration import conf

    base = conf.get("api", "base_url", fallback="http://localhost:8080/").rstrip("/")
    address = f"{base}/dags/{quote(dag_id, safe='')}/runs/{quote(run_id, safe='')}"
    for one in tries:
        if one.state != "success":
            mapped = f"/mapped/{one.map_index}" if one.map_index >= 0 else ""
            return f"{address}/tasks/{quote(one.task_id, safe='')}{mapped}?try_number={one.try_number}"
    return address


def _moment(dag_run: Any) -> datetime | None:  # noqa: ANN401 - Airflow's, or none in a callback without a task
    found = getattr(dag_run, "logical_date", None) or getattr(dag_run, "run_after", None)
    return None if found is None else datetime.fromisoformat(found.isoformat())
