"""Mistakes with an installation, on a real Airflow: a rotated key, a full disk, and a month without runs.

As `test_mistakes.py`, whose stack it uses. The tests shorten waits only, and let a month pass on the clock of the
sandbox.
"""

from datetime import date, datetime, timedelta

import pytest

from dev.local.week_run import plan_week
from fpl_pulse.week import PIPELINES, slot_on_or_before
from tests.db.small_disk import on_a_small_disk
from tests.long.mistake_stack import MistakeStack
from tests.long.operator_steps import HEATMAPS, LINEUPS, MAPPINGS, PLANNED
from tests.long.stack_under_test import DATA

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(900)]

NEW_KEY = "key-after-the-rotation-4711"
FULL = "The database is full: its server found no space on the disk"
FREE = "Free space on the disk of the database of fpl_postgres"
A_MONTH_LATER = plan_week(date(2025, 9, 22))[-1].as_of + timedelta(hours=1)


def test_a_key_that_was_rotated_in_the_middle_of_a_run_is_entered_and_the_run_goes_on(mistakes: MistakeStack) -> None:
    mistakes.begin_anew(HEATMAPS)
    run_id, _ = mistakes.run_in_its_middle(HEATMAPS, "fetch_heatmaps")
    mistakes.set_key(NEW_KEY)
    try:
        mistakes.delay_responses(0)
        assert mistakes.wait_for_end(HEATMAPS, run_id) == "failed"
        mistakes.wait_until_reported(run_id)
        made = mistakes.calls(run_id)
        seen = mistakes.seen(HEATMAPS, run_id)
        line = mistakes.last_line(HEATMAPS, run_id, "fetch_heatmaps")
        for text in (line, seen.note, seen.alerts[0][1], seen.sent[0], seen.screen):
            assert "sofasport_api" in text
            assert NEW_KEY not in text
            assert mistakes.sandbox.key not in text
        # RapidAPI says of a key that no longer exists what it says of one without a subscription.
        assert line.startswith("Check that the Airflow connection sofasport_api has the present key")
        assert line.endswith("Runbook: docs/runbook.md#the-plan-lacks-the-api")
        mistakes.enter_key(NEW_KEY)
        mistakes.clear_failed_tasks(HEATMAPS, run_id)
        assert mistakes.wait_for_end(HEATMAPS, run_id) == "success"
        assert mistakes.calls(run_id) > made
        assert {is_open for _, _, is_open in mistakes.seen(HEATMAPS, run_id).alerts} == {False}
        mistakes.assert_complete(HEATMAPS, run_id)
    finally:
        mistakes.set_key(mistakes.sandbox.key)
        mistakes.enter_key(mistakes.sandbox.key)


def test_a_full_disk_is_named_and_a_clear_with_free_space_completes_the_run(mistakes: MistakeStack) -> None:
    mistakes.begin_anew(LINEUPS)
    with on_a_small_disk(mistakes.server, DATA) as disk:
        disk.fill()
        run_id = mistakes.trigger(LINEUPS)
        assert mistakes.wait_for_end(LINEUPS, run_id) == "failed"
        mistakes.wait_until("somebody is told", lambda: bool(mistakes.sink.received))
        seen = mistakes.seen(LINEUPS, run_id)
        (failed,) = [task for task in mistakes.tasks(LINEUPS, run_id) if task.state == "failed"]
        line = mistakes.last_line(LINEUPS, run_id, failed.task_id)
        print(line)
        assert line.startswith(f"{FREE}, or give it a larger one. {FULL}.")
        assert line.endswith("Runbook: docs/runbook.md#a-full-disk")
        assert FULL in seen.note
        (sent,) = seen.sent
        assert FULL in sent
        assert FREE in sent
        disk.free()
        mistakes.clear_failed_tasks(LINEUPS, run_id)
        assert mistakes.wait_for_end(LINEUPS, run_id) == "success"
        after = mistakes.seen(LINEUPS, run_id)
        assert {is_open for _, _, is_open in after.alerts} <= {False}
        mistakes.assert_complete(LINEUPS, run_id)


def run_a_month_ago(stack: MistakeStack) -> None:
    """The week of 25 August, as the schedule ran it four weeks before the present slots. Then somebody pauses all."""
    stack.begin_anew(MAPPINGS)
    now = datetime.now().astimezone()
    for planned in PLANNED:
        stack.sandbox.source.set_clock(planned.as_of)
        stack.airflow.unpause(planned.slot.dag_id)
        day = (slot_on_or_before(planned.slot, now) - timedelta(days=28)).date()
        stack.backfill(planned, day, day + timedelta(days=1))
        stack.pause(planned)
    stack.airflow_rows("update dag_run set run_type = 'scheduled' where run_type = 'backfill' returning 1")
    stack.change("update pulse.pipeline_runs set run_type = 'scheduled'")


def test_after_a_month_of_pause_the_newest_slots_run_and_fetch_what_was_missed(mistakes: MistakeStack) -> None:
    run_a_month_ago(mistakes)
    played = "select count(*) from pulse.sofasport_lineups"
    (before,) = mistakes.rows(played)[0]
    mistakes.sandbox.source.set_clock(A_MONTH_LATER)
    paused = " ".join(mistakes.screen(A_MONTH_LATER).split())
    print(mistakes.screen(A_MONTH_LATER))
    assert "NOT ALL RIGHT. Not run: Fixture mappings, Lineups, Heatmaps, Season statistics, Radar" in paused
    assert "does what is due of earlier weeks too" in paused
    known = {dag_id: mistakes.airflow.run_ids(dag_id) for dag_id in PIPELINES}
    mistakes.enable_schedules()
    for dag_id in PIPELINES:
        mistakes.airflow.unpause(dag_id)
    new: dict[str, set[str]] = {}

    def have_begun() -> bool:
        new.update({dag_id: mistakes.airflow.run_ids(dag_id) - known[dag_id] for dag_id in PIPELINES})
        return all(new.values())

    mistakes.wait_until("each newest slot runs", have_begun, 120)
    for planned in PLANNED:
        (run_id,) = new[planned.slot.dag_id]
        assert mistakes.wait_for_end(planned, run_id) == "success"
    assert {len(mistakes.airflow.run_ids(dag_id) - known[dag_id]) for dag_id in PIPELINES} == {1}
    (after,) = mistakes.rows(played)[0]
    # Several rounds of ten matches were missed.
    assert after - before >= 20
    incomplete = "select * from pulse.freshness where what = %s and share < %s"
    for what, least in (("matches with lineups", 1), ("heatmaps", 0.9), ("season statistics", 1)):
        assert mistakes.rows(incomplete, what, least) == []
    assert mistakes.rows("select count(*) from pulse.alerts where closed_at is null and kind like 'run_%%'") == [(0,)]
    screen = mistakes.screen(A_MONTH_LATER)
    print(screen)
    print(*mistakes.sink.received, sep="\n")
    assert ": ALL RIGHT. All 5 runs have succeeded." in screen
