"""Alerts about runs that failed, missed their deadline or started late: one each, closed by a later success."""

import asyncio
import socket
import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict

from fpl_pulse.airflow import alerting, steps
from fpl_pulse.airflow.notification_services import notification_services
from fpl_pulse.alerts.channels import send_alerts
from fpl_pulse.alerts.outbox import close_alerts_about_runs
from fpl_pulse.store import attempts, runs
from fpl_pulse.store.connection import CONNECTION_LIMITS
from fpl_pulse.store.runs import Run
from tests.db.sinks import Sink, rows

SLOT = datetime(2025, 8, 26, 2, tzinfo=UTC)
LINEUPS = Run("update_lineups", "scheduled__1", SLOT, "fetch_lineup", 3, run_type="scheduled")


@pytest.fixture
def store(dsn: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """The connection fpl_postgres, to the test's store."""
    parts = conninfo_to_dict(dsn)
    where = f"{parts['host']}:{parts['port']}/{parts['dbname']}"
    uri = f"postgres://{parts['user']}:{parts.get('password', '')}@{where}"
    monkeypatch.setenv("AIRFLOW_CONN_FPL_POSTGRES", uri)
    return uri


def failure(run: Run, *, cleared: int = 0, reason: str = "task_failure", start: datetime | None = None) -> Any:  # noqa: ANN401
    """What Airflow passes to the callback of a failed run."""
    dag_run = SimpleNamespace(clear_number=cleared, logical_date=run.as_of, run_after=run.as_of, start_date=start)
    ti = SimpleNamespace(run_id=run.run_id, task_id=run.task_id)
    return {"dag": SimpleNamespace(dag_id=run.dag_id), "ti": ti, "dag_run": dag_run, "reason": reason}


def overdue(run: Run, state: str) -> dict[str, Any]:
    """What Airflow passes to the callback of a deadline: JSON, except for the deadline's time."""
    dag_run = {"dag_id": run.dag_id, "dag_run_id": run.run_id, "state": state, "logical_date": run.as_of.isoformat()}
    return {"dag_run": dag_run, "deadline": {"id": "1", "deadline_time": run.as_of + timedelta(hours=1)}}


def miss(run: Run, state: str) -> None:
    asyncio.run(alerting.report_missed_deadline(context=overdue(run, state)))


def test_a_failed_run_raises_one_alert_however_often_airflow_reports_it(
    conn: psycopg.Connection, store: str, recipient: Sink
) -> None:
    runs.begin(conn, LINEUPS)
    attempts.begin(conn, LINEUPS)
    attempts.set_label(conn, LINEUPS, "GW2 Leeds-Everton")
    attempts.fail(conn, LINEUPS, "the source is down", can_retry=True)
    alerting.report_failed_run(failure(LINEUPS))
    alerting.report_failed_run(failure(LINEUPS))
    ((kind, subject, message, as_of),) = rows(conn, "kind, subject, message, as_of")
    assert (kind, subject, as_of) == ("run_failed", "Tue 03:00 · Lineups, run of 26 August", SLOT)
    assert "fetch_lineup [GW2 Leeds-Everton] failed: the source is down." in message
    assert "/dags/update_lineups/runs/scheduled__1/tasks/fetch_lineup/mapped/3?try_number=1" in message
    assert len(recipient.received) == 1


def test_a_run_that_fails_again_after_a_clear_is_reported_again_and_its_success_closes_both(
    conn: psycopg.Connection, store: str, recipient: Sink
) -> None:
    runs.begin(conn, LINEUPS)
    alerting.report_failed_run(failure(LINEUPS))
    alerting.report_failed_run(failure(LINEUPS, cleared=1))
    assert rows(conn, "subject, closed_at") == [
        ("Tue 03:00 · Lineups, run of 26 August", None),
        ("Tue 03:00 · Lineups, run of 26 August (cleared 1 time)", None),
    ]
    assert len(recipient.received) == 2
    close_alerts_about_runs(conn, LINEUPS)
    assert rows(conn, "closed_at is null") == [(False,), (False,)]


def test_a_run_that_is_still_red_after_a_clear_of_one_task_is_reported_again_with_what_to_clear(
    conn: psycopg.Connection, store: str, recipient: Sink
) -> None:
    # Airflow passes neither the run nor a task when no task has failed since the clear.
    context: Any = {
        "dag": SimpleNamespace(dag_id="update_lineups"), "run_id": LINEUPS.run_id, "reason": "task_failure",
    }  # fmt: skip
    runs.begin(conn, LINEUPS)
    attempts.begin(conn, LINEUPS)
    attempts.fail(conn, LINEUPS, "the source is down", can_retry=True)
    alerting.report_failed_run(failure(LINEUPS))
    again = replace(LINEUPS, try_number=2)
    attempts.begin(conn, again)
    attempts.succeed(conn, again)
    alerting.report_failed_run(context)
    alerting.report_failed_run(context)
    (_, (subject, message)) = rows(conn, "subject, message")
    assert subject == "Tue 03:00 · Lineups, run of 26 August (cleared 1 time)"
    assert "tasks after them were not cleared. Clear the run with" in message
    assert len(recipient.received) == 2


@pytest.mark.parametrize(("cleared_later", "alerts"), [(False, 0), (True, 1)])
def test_a_failure_is_not_reported_after_the_run_was_marked_as_success(
    conn: psycopg.Connection, store: str, cleared_later: bool, alerts: int
) -> None:
    runs.begin(conn, LINEUPS)
    runs.finish(conn, LINEUPS, "success", "the run was marked as success in Airflow")
    start = datetime.now(UTC) + timedelta(minutes=1 if cleared_later else -1)
    alerting.report_failed_run(failure(LINEUPS, start=start))
    assert len(rows(conn, "kind")) == alerts


def test_failures_from_before_a_clear_are_not_reported_again(conn: psycopg.Connection, store: str) -> None:
    check = replace(LINEUPS, task_id="check_lineups", map_index=-1)
    runs.begin(conn, LINEUPS)
    for failed, sentence in ((LINEUPS, "the source is down"), (check, "no lineups")):
        attempts.begin(conn, failed)
        attempts.fail(conn, failed, sentence, can_retry=True)
    conn.execute("update pulse.task_attempts set started_at = now() - interval '2 hours'")
    plan = replace(check, task_id="plan_matches", try_number=2)
    attempts.begin(conn, plan)
    attempts.fail(conn, plan, "the key is refused", can_retry=False)
    alerting.report_failed_run(failure(LINEUPS, cleared=1, start=datetime.now(UTC) - timedelta(hours=1)))
    ((message,),) = rows(conn, "message")
    assert "plan_matches failed: the key is refused. A retry does not help" in message
    assert "the source is down" not in message
    assert "no lineups" not in message
    assert "/tasks/plan_matches?try_number=2" in message


def test_a_later_full_success_closes_earlier_alerts_and_a_run_of_chosen_matches_only_its_own(
    conn: psycopg.Connection, store: str
) -> None:
    runs.begin(conn, LINEUPS)
    alerting.report_failed_run(failure(LINEUPS))
    later = SLOT + timedelta(days=1)
    close_alerts_about_runs(conn, Run("update_lineups", "manual__1", later, is_full=False))
    close_alerts_about_runs(conn, Run("collect_heatmaps", "manual__2", later))
    close_alerts_about_runs(conn, Run("update_lineups", "backfill__1", SLOT - timedelta(days=7)))
    assert rows(conn, "closed_at") == [(None,)]
    close_alerts_about_runs(conn, Run("update_lineups", "manual__3", later))
    assert rows(conn, "closed_at > now() - interval '1 minute'") == [(True,)]


def test_a_run_that_failed_before_any_step_is_reported_too(conn: psycopg.Connection, store: str) -> None:
    context = {"dag": SimpleNamespace(dag_id="update_lineups"), "run_id": "scheduled__1", "reason": "timed_out"}
    alerting.report_failed_run(context)  # type: ignore[arg-type]
    assert rows(conn, "kind, run_id") == [("run_failed", "scheduled__1")]


def test_without_the_store_a_failed_run_is_still_logged_and_sent(
    recipient: Sink, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("AIRFLOW_CONN_FPL_POSTGRES", "postgres://nobody:store-password@127.0.0.1:1/nothing")
    alerting.report_failed_run(failure(LINEUPS))
    assert "Tue 03:00 · Lineups failed" in recipient.received[0]["message"]
    assert "This alert may be missing in pulse.alerts" in recipient.received[0]["message"]
    assert "ALERT run_failed" in caplog.text
    assert "store-password" not in caplog.text + str(recipient.received)


def test_a_store_that_does_not_respond_does_not_delay_an_alert_past_airflows_limit(
    recipient: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(CONNECTION_LIMITS, "connect_timeout", 2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        monkeypatch.setenv("AIRFLOW_CONN_FPL_POSTGRES", f"postgres://nobody:secret@127.0.0.1:{port}/nothing")
        reporting = threading.Thread(target=alerting.report_failed_run, args=(failure(LINEUPS),), daemon=True)
        reporting.start()
        reporting.join(20)
    assert "Tue 03:00 · Lineups failed" in recipient.received[0]["message"]


def test_a_store_whose_schema_is_older_than_the_code_loses_no_alert(
    conn: psycopg.Connection, store: str, recipient: Sink
) -> None:
    conn.execute("alter table pulse.task_attempts rename to task_attempts_of_the_future")
    try:
        alerting.report_failed_run(failure(LINEUPS))
    finally:
        conn.execute("alter table pulse.task_attempts_of_the_future rename to task_attempts")
    assert "The store failed (UndefinedTable)" in recipient.received[0]["message"]


def test_a_missed_deadline_says_which_task_runs_and_since_when(
    conn: psycopg.Connection, store: str, recipient: Sink
) -> None:
    runs.begin(conn, LINEUPS)
    attempts.begin(conn, LINEUPS)
    attempts.set_label(conn, LINEUPS, "GW2 Leeds-Everton")
    miss(LINEUPS, "running")
    ((kind, message),) = rows(conn, "kind, message")
    assert kind == "deadline_missed"
    assert "has not finished by its deadline, Tue 26 Aug 04:00 London time" in message
    assert "Running: fetch_lineup [GW2 Leeds-Everton] since" in message
    assert len(recipient.received) == 1


@pytest.mark.parametrize("state", ["success", "failed"])
def test_a_deadline_of_a_run_that_has_ended_raises_no_alert(
    conn: psycopg.Connection, store: str, recipient: Sink, state: str
) -> None:
    runs.begin(conn, LINEUPS)
    miss(LINEUPS, state)
    assert rows(conn, "kind") == []
    assert recipient.received == []


def test_a_deadline_reported_after_the_run_has_succeeded_raises_no_alert(
    conn: psycopg.Connection, store: str, recipient: Sink
) -> None:
    runs.begin(conn, LINEUPS)
    runs.finish(conn, LINEUPS, "success", "matches 10/10")
    miss(LINEUPS, "running")
    assert rows(conn, "kind") == []


def test_a_late_start_is_sent_even_when_the_run_then_succeeds(conn: psycopg.Connection, recipient: Sink) -> None:
    a_week_before = replace(LINEUPS, run_id="scheduled__0", as_of=SLOT - timedelta(days=7))
    runs.begin(conn, a_week_before)
    steps._open(conn, LINEUPS)
    close_alerts_about_runs(conn, LINEUPS)
    send_alerts(conn, notification_services())
    assert [message["title"].split(",")[0] for message in recipient.received] == ["FPL Pulse: run late"]
