"""What is recorded when a run ends, or is marked in Airflow: its row, its alerts, and the sentence for its note."""

from dataclasses import replace
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict
from sqlalchemy import orm

from fpl_pulse.airflow import listener_store, notes, task_endings
from fpl_pulse.alerts.endings import Ending, follow_ending, follow_marked_task
from fpl_pulse.alerts.outbox import raise_alert
from fpl_pulse.store import attempts, runs
from fpl_pulse.store.runs import Run
from tests.db.sinks import rows

SLOT = datetime(2025, 8, 26, 2, tzinfo=UTC)
FETCH = Run("update_lineups", "scheduled__1", SLOT, "fetch_lineup", 3, run_type="scheduled")
CHECK = replace(FETCH, task_id="check_lineups", map_index=-1)
REFUSED = "SofaSport refused the key (401). Check the key, then clear the failed tasks."


def row(conn: psycopg.Connection) -> tuple[Any, ...] | None:
    return conn.execute("select state, message, finished_at is not null from pulse.pipeline_runs").fetchone()


def failed(conn: psycopg.Connection, attempt: Run, message: str, error: str, section: str) -> None:
    runs.begin(conn, attempt)
    attempts.begin(conn, attempt)
    attempts.fail(conn, attempt, message, can_retry=False, error=error, section=section)


def test_the_note_of_a_red_run_says_why_and_what_to_do(conn: psycopg.Connection) -> None:
    failed(conn, FETCH, REFUSED, "AccessRefusedError", "the-key-is-refused")
    runs.finish(conn, FETCH, "failed", f"fetch_lineup: {REFUSED}")
    sentence = follow_ending(conn, Ending(FETCH, "failed", "task_failure"))
    assert sentence is not None
    assert sentence.startswith(f"FAILED: fetch_lineup: {REFUSED} 0 rows new")
    assert sentence.endswith(". Runbook: docs/runbook.md#the-key-is-refused")
    assert row(conn) == ("failed", f"fetch_lineup: {REFUSED}", True)


def test_the_note_of_a_run_without_a_row_gives_the_reason_of_its_task(conn: psycopg.Connection) -> None:
    attempts.begin(conn, FETCH)
    wrong = "there is no parameter gameweek. Did you mean gameweeks?"
    attempts.fail(conn, FETCH, wrong, can_retry=False, error="SelectionError", section="wrong-parameters")
    sentence = follow_ending(conn, Ending(FETCH, "failed", "task_failure"))
    assert sentence is not None
    assert wrong in sentence
    assert "Trigger a new run" in sentence
    assert sentence.endswith("Runbook: docs/runbook.md#wrong-parameters")


def test_a_killed_process_fails_the_row_of_its_run_with_a_sentence(conn: psycopg.Connection) -> None:
    runs.begin(conn, FETCH)
    attempts.begin(conn, FETCH)
    sentence = follow_ending(conn, Ending(FETCH, "failed", "task_failure"))
    assert sentence is not None
    assert "ended without a result: the process was killed" in sentence
    assert "clear the failed tasks" in sentence
    state, message, is_finished = row(conn) or ()
    assert (state, is_finished) == ("failed", True)
    assert "the process was killed" in message


def test_an_old_failure_of_a_task_that_then_succeeded_is_not_the_reason(conn: psycopg.Connection) -> None:
    failed(conn, FETCH, "status 503", "RetryableError", "the-source-is-down")
    runs.finish(conn, FETCH, "failed", "fetch_lineup: status 503")
    attempts.begin(conn, replace(FETCH, try_number=2))
    attempts.succeed(conn, replace(FETCH, try_number=2))
    attempts.begin(conn, CHECK)
    sentence = follow_ending(conn, Ending(FETCH, "failed", "task_failure"))
    assert sentence is not None
    assert "status 503" not in sentence
    assert "check_lineups ended without a result" in sentence


def test_a_run_at_its_time_limit_says_so(conn: psycopg.Connection) -> None:
    runs.begin(conn, FETCH)
    attempts.begin(conn, FETCH)
    sentence = follow_ending(conn, Ending(FETCH, "failed", "timed_out"))
    assert sentence is not None
    assert "Airflow stopped it at its time limit. Unfinished tasks: fetch_lineup [3]." in sentence
    assert "Clear the tasks that are not green" in sentence
    assert "time limit" in (row(conn) or ("", ""))[1]


