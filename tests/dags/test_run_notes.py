"""The note under a run: ours at its end, what a person has written above it."""

from fpl_pulse.airflow.notes import merged, without_check


def test_a_run_without_a_note_gets_ours() -> None:
    assert merged(None, "SUCCESS: 3 rows new") == "FPL Pulse: SUCCESS: 3 rows new"


def test_a_later_note_takes_the_place_of_an_earlier_one_of_ours() -> None:
    assert merged("FPL Pulse: FAILED: no lineups", "SUCCESS") == "FPL Pulse: SUCCESS"


def test_what_a_person_has_written_stays_above_it() -> None:
    once = merged("Asked SofaSport about Leeds.\nThey answer on Monday.", "FAILED")
    assert once == "Asked SofaSport about Leeds.\nThey answer on Monday.\n\nFPL Pulse: FAILED"
    assert (
        merged(once, "SUCCESS")
        == "Asked SofaSport about Leeds.\nThey answer on Monday.\n\nFPL Pulse: SUCCESS"
    )


def test_a_note_never_outgrows_what_airflow_keeps() -> None:
    assert len(merged("x" * 5_000, "y" * 5_000)) <= 1_000


def test_a_sentence_of_several_lines_becomes_one() -> None:
    assert merged(None, "one\ntwo\n  three") == "FPL Pulse: one two three"


def test_a_run_that_failed_before_its_check_points_to_its_alert_but_not_one_that_was_marked_by_hand() -> None:
    assert without_check("task_failure") == (
        "FAILED before its check (task_failure); the alert and the red task's log say why"
    )
    said = without_check("Dag Run's state was manually set to `failed`.")
    assert said == "FAILED before its check: somebody has marked the run so"
    assert without_check(None) is None
