"""Mistakes that a person makes with runs, on a real Airflow: what the operator sees, and what heals them.

Each test makes a mistake, reads everything that an operator sees afterwards, takes the natural next step, and compares
the tables with those of an undisturbed run. The tests shorten waits only: before a retry, and between two pokes.
"""

import pytest

from dev.local.errors import LocalStackError
from tests.long.mistake_stack import MistakeStack
from tests.long.operator_steps import HEATMAPS, LINEUPS

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(600)]

WRONG_KEY_FOR_ONE = {"match": {"endpoint": "events/lineups"}, "fault": "403", "times": 1, "probability": 0.2}
MARKED_FAILED = "the run was marked as failed in Airflow"
MARKED_SUCCESS = "the run was marked as success in Airflow"
NOT_CLEARED = "tasks after them were not cleared. Clear the run with"


def red_run(stack: MistakeStack) -> str:
    """A run of the lineups in which the call of one match was refused. The source is right again afterwards."""
    stack.inject([WRONG_KEY_FOR_ONE])
    run_id = stack.trigger(LINEUPS)
    assert stack.wait_for_end(LINEUPS, run_id) == "failed"
    stack.wait_until_reported(run_id)
    stack.inject([])
    return run_id


def test_a_running_run_that_was_marked_as_failed_goes_on_after_a_clear(mistakes: MistakeStack) -> None:
    mistakes.begin_anew(HEATMAPS)
    run_id, process = mistakes.run_in_its_middle(HEATMAPS, "fetch_heatmaps")
    mistakes.mark(HEATMAPS, run_id, "failed")
    mistakes.wait_until_gone(process)
    seen = mistakes.seen(HEATMAPS, run_id)
    assert seen.state == "failed"
    assert seen.row is not None
    assert seen.row[0] == "failed"
    assert MARKED_FAILED in seen.row[1]
    assert seen.note.startswith("FPL Pulse: FAILED: ")
    assert MARKED_FAILED in seen.note
    # Who has marked it knows it.
    assert (seen.alerts, seen.sent) == ([], [])
    assert "NOT ALL RIGHT. Failed: Heatmaps." in seen.screen
    assert f"> Heatmaps: {MARKED_FAILED}" in seen.screen
    mistakes.airflow.clear_run(HEATMAPS.slot.dag_id, run_id)
    assert mistakes.wait_for_end(HEATMAPS, run_id) == "success"
    mistakes.assert_complete(HEATMAPS, run_id)


def test_a_running_run_that_was_marked_as_success_is_completed_by_the_next_run(mistakes: MistakeStack) -> None:
    mistakes.begin_anew(HEATMAPS)
    run_id, process = mistakes.run_in_its_middle(HEATMAPS, "fetch_heatmaps")
    mistakes.mark(HEATMAPS, run_id, "success")
    mistakes.wait_until_gone(process)
    seen = mistakes.seen(HEATMAPS, run_id)
    assert seen.state == "success"
    assert seen.row is not None
    assert seen.row[0] == "success"
    assert MARKED_SUCCESS in seen.row[1]
    assert MARKED_SUCCESS in seen.note
    assert (seen.alerts, seen.sent) == ([], [])
    following = mistakes.trigger(HEATMAPS)
    assert mistakes.wait_for_end(HEATMAPS, following) == "success"
    mistakes.assert_complete(HEATMAPS, run_id, following)


def test_a_red_run_that_was_marked_as_success_is_completed_by_the_next_run(mistakes: MistakeStack) -> None:
    mistakes.begin_anew(LINEUPS)
    run_id = red_run(mistakes)
    red = mistakes.seen(LINEUPS, run_id)
    assert [(kind, is_open) for kind, _, is_open in red.alerts] == [("run_failed", True)]
    assert len(red.sent) == 1
    mistakes.mark(LINEUPS, run_id, "success")
    seen = mistakes.seen(LINEUPS, run_id)
    assert seen.row is not None
    assert seen.row[0] == "success"
    assert seen.row[1].startswith(f"{MARKED_SUCCESS}; before that: fetch_lineup: ")
    assert [(kind, is_open) for kind, _, is_open in seen.alerts] == [("run_failed", False)]
    assert len(seen.sent) == 1
    assert "FAILED" not in seen.screen
    following = mistakes.trigger(LINEUPS)
    assert mistakes.wait_for_end(LINEUPS, following) == "success"
    mistakes.assert_complete(LINEUPS, run_id, following)


def test_a_run_that_was_stopped_and_deleted_is_replaced_by_a_new_one(mistakes: MistakeStack) -> None:
    mistakes.begin_anew(HEATMAPS)
    run_id, process = mistakes.run_in_its_middle(HEATMAPS, "fetch_heatmaps")
    with pytest.raises(LocalStackError, match="cannot be deleted in running state"):
        mistakes.delete(HEATMAPS, run_id)
    mistakes.mark(HEATMAPS, run_id, "failed")
    mistakes.wait_until_gone(process)
    mistakes.delete(HEATMAPS, run_id)
    seen = mistakes.seen(HEATMAPS, run_id)
    assert (seen.state, seen.row) == ("", ("failed", MARKED_FAILED))
    assert (seen.alerts, seen.sent) == ([], [])
    assert "NOT ALL RIGHT. Failed: Heatmaps." in seen.screen
    following = mistakes.trigger(HEATMAPS)
    assert mistakes.wait_for_end(HEATMAPS, following) == "success"
    mistakes.assert_complete(HEATMAPS, run_id, following)
    assert "Heatmaps           success" in mistakes.seen(HEATMAPS, following).screen


