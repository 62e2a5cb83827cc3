"""What an alert about a run says, to somebody who was woken by it."""

from datetime import UTC, datetime

import pytest

from fpl_pulse.alerts.sentences import failed_sentence, overdue_sentence
from fpl_pulse.store.attempts import Attempt

AT = "http://airflow/dags/update_lineups/runs/scheduled__1"
THREE = datetime(2025, 8, 26, 3, tzinfo=UTC)


def attempt(
    task_id: str,
    state: str,
    message: str | None = None,
    *,
    place: str | None = None,
    can_retry: bool | None = None,
) -> Attempt:
    finished = None if state == "running" else THREE.replace(minute=7)
    return Attempt(task_id, -1 if place is None else 0, 1, place, state, THREE, finished, message, can_retry)


def failed(*tries: Attempt, reason: str = "task_failure", last_task: str | None = None) -> str:
    return failed_sentence("update_lineups", tries, reason=reason, last_task=last_task, log_at=AT)


def overdue(*tries: Attempt, state: str = "running") -> str:
    return overdue_sentence("update_lineups", tries, state=state, deadline=THREE.replace(hour=4), look_at=AT)


def test_a_failure_names_task_match_sentence_log_and_whether_retrying_helps() -> None:
    said = failed(
        attempt("plan_matches", "success"),
        attempt("fetch_lineup", "failed", "the source is down.", place="GW2 Leeds-Everton", can_retry=True),
    )
    assert said == (
        "update_lineups failed. fetch_lineup [GW2 Leeds-Everton] failed: the source is down. Trying again can help:"
        f" clear the failed tasks when the source is back; what was fetched is kept. Log: {AT}"
    )


def test_a_failure_that_needs_a_person_says_so() -> None:
    said = failed(attempt("fetch_lineup", "failed", "the key is refused", can_retry=False))
    assert "Trying again does not help until a person has done what the sentence says" in said


def test_of_twenty_failed_matches_three_are_told_and_the_others_counted() -> None:
    tries = [
        attempt("fetch_lineup", "failed", f"no {n}", place=f"match {n}", can_retry=True) for n in range(20)
    ]
    said = failed(*tries)
    assert [f"[match {n}] failed: no {n}." in said for n in range(4)] == [True, True, True, False]
    assert "17 more tasks failed." in said


def test_when_only_some_of_the_failures_need_a_person_they_are_named() -> None:
    said = failed(
        attempt("fetch_lineup", "failed", "the source is down", can_retry=True),
        attempt("load_lineups", "failed", "an unknown shape", can_retry=False),
    )
    assert "Trying again helps all but load_lineups, which need a person first." in said


def test_a_task_whose_process_was_killed_is_told_from_one_that_failed() -> None:
    said = failed(attempt("load_lineups", "running"))
    assert "load_lineups ended without a word: the process was killed, or its machine lost." in said
    assert "Trying again can help" in said


def test_without_any_record_airflows_own_word_is_passed_on() -> None:
    assert "clear_heatmaps failed; its log says why." in failed(last_task="clear_heatmaps")


def test_a_run_that_was_given_up_says_who_was_at_work() -> None:
    said = failed(attempt("fetch_lineup", "running", place="GW2 Leeds-Everton"), reason="timed_out")
    assert "its time limit has passed; at work were fetch_lineup [GW2 Leeds-Everton]." in said


def test_a_sentence_of_any_length_is_shortened() -> None:
    assert len(failed(attempt("fetch_lineup", "failed", "x" * 100_000, can_retry=True))) < 1_000


@pytest.mark.parametrize(
    ("tries", "expected"),
    [
        ([attempt("wait_for_update_fixture_mappings", "running")],
         "It waits for update_fixture_mappings since Tue 03:00:00 UTC: look at that run first."),
        ([attempt("fetch_lineup", "running", place="GW2 Leeds-Everton")],
         "At work: fetch_lineup [GW2 Leeds-Everton] since Tue 03:00:00 UTC."),
        ([attempt("fetch_lineup", "failed", "down")], "Failed so far, perhaps waiting for another try: fetch_lineup."),
        ([attempt("plan_matches", "success")], "plan_matches was the last to end, at Tue 03:07:00 UTC."),
        ([], "No task has begun:"),
    ],
)  # fmt: skip
def test_a_missed_deadline_says_who_waits_or_works_and_since_when(
    tries: list[Attempt], expected: str
) -> None:
    said = overdue(*tries)
    assert said.startswith(
        "update_lineups is not done by its deadline, Tue 04:00:00 UTC; its state is running."
    )
    assert expected in said
    assert said.endswith(f"Look at {AT}")
