"""The note of a run: our line at its end, above it what people have written."""

from fpl_pulse.airflow.notes import add_to_note, sentence_without_summary


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


def test_a_run_that_failed_before_its_check_points_to_its_alert_and_log() -> None:
    assert sentence_without_summary("task_failure") == (
        "FAILED before its check (task_failure); see the alert and the failed task's log"
    )


def test_a_run_that_was_marked_as_failed_points_to_no_alert() -> None:
    sentence = sentence_without_summary("Dag Run's state was manually set to `failed`.")
    assert sentence == "FAILED before its check: the run was manually marked as failed"


def test_a_successful_run_without_a_summary_keeps_its_note() -> None:
    assert sentence_without_summary(None) is None
