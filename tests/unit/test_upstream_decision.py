"""What a waiting run does when the upstream has not succeeded for this week's slot."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from fpl_pulse.airflow.upstream import Action, SlotRun, Upstream, decide, may_have_passed
from fpl_pulse.store.attempts import Attempt
from fpl_pulse.store.runs import RecordedRun
from fpl_pulse.week import MISSING_RUN_GRACE, WAIT_LIMIT

SLOT = datetime(2025, 10, 14, 2, tzinfo=UTC)
LATER, EARLIER = SLOT + timedelta(days=1), SLOT - timedelta(days=14)
NOTHING = Upstream("update_lineups", SLOT, SlotRun.MISSING, None, has_active_run=False)
FAILED = replace(NOTHING, slot_run=SlotRun.FAILED)
REMEDY = "airflow dags trigger update_lineups"


def run(as_of: datetime, state: str, message: str | None = None) -> RecordedRun:
    return RecordedRun("update_lineups", "manual__1", as_of, state, SLOT, None, message)


def decision(upstream: Upstream, *, is_manual: bool = False, waited: timedelta = timedelta()) -> tuple[Action, str]:
    found = decide(upstream, is_manual=is_manual, waited=waited)
    return found.action, found.sentence


@pytest.mark.parametrize("is_manual", [False, True])
def test_the_run_of_the_slot_is_waited_for_while_it_is_queued_or_running(is_manual: bool) -> None:
    upstream = replace(NOTHING, slot_run=SlotRun.ACTIVE, has_active_run=True)
    action, sentence = decision(upstream, is_manual=is_manual)
    assert action is Action.WAIT
    assert "Tue 14 Oct 03:00 London time" in sentence


def test_a_failed_slot_fails_at_once_and_says_what_to_do() -> None:
    action, sentence = decision(FAILED)
    assert action is Action.FAIL
    assert REMEDY in sentence


def test_a_later_manual_run_that_succeeded_replaces_a_failed_slot() -> None:
    action, sentence = decision(replace(FAILED, newest=run(LATER, "success")))
    assert action is Action.START
    assert "manual__1" in sentence


def test_a_manual_run_that_still_runs_may_replace_a_failed_slot() -> None:
    assert decision(replace(FAILED, has_active_run=True))[0] is Action.WAIT
    known = replace(FAILED, newest=run(SLOT, "failed", "the key is refused"), has_active_run=True)
    assert decision(known)[0] is Action.WAIT


def test_a_scheduled_run_does_not_use_last_weeks_run() -> None:
    for slot_run in (SlotRun.MISSING, SlotRun.FAILED):
        upstream = replace(NOTHING, slot_run=slot_run, newest=run(EARLIER, "success"))
        assert decision(upstream, waited=MISSING_RUN_GRACE)[0] is Action.FAIL


def test_a_manual_run_uses_the_newest_run_however_old() -> None:
    action, sentence = decision(replace(NOTHING, newest=run(EARLIER, "success")), is_manual=True)
    assert action is Action.START
    assert "manual__1" in sentence


@pytest.mark.parametrize("as_of", [EARLIER, LATER])
def test_a_manual_run_fails_with_the_reason_of_the_newest_run_when_that_failed(as_of: datetime) -> None:
    known = replace(NOTHING, newest=run(as_of, "failed", "the quota is spent"))
    action, sentence = decision(known, is_manual=True)
    assert action is Action.FAIL
    assert "the quota is spent" in sentence
    assert REMEDY in sentence


def test_a_manual_run_without_any_upstream_run_fails_at_once() -> None:
    action, sentence = decision(NOTHING, is_manual=True)
    assert action is Action.FAIL
    assert REMEDY in sentence


@pytest.mark.parametrize("is_manual", [False, True])
def test_an_active_run_of_another_date_is_waited_for(is_manual: bool) -> None:
    upstream = replace(NOTHING, has_active_run=True)
    assert decision(upstream, is_manual=is_manual, waited=MISSING_RUN_GRACE)[0] is Action.WAIT


def test_a_run_that_airflow_has_lost_is_not_waited_for() -> None:
    assert decision(replace(NOTHING, newest=run(LATER, "lost")), is_manual=True)[0] is Action.FAIL


def test_a_scheduled_run_gives_the_scheduler_five_minutes_to_create_the_upstream_run() -> None:
    assert timedelta(minutes=5) == MISSING_RUN_GRACE
    assert decision(NOTHING, waited=MISSING_RUN_GRACE - timedelta(seconds=1))[0] is Action.WAIT
    action, sentence = decision(NOTHING, waited=MISSING_RUN_GRACE)
    assert action is Action.FAIL
    assert "paused" in sentence


@pytest.mark.parametrize("upstream", [replace(NOTHING, slot_run=SlotRun.ACTIVE), replace(NOTHING, has_active_run=True)])
def test_a_wait_ends_at_its_limit_with_a_sentence(upstream: Upstream) -> None:
    assert decision(upstream, waited=WAIT_LIMIT)[0] is Action.WAIT
    action, sentence = decision(upstream, waited=WAIT_LIMIT + timedelta(seconds=1))
    assert action is Action.FAIL
    assert "Tue 03:00 · Lineups has not finished within 1 hour." in sentence


PASSED = replace(FAILED, newest=run(SLOT, "failed", "status 503"), passing="manual__1")


def attempt(state: str, can_retry: bool | None = None) -> Attempt:
    return Attempt("a_task", -1, 1, None, state, SLOT, None, None, can_retry)


def test_a_run_that_failed_in_an_outage_is_run_once_more() -> None:
    action, sentence = decision(PASSED)
    assert action is Action.RERUN
    assert "status 503" in sentence
    assert "clears Tue 03:00 · Lineups, run manual__1 of 14 October" in sentence


def test_a_run_is_run_once_more_only_once_and_may_be_run_by_a_later_pipeline() -> None:
    found = decide(replace(PASSED, was_rerun=True), is_manual=False, waited=timedelta(minutes=9))
    assert found.action is Action.FAIL
    assert found.can_retry
    assert "After this run had run it once more" in found.sentence
    assert REMEDY in found.sentence


def test_a_paused_upstream_is_not_run_once_more() -> None:
    action, sentence = decision(replace(PASSED, is_paused=True))
    assert action is Action.FAIL
    assert "paused" in sentence
    assert "status 503" in sentence


def test_a_run_that_somebody_must_mend_is_not_run_once_more() -> None:
    found = decide(replace(PASSED, passing=None), is_manual=False, waited=timedelta())
    assert (found.action, found.can_retry) == (Action.FAIL, False)


def test_a_manual_run_runs_nothing_once_more() -> None:
    assert decision(PASSED, is_manual=True)[0] is Action.FAIL


def test_the_wait_that_is_over_runs_nothing_once_more() -> None:
    assert decision(PASSED, waited=WAIT_LIMIT + timedelta(seconds=1))[0] is Action.FAIL


def test_a_wait_that_took_too_long_may_pass() -> None:
    upstream = replace(NOTHING, slot_run=SlotRun.ACTIVE)
    assert decide(upstream, is_manual=False, waited=WAIT_LIMIT + timedelta(seconds=1)).can_retry


@pytest.mark.parametrize(
    ("attempts", "expected"),
    [
        ([attempt("success"), attempt("failed", can_retry=True)], True),
        # Killed, or stopped at the time limit of the run.
        ([attempt("success"), attempt("running")], True),
        ([attempt("failed", can_retry=True), attempt("failed", can_retry=False)], False),
        ([attempt("failed", can_retry=False)], False),
        # Nothing could reach the store.
        ([], True),
        # Somebody has marked the run as failed.
        ([attempt("success")], False),
    ],
)
def test_what_may_have_passed(attempts: list[Attempt], expected: bool) -> None:
    assert may_have_passed(attempts) is expected