def test_a_deleted_green_run_loses_nothing_and_the_next_run_makes_no_call(mistakes: MistakeStack) -> None:
    mistakes.begin_anew(LINEUPS)
    run_id = mistakes.trigger(LINEUPS)
    assert mistakes.wait_for_end(LINEUPS, run_id) == "success"
    mistakes.delete(LINEUPS, run_id)
    seen = mistakes.seen(LINEUPS, run_id)
    assert seen.row is not None
    assert seen.row[0] == "success"
    assert "Lineups            success" in seen.screen
    following = mistakes.trigger(LINEUPS)
    assert mistakes.wait_for_end(LINEUPS, following) == "success"
    assert mistakes.calls(following) == 0
    mistakes.assert_complete(LINEUPS, run_id, following)


def test_a_clear_without_downstream_leaves_the_run_red_and_says_what_to_clear(mistakes: MistakeStack) -> None:
    mistakes.begin_anew(LINEUPS)
    run_id = red_run(mistakes)
    (failed,) = [task for task in mistakes.tasks(LINEUPS, run_id, "fetch_lineup") if task.state == "failed"]
    mistakes.clear(LINEUPS, run_id, ("fetch_lineup", failed.map_index))
    mistakes.wait_until("the cleared run is reported", lambda: len(mistakes.seen(LINEUPS, run_id).alerts) == 2)
    seen = mistakes.seen(LINEUPS, run_id)
    assert seen.state == "failed"
    assert seen.row is not None
    assert seen.row[0] == "failed"
    for text in (seen.row[1], seen.note, seen.alerts[-1][1], seen.sent[-1], seen.screen):
        assert NOT_CLEARED in " ".join(text.replace("\n", " ").split())
    mistakes.clear_failed_tasks(LINEUPS, run_id)
    assert mistakes.wait_for_end(LINEUPS, run_id) == "success"
    assert {is_open for _, _, is_open in mistakes.seen(LINEUPS, run_id).alerts} == {False}
    mistakes.assert_complete(LINEUPS, run_id)


def test_a_clear_with_downstream_makes_the_run_green(mistakes: MistakeStack) -> None:
    mistakes.begin_anew(LINEUPS)
    run_id = red_run(mistakes)
    (failed,) = [task for task in mistakes.tasks(LINEUPS, run_id, "fetch_lineup") if task.state == "failed"]
    mistakes.clear(LINEUPS, run_id, ("fetch_lineup", failed.map_index), downstream=True)
    assert mistakes.wait_for_end(LINEUPS, run_id) == "success"
    seen = mistakes.seen(LINEUPS, run_id)
    assert [(kind, is_open) for kind, _, is_open in seen.alerts] == [("run_failed", False)]
    assert len(seen.sent) == 1
    mistakes.assert_complete(LINEUPS, run_id)


def test_runs_at_once_wait_for_each_other_within_and_across_pipelines(mistakes: MistakeStack) -> None:
    mistakes.begin_anew(LINEUPS)
    # The data is that of before the lineups; Airflow has to forget their undisturbed run as well.
    mistakes.delete(LINEUPS, f"week__{LINEUPS.as_of.isoformat()}")
    mistakes.sandbox.source.set_clock(HEATMAPS.as_of)
    first, process = mistakes.run_in_its_middle(LINEUPS, "fetch_lineup", calls=1)
    second, heatmaps = mistakes.trigger(LINEUPS), mistakes.trigger(HEATMAPS)
    mistakes.wait_until(
        "the heatmaps wait",
        lambda: (
            [task.state for task in mistakes.tasks(HEATMAPS, heatmaps, "wait_for_update_lineups")]
            == ["up_for_reschedule"]
        ),
    )
    if process.is_running():
        assert mistakes.state(LINEUPS, second) == "queued"
        assert "Heatmaps           waiting" in mistakes.seen(HEATMAPS, heatmaps).screen
    mistakes.delay_responses(0)
    for planned, run_id in ((LINEUPS, first), (LINEUPS, second), (HEATMAPS, heatmaps)):
        assert mistakes.wait_for_end(planned, run_id) == "success"
    seen = mistakes.seen(HEATMAPS, heatmaps)
    assert (seen.alerts, seen.sent) == ([], [])
    mistakes.assert_complete(HEATMAPS, first, second, heatmaps)
    assert mistakes.calls(second) == 0


def test_a_run_that_was_paused_in_its_middle_goes_on_where_it_stopped(mistakes: MistakeStack) -> None:
    mistakes.begin_anew(LINEUPS)
    run_id, _ = mistakes.run_in_its_middle(LINEUPS, "fetch_lineup", calls=1)
    mistakes.pause(LINEUPS)
    mistakes.delay_responses(0)
    mistakes.wait_until(
        "the tasks that had begun have ended",
        lambda: not [task for task in mistakes.tasks(LINEUPS, run_id) if task.state in ("running", "queued")],
    )
    # Let some minutes pass.
    mistakes.change(
        "update pulse.task_attempts set finished_at = finished_at - interval '10 minutes' where run_id = %s", run_id
    )
    seen = mistakes.seen(LINEUPS, run_id)
    assert seen.state == "running"
    assert seen.row is not None
    assert seen.row[0] == "running"
    assert [task.state for task in mistakes.tasks(LINEUPS, run_id, "load_lineups")] in ([""], ["scheduled"])
    assert "no task has run since" in " ".join(seen.screen.split())
    mistakes.airflow.unpause(LINEUPS.slot.dag_id)
    assert mistakes.wait_for_end(LINEUPS, run_id) == "success"
    after = mistakes.seen(LINEUPS, run_id)
    assert (after.alerts, after.sent) == ([], [])
    mistakes.assert_complete(LINEUPS, run_id)
