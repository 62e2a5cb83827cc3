"""What an error says to do, before what happened."""

import pytest

from fpl_pulse.api import sofasport
from fpl_pulse.errors import (
    CheckFailedError,
    FplPulseError,
    NotStoredYetError,
    PackNotWrittenError,
    QuotaSpentError,
    Recovery,
    RetryableError,
    SelectionError,
    StopError,
    error_class,
    section_of,
)


def test_the_remedy_of_a_message_moves_to_its_beginning() -> None:
    error = StopError("7: the key is refused. Check the key. The API says: no.", remedy="Check the key")
    assert error.remedy_first() == "Check the key. 7: the key is refused. The API says: no."
    assert str(error) == "7: the key is refused. Check the key. The API says: no."


def test_a_message_without_a_remedy_gets_that_of_its_class() -> None:
    error = RetryableError("events/lineups event_id=7: status 503", 9.0)
    assert error.remedy_first() == f"{RetryableError.remedy}. events/lineups event_id=7: status 503."
    assert error.retry_after_s == 9.0


def test_a_check_says_first_what_to_do() -> None:
    error = CheckFailedError(["matches that have no lineups: 1", "no heatmaps"])
    assert error.remedy_first() == (
        "Fix what is named here, then clear this check. The check found: matches that have no lineups: 1; no heatmaps."
    )


def test_the_remedy_of_a_spent_quota_follows_its_reset() -> None:
    error = QuotaSpentError(f"{sofasport.seasons()}: spent. {QuotaSpentError.remedy}. What was fetched is kept.")
    error.name_reset("Sat 1 Nov 00:00 London time")
    assert error.names_reset
    first = error.remedy_first()
    assert first.startswith("Clear the failed tasks after the quota's reset on Sat 1 Nov 00:00 London time. ")
    assert first.endswith(": spent. What was fetched is kept.")


@pytest.mark.parametrize(
    ("kind", "recovery"),
    [
        (SelectionError, Recovery.NEW_RUN),
        (NotStoredYetError, Recovery.FIX),
        (QuotaSpentError, Recovery.LATER),
        (PackNotWrittenError, Recovery.FIX),
    ],
)
def test_only_wrong_parameters_need_a_new_run(kind: type[FplPulseError], recovery: Recovery) -> None:
    assert kind.recovery is recovery


def test_an_unexpected_error_has_the_general_section_and_no_class() -> None:
    assert section_of(ZeroDivisionError()) == "a-run-failed"
    assert error_class("ZeroDivisionError") is None
    assert error_class(None) is None