def test_a_failed_wait_gives_the_reason_of_the_run_before(conn: psycopg.Connection) -> None:
    wait = replace(FETCH, task_id="wait_for_update_fixture_mappings", map_index=-1)
    why = "Mon 02:00 · Fixture mappings, run of 25 August, has failed: the key is refused."
    failed(conn, wait, why, "WaitFailedError", "a-wait-failed")
    runs.finish(conn, wait, "failed", why)
    sentence = follow_ending(conn, Ending(wait, "failed", "task_failure"))
    assert sentence is not None
    assert sentence.startswith(f"FAILED: {why} ")
    assert sentence.endswith("#a-wait-failed")


def test_a_successful_run_keeps_its_summary(conn: psycopg.Connection) -> None:
    runs.begin(conn, CHECK)
    runs.finish(conn, CHECK, "success", "matches 10/10")
    sentence = follow_ending(conn, Ending(CHECK, "success"))
    assert sentence is not None
    assert sentence.startswith("SUCCESS: 0 rows new")
    assert sentence.endswith("matches 10/10")


def with_alert(conn: psycopg.Connection) -> None:
    failed(conn, CHECK, "no lineups", "CheckFailedError", "a-red-check")
    runs.finish(conn, CHECK, "failed", "no lineups")
    raise_alert(conn, CHECK, "run_failed", "Lineups", "Lineups failed")
    raise_alert(conn, replace(CHECK, run_id="scheduled__2"), "run_failed", "another run", "Another run failed")
    raise_alert(conn, CHECK, "squad_unread", "club 7", "No answer")


def open_subjects(conn: psycopg.Connection) -> list[str]:
    return [subject for subject, closed_at in rows(conn, "subject, closed_at") if closed_at is None]


def test_a_run_that_is_marked_as_success_closes_its_alert_and_no_other(conn: psycopg.Connection) -> None:
    with_alert(conn)
    sentence = follow_ending(conn, Ending(CHECK, "success", is_marked=True))
    assert open_subjects(conn) == ["another run", "club 7"]
    assert rows(conn, "closed_by")[0] == ("the run was marked as success in Airflow",)
    message = "the run was marked as success in Airflow; before that: no lineups"
    assert row(conn) == ("success", message, True)
    assert sentence is not None
    assert sentence.startswith("SUCCESS: ")
    assert message in sentence


def test_an_alert_that_a_mark_closes_is_closed_by_the_wall_clock(conn: psycopg.Connection) -> None:
    with_alert(conn)
    follow_ending(conn, Ending(CHECK, "success", is_marked=True))
    assert rows(conn, "closed_at >= raised_at and closed_at <= now()")[0] == (True,)


def test_a_run_that_is_marked_as_failed_raises_no_alert(conn: psycopg.Connection) -> None:
    runs.begin(conn, CHECK)
    runs.finish(conn, CHECK, "success", "matches 10/10")
    follow_ending(conn, Ending(CHECK, "failed", is_marked=True))
    message = "the run was marked as failed in Airflow; before that: matches 10/10"
    assert row(conn) == ("failed", message, True)
    assert rows(conn, "kind") == []


def test_a_mark_twice_does_not_repeat_itself(conn: psycopg.Connection) -> None:
    with_alert(conn)
    for _ in range(2):
        follow_ending(conn, Ending(CHECK, "success", is_marked=True))
    assert (row(conn) or ())[1] == "the run was marked as success in Airflow; before that: no lineups"


def test_a_check_that_is_marked_as_success_is_followed(conn: psycopg.Connection) -> None:
    with_alert(conn)
    sentence = follow_marked_task(conn, CHECK, "success")
    assert open_subjects(conn) == ["another run", "club 7"]
    message = "check_lineups was marked as success in Airflow; before that: no lineups"
    assert row(conn) == ("success", message, True)
    assert sentence is not None
    assert message in sentence
    (attempt,) = attempts.newest(conn, CHECK.dag_id, CHECK.run_id)
    assert (attempt.state, attempt.message) == ("success", "check_lineups was marked as success in Airflow")


