"""The note of a run: our line at its end, above it what people have written."""

from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from fpl_pulse.airflow.notes import MAX_LENGTH, add_to_note, ending_of, sentence_without_store
from fpl_pulse.alerts.endings import Ending


def test_a_run_without_a_note_gets_our_line() -> None:
    assert add_to_note(None, "SUCCESS: 3 rows new") == "FPL Pulse: SUCCESS: 3 rows new"


def test_a_new_line_of_ours_replaces_the_earlier_one() -> None:
    assert add_to_note("FPL Pulse: FAILED: no lineups", "SUCCESS") == "FPL Pulse: SUCCESS"


def test_text_written_by_people_stays_above_our_line() -> None:
    once = add_to_note("Asked SofaSport about Leeds.\nThey answer on Monday.", "FAILED")
    assert once == "Asked SofaSport about Leeds.\nThey answer on Monday.\n\nFPL Pulse: FAILED"
    assert add_to_note(once, "SUCCESS") == "Asked SofaSport about Leeds.\nThey answer on Monday.\n\nFPL Pulse: SUCCESS"


def test_a_note_never_exceeds_airflows_limit() -> None:
    assert len(add_to_note("x" * 5_000, "y" * 5_000)) <= 1_000


def test_a_sentence_of_several_lines_becomes_one_line() -> None:
    assert add_to_note(None, "one\ntwo\n  three") == "FPL Pulse: one two three"


def test_a_long_reason_is_truncated_and_its_link_is_kept() -> None:
    note = add_to_note("x" * 500, f"FAILED: {'y' * 2_000}. Runbook: docs/runbook.md#a-red-check")
    assert note.endswith("y… Runbook: docs/runbook.md#a-red-check")
    assert len(note) <= MAX_LENGTH + 2


def ending(state: str, reason: str) -> Ending:
    slot = datetime(2025, 8, 26, 2, tzinfo=UTC)
    dag_run = SimpleNamespace(
        dag_id="update_lineups", run_id="scheduled__1", run_type="scheduled",
        logical_date=slot, run_after=slot, start_date=None,
    )  # fmt: skip
    return ending_of(dag_run, state, reason)


@pytest.mark.parametrize("state", ["failed", "success"])
def test_a_mark_is_told_from_an_end(state: str) -> None:
    assert ending(state, f"Dag Run's state was manually set to `{state}`.").is_marked
    assert not ending(state, "task_failure").is_marked


def test_without_the_store_the_note_says_so() -> None:
    sentence = sentence_without_store(ending("failed", "task_failure"))
    assert sentence is not None
    assert "the store cannot be reached: read the failed task's log" in sentence
    assert sentence_without_store(ending("success", "")) is None
    marked = sentence_without_store(ending("success", "Dag Run's state was manually set to `success`."))
    assert marked == "SUCCESS: the run was marked as success in Airflow"
