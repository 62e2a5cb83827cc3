"""A database that is full or down while a task works: one sentence says so in the log, the store, note and alert."""

from types import SimpleNamespace
from typing import Any

import psycopg
import pytest
from airflow.sdk.definitions.retry_policy import RetryAction
from psycopg.errors import AdminShutdown, DiskFull, LockNotAvailable

from fpl_pulse.airflow import alerting, connections
from fpl_pulse.airflow.retries import Attempt, decide
from fpl_pulse.airflow.task_endings import sentence_of
from fpl_pulse.errors import StoreDownError, StoreFullError
from fpl_pulse.etl.context import StepContext
from fpl_pulse.store.failures import explained, in_our_words
from tests.dags.conftest import NOW, RunTask
from tests.db.sinks import CONNECTION, sink

FULL = "The database is full: its server found no space on the disk. What was stored before is kept."
FREE = "Free space on the disk of the database of fpl_postgres, or give it a larger one"


def disk_is_full(_: StepContext) -> None:
    raise DiskFull('could not extend file "base/16384/2619": No space left on device')


def test_a_full_disk_is_recorded_with_what_to_do(run_task: RunTask, dsn: str) -> None:
    with pytest.raises(StoreFullError, match="The database is full"):
        run_task("plan_heatmaps", disk_is_full)
    with psycopg.connect(dsn) as conn:
        attempts = conn.execute("select message, can_retry, error, section from pulse.task_attempts").fetchall()
        runs = conn.execute("select state, message from pulse.pipeline_runs").fetchall()
    assert attempts == [(f"{FULL} {FREE}, then clear the task if it is red", True, "StoreFullError", "a-full-disk")]
    assert runs == [("failed", f"plan_heatmaps: {attempts[0][0]}")]


def test_a_database_that_is_down_is_explained_before_the_first_statement(
    run_task: RunTask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        connections, "connect", lambda: psycopg.connect("postgres://nobody:hush-hush@127.0.0.1:1/x", autocommit=True)
    )
    with pytest.raises(StoreDownError) as caught:
        run_task("plan_heatmaps", disk_is_full)
    assert "did not respond or ended the connection (OperationalError). Start the database" in str(caught.value)
    assert "hush-hush" not in str(caught.value)


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (DiskFull("no space"), StoreFullError),
        (psycopg.OperationalError("FATAL: could not write init file: No space left on device"), StoreFullError),
        (AdminShutdown("terminating connection"), StoreDownError),
        (psycopg.OperationalError("server closed the connection unexpectedly"), StoreDownError),
        (LockNotAvailable("canceling statement due to lock timeout"), LockNotAvailable),
        (ValueError("a bug"), ValueError),
    ],
)
def test_only_errors_about_the_whole_server_are_replaced(error: Exception, expected: type[Exception]) -> None:
    with pytest.raises(expected) as caught, in_our_words():
        raise error
    assert type(caught.value) is expected


def test_it_is_retried_like_any_outage() -> None:
    error = explained(DiskFull("no space"))
    assert error is not None
    assert decide(error, Attempt(1, None), NOW).action is RetryAction.RETRY


@pytest.mark.parametrize("is_retried", [True, False])
def test_the_last_line_of_the_log_never_says_that_there_is_nothing_to_do(is_retried: bool) -> None:
    error = explained(DiskFull("no space"))
    assert error is not None
    line = sentence_of(error, is_retried=is_retried)
    assert line.startswith(f"{FREE}. {FULL[:-1]}")
    assert line.endswith("Runbook: docs/runbook.md#a-full-disk")


def test_the_note_of_the_run_has_the_reason_although_the_store_could_not_record_it(
    dags: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    from fpl_pulse.airflow.steps import store_of_task

    pushed: dict[str, str] = {}
    ti = SimpleNamespace(task_id="load_heatmaps", xcom_push=lambda key, value: pushed.update({key: value}))

    def connect() -> psycopg.Connection:
        raise psycopg.OperationalError("no server")

    with pytest.raises(StoreDownError), store_of_task({"ti": ti}, connect):
        pass
    assert pushed["store_failure"].startswith("FAILED: load_heatmaps: The database did not respond")
    assert pushed["store_failure"].endswith("Runbook: docs/runbook.md#the-database-cannot-be-reached")


def test_the_alert_that_cannot_be_stored_says_why_and_is_sent(
    dsn: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    class Full(psycopg.Connection[Any]):
        def execute(self, *_: object, **__: object) -> Any:  # noqa: ANN401 - psycopg's cursor
            raise DiskFull("could not extend file")

    monkeypatch.setattr(connections, "connect", lambda: Full.connect(dsn))
    context: Any = {"dag": SimpleNamespace(dag_id="update_lineups"), "run_id": "scheduled__1", "reason": "task_failure"}
    with sink() as recipient:
        monkeypatch.setenv(CONNECTION, recipient.connection())
        alerting.report_failed_run(context)
    (sent,) = recipient.received
    assert f"{FULL} {FREE}" in sent["message"]
    assert "This alert may be missing in pulse.alerts. Runbook: docs/runbook.md#a-full-disk" in sent["message"]