def test_a_check_that_is_marked_as_failed_is_followed(conn: psycopg.Connection) -> None:
    runs.begin(conn, CHECK)
    attempts.begin(conn, CHECK)
    attempts.succeed(conn, CHECK)
    runs.finish(conn, CHECK, "success", "matches 10/10")
    assert follow_marked_task(conn, CHECK, "failed") is not None
    assert (row(conn) or ())[0] == "failed"
    # A pipeline that waits for this run does not run it once more: the mark is a decision.
    (attempt,) = attempts.newest(conn, CHECK.dag_id, CHECK.run_id)
    assert (attempt.state, attempt.can_retry) == ("failed", False)


def test_a_marked_fetch_is_recorded_and_decides_nothing_about_its_run(conn: psycopg.Connection) -> None:
    runs.begin(conn, FETCH)
    attempts.begin(conn, FETCH)
    assert follow_marked_task(conn, FETCH, "failed") is None
    assert (row(conn) or ())[0] == "running"
    (attempt,) = attempts.newest(conn, FETCH.dag_id, FETCH.run_id)
    assert (attempt.state, attempt.can_retry) == ("failed", True)
    assert attempt.message == "fetch_lineup was marked as failed in Airflow"


@pytest.fixture
def store(dsn: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The connection fpl_postgres, to the test's store, which listeners may reach."""
    parts = conninfo_to_dict(dsn)
    where = f"{parts['host']}:{parts['port']}/{parts['dbname']}"
    uri = f"postgres://{parts['user']}:{parts.get('password', '')}@{where}"
    monkeypatch.setenv("AIRFLOW_CONN_FPL_POSTGRES", uri)
    monkeypatch.setattr(listener_store._Pause, "since", float("-inf"))


def airflow_run(state: str = "failed") -> Any:  # noqa: ANN401
    return SimpleNamespace(
        dag_id=CHECK.dag_id, run_id=CHECK.run_id, run_type="scheduled", logical_date=SLOT, run_after=SLOT,
        start_date=None, note="Asked SofaSport.", state=state,
    )  # fmt: skip


def test_the_listener_sets_the_note_of_a_run_that_is_marked(
    conn: psycopg.Connection, store: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(orm, "object_session", lambda _: object())
    with_alert(conn)
    dag_run = airflow_run()
    notes.on_dag_run_success(dag_run, "Dag Run's state was manually set to `success`.")
    assert open_subjects(conn) == ["another run", "club 7"]
    assert dag_run.note.startswith("Asked SofaSport.\n\nFPL Pulse: SUCCESS: ")


def test_the_listener_sets_the_note_of_a_check_that_is_marked(conn: psycopg.Connection, store: None) -> None:
    with_alert(conn)
    dag_run = airflow_run()
    ti = SimpleNamespace(dag_id=CHECK.dag_id, task_id=CHECK.task_id, map_index=-1, dag_run=dag_run)
    task_endings.on_task_instance_success(None, ti)
    assert open_subjects(conn) == ["another run", "club 7"]
    assert "FPL Pulse: SUCCESS: " in dag_run.note
    assert "Airflow's run is still failed: mark the run as well if other runs wait for it" in dag_run.note


def test_a_task_that_succeeds_by_itself_is_left_to_its_step(conn: psycopg.Connection, store: None) -> None:
    with_alert(conn)
    task_endings.on_task_instance_success("running", SimpleNamespace(dag_id=CHECK.dag_id))
    assert "Lineups" in open_subjects(conn)


def test_a_store_that_is_down_delays_no_mark_and_shows_no_password(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(listener_store._Pause, "since", float("-inf"))
    monkeypatch.setenv("AIRFLOW_CONN_FPL_POSTGRES", "postgres://nobody:store-password@127.0.0.1:1/nothing")
    tried: list[psycopg.Connection] = []
    for _ in range(3):
        assert listener_store.in_store("A mark", tried.append) is None
    assert caplog.text.count("A mark is not recorded: the store failed (OperationalError)") == 1
    assert "store-password" not in caplog.text
