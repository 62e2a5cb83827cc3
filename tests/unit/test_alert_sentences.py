"""The texts of alerts about runs, as an operator reads them at night."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from fpl_pulse.alerts.sentences import alert_title, failed_run_message, missed_deadline_message
from fpl_pulse.store.attempts import Attempt

URL = "http://airflow/dags/update_lineups/runs/scheduled__1"
THREE = datetime(2025, 8, 26, 3, tzinfo=UTC)


def attempt(
    task_id: str, state: str, message: str | None = None, *, label: str | None = None, can_retry: bool | None = None
) -> Attempt:
    finished = None if state == "running" else THREE.replace(minute=7)
    return Attempt(task_id, -1 if label is None else 0, 1, label, state, THREE, finished, message, can_retry)


def failed(*attempts: Attempt, reason: str = "task_failure", last_task: str | None = None) -> str:
    return failed_run_message("update_lineups", attempts, reason=reason, last_task=last_task, log_url=URL)


def overdue(*attempts: Attempt, state: str = "running") -> str:
    return missed_deadline_message("update_lineups", attempts, state=state, deadline=THREE.replace(hour=4), run_url=URL)


def test_the_title_says_kind_and_subject() -> None:
    assert alert_title("run_failed", "Lineups, run of 7 May") == "FPL Pulse: run failed, Lineups, run of 7 May"


def test_the_title_names_a_pipeline_as_the_ui_does() -> None:
    assert alert_title("run_partial", "update_lineups") == "FPL Pulse: run partial, Tue 03:00 · Lineups"


def test_a_failure_names_task_match_reason_log_and_whether_a_retry_helps() -> None:
    text = failed(
        attempt("plan_matches", "success"),
        attempt("fetch_lineup", "failed", "the source is down.", label="GW2 Leeds-Everton", can_retry=True),
    )
    assert text == (
        "Tue 03:00 · Lineups failed. fetch_lineup [GW2 Leeds-Everton] failed: the source is down. A retry can help:"
        f" clear the failed tasks when the source is back. Data already fetched is kept. Log: {URL}"
    )


def test_a_failure_that_needs_a_fix_says_so() -> None:
    text = failed(attempt("fetch_lineup", "failed", "the key is refused", can_retry=False))
    assert "A retry does not help: fix the cause named above first" in text


@pytest.mark.parametrize(
    ("error", "expected", "never"),
    [
        (
            "SelectionError",
            "Trigger a new run with correct parameters. Do not clear this one",
            "clear the failed tasks",
        ),
        ("QuotaSpentError", "A retry helps only after the time named above", "fix the cause"),
        ("OneItemError", "A retry helps only after the time named above", "when the source is back"),
        ("WaitFailedError", "Make the run named above green first.", "clear the failed tasks"),
        ("NotStoredYetError", "fix the cause named above first, then clear the failed tasks", "Trigger a new run"),
        (
            "AccessRefusedError",
            "fix the cause named above first, then clear the failed tasks",
            "when the source is back",
        ),
        ("RetryableError", "clear the failed tasks when the source is back", "fix the cause"),
        ("PayloadError", "Clear the failed tasks once: they request the response again", "fix the cause"),
        (None, "fix the cause named above first, then clear the failed tasks", "Trigger a new run"),
    ],
)
def test_the_advice_fits_the_error(error: str | None, expected: str, never: str) -> None:
    can_retry = error in ("RetryableError", "OneItemError")
    text = failed(replace(attempt("plan_matches", "failed", "a sentence", can_retry=can_retry), error=error))
    assert expected in text
    assert never not in text


def test_wrong_parameters_decide_the_advice_whatever_else_failed() -> None:
    text = failed(
        replace(attempt("plan_matches", "failed", "no parameter gameweek", can_retry=False), error="SelectionError"),
        attempt("fetch_lineup", "failed", "down", label="GW2 Leeds-Everton", can_retry=True),
    )
    assert "Trigger a new run" in text
    assert "clear the failed tasks" not in text


def test_of_twenty_failed_matches_three_are_quoted_and_the_others_counted() -> None:
    attempts = [attempt("fetch_lineup", "failed", f"no {n}", label=f"match {n}", can_retry=True) for n in range(20)]
    text = failed(*attempts)
    assert [f"[match {n}] failed: no {n}." in text for n in range(4)] == [True, True, True, False]
    assert "17 more tasks failed." in text


def test_when_only_some_failures_need_a_fix_they_are_named() -> None:
    text = failed(
        attempt("fetch_lineup", "failed", "the source is down", can_retry=True),
        attempt("load_lineups", "failed", "an unknown shape", can_retry=False),
    )
    assert "A retry can help all tasks except load_lineups: fix the cause first, then clear them." in text


def test_a_killed_task_is_reported_differently_from_a_failed_one() -> None:
    text = failed(attempt("load_lineups", "running"))
    assert "load_lineups ended without a result: the process was killed, the machine went down, or the database" in text
    assert "A retry can help" in text


def test_without_any_record_the_task_that_airflow_names_is_reported() -> None:
    assert "clear_heatmaps failed; its log says why." in failed(last_task="clear_heatmaps")


def test_a_task_that_was_lost_in_the_queue_has_no_log_and_the_alert_says_what_to_look_at() -> None:
    text = failed(last_task="load_lineups")
    assert "A task without a log never reached a worker, or could not write its log: check that the workers run" in text
    assert "never reached a worker" not in failed(attempt("load_lineups", "failed", "the disk is full."))


def test_a_late_run_whose_next_task_has_no_worker_says_what_to_look_at() -> None:
    assert "If the next task is queued, check that a worker runs." in overdue(attempt("plan_matches", "success"))


def test_a_run_stopped_at_its_time_limit_names_its_unfinished_tasks() -> None:
    text = failed(attempt("fetch_lineup", "running", label="GW2 Leeds-Everton"), reason="timed_out")
    assert "stopped it at its time limit. Unfinished tasks: fetch_lineup [GW2 Leeds-Everton]." in text


def test_a_clear_without_the_downstream_tasks_says_what_to_clear() -> None:
    text = failed(attempt("fetch_lineup", "success", label="GW2 Leeds-Everton"), last_task="check_lineups")
    assert "tasks after them were not cleared. Clear the run with" in text
    assert "its log says why" not in text


def test_a_database_that_is_full_needs_no_second_advice() -> None:
    full = replace(attempt("load_lineups", "failed", "The database is full.", can_retry=True), error="StoreFullError")
    assert failed(full).endswith(
        f"load_lineups failed: The database is full. The failed tasks continue where they stopped. Log: {URL}"
    )


def test_a_long_message_is_shortened() -> None:
    assert len(failed(attempt("fetch_lineup", "failed", "x" * 100_000, can_retry=True))) < 1_000


@pytest.mark.parametrize(
    ("attempts", "expected"),
    [
        ([attempt("wait_for_update_fixture_mappings", "running")],
         "It has been waiting for Mon 02:00 · Fixture mappings since Tue 26 Aug 04:00 London time: look"),
        ([attempt("fetch_lineup", "running", label="GW2 Leeds-Everton")],
         "Running: fetch_lineup [GW2 Leeds-Everton] since Tue 26 Aug 04:00 London time."),
        ([attempt("fetch_lineup", "failed", "down")], "Failed so far, and possibly waiting for a retry: fetch_lineup."),
        ([attempt("fetch_lineup", "failed", "status 503: down.")],
         "The last error: status 503: down. What may pass by itself is retried"),
        ([replace(attempt("fetch_lineup", "running"), failed_before="status 503")], "The last error: status 503."),
        ([attempt("plan_matches", "success")], "plan_matches was the last to finish, at Tue 26 Aug 04:07 London time."),
        ([attempt("plan_matches", "success")], "If the DAG was paused in the middle of the run, unpause it."),
        ([], "No task has started: the DAG is paused, the pool is full"),
    ],
)  # fmt: skip
def test_a_missed_deadline_says_which_task_waits_or_runs_and_since_when(attempts: list[Attempt], expected: str) -> None:
    text = overdue(*attempts)
    assert text.startswith(
        "Tue 03:00 · Lineups has not finished by its deadline, Tue 26 Aug 05:00 London time; its state is running."
    )
    assert expected in text
    assert text.endswith(f"Look at {URL}")
