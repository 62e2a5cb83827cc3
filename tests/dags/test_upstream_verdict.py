"""What the sensor decides on what is known of the upstream."""

from dataclasses import replace
from datetime import UTC, datetime

from airflow.utils.state import DagRunState

from fpl_pulse.airflow.sensors import FAIL, GO, WAIT, Upstream, UpstreamSensor, judge
from fpl_pulse.store.runs import RecordedRun

SLOT = datetime(2025, 10, 14, 2, tzinfo=UTC)
UNKNOWN = Upstream("update_lineups", SLOT, None, None, None, None, None, other_under_way=False)
NEWEST = replace(UNKNOWN, newest_run_id="manual__1", newest_as_of=datetime(2025, 10, 15, tzinfo=UTC))
OLD = replace(NEWEST, newest_as_of=datetime(2025, 9, 30, tzinfo=UTC))
RECORDED = RecordedRun("update_lineups", "manual__1", SLOT, "running", SLOT, None, None)


def verdict(upstream: Upstream, *, by_hand: bool = False, waited_s: float = 0.0) -> tuple[str, str]:
    found = judge(upstream, by_hand=by_hand, waited_s=waited_s)
    return found.outcome, found.sentence


def test_this_weeks_run_is_taken_when_it_is_green() -> None:
    outcome, sentence = verdict(replace(UNKNOWN, slot_state="success"))
    assert outcome == GO
    assert "2025-10-14T02:00:00" in sentence


def test_this_weeks_run_is_waited_for_while_it_runs() -> None:
    for state in ("queued", "running"):
        assert verdict(replace(UNKNOWN, slot_state=state))[0] == WAIT


def test_a_failed_run_fails_at_once_and_says_what_to_do() -> None:
    outcome, sentence = verdict(replace(UNKNOWN, slot_state="failed"))
    assert outcome == FAIL
    assert "airflow dags trigger update_lineups" in sentence


def test_a_later_green_run_by_hand_heals_a_failed_slot() -> None:
    outcome, sentence = verdict(replace(NEWEST, slot_state="failed", newest_state="success"))
    assert outcome == GO
    assert "manual__1" in sentence


def test_a_scheduled_run_does_not_take_last_weeks_work() -> None:
    outcome, _ = verdict(replace(OLD, newest_state="success"), waited_s=3600)
    assert outcome == FAIL


def test_a_run_by_hand_takes_the_newest_run_however_old() -> None:
    outcome, sentence = verdict(replace(OLD, newest_state="success"), by_hand=True)
    assert outcome == GO
    assert "manual__1" in sentence


def test_a_run_by_hand_fails_when_the_newest_run_failed_and_repeats_its_reason() -> None:
    known = replace(NEWEST, newest_state="failed", newest_message="the quota is spent")
    outcome, sentence = verdict(known, by_hand=True)
    assert outcome == FAIL
    assert "the quota is spent" in sentence


def test_a_run_by_hand_without_any_upstream_fails_at_once_and_never_hangs() -> None:
    outcome, sentence = verdict(UNKNOWN, by_hand=True)
    assert outcome == FAIL
    assert "airflow dags trigger update_lineups" in sentence


def test_a_run_that_is_about_to_begin_is_waited_for() -> None:
    assert verdict(replace(UNKNOWN, other_under_way=True), by_hand=True)[0] == WAIT


def test_a_scheduled_run_gives_the_scheduler_a_few_minutes_to_create_the_upstream() -> None:
    assert verdict(UNKNOWN, waited_s=60)[0] == WAIT
    outcome, sentence = verdict(UNKNOWN, waited_s=301)
    assert outcome == FAIL
    assert "paused" in sentence


def test_airflows_word_on_a_runs_state_is_read_whatever_its_class() -> None:
    sensor = UpstreamSensor(task_id="wait", external_dag_id="update_lineups")
    for known in (DagRunState.SUCCESS, "success"):
        assert sensor._state_of(lambda known=known, **_: known, RECORDED) == "success"


def test_a_run_that_airflow_has_lost_is_not_waited_for() -> None:
    def unknown(**_: str) -> str:
        raise RuntimeError("no such run")

    sensor = UpstreamSensor(task_id="wait", external_dag_id="update_lineups")
    state = sensor._state_of(unknown, RECORDED)
    assert verdict(replace(NEWEST, newest_state=state), by_hand=True)[0] == FAIL
    finished = replace(RECORDED, state="success")
    assert sensor._state_of(unknown, finished) == "success"
