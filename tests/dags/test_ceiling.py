"""The installation's limit of calls for one run, from the environment."""

import pytest

from fpl_pulse.airflow.connections import MOST_CALLS_A_RUN, most_calls_a_run


@pytest.mark.parametrize(("text", "calls"), [("", None), ("1", 1), ("2500", 2500)])
def test_the_environment_sets_the_limit(monkeypatch: pytest.MonkeyPatch, text: str, calls: int | None) -> None:
    monkeypatch.setenv(MOST_CALLS_A_RUN, text)
    assert most_calls_a_run() == calls


def test_without_the_variable_there_is_no_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(MOST_CALLS_A_RUN, raising=False)
    assert most_calls_a_run() is None


@pytest.mark.parametrize("text", ["0", "-1", "many", "2.5", "99999999999"])
def test_an_invalid_number_of_calls_is_refused(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv(MOST_CALLS_A_RUN, text)
    with pytest.raises(ValueError, match=MOST_CALLS_A_RUN):
        most_calls_a_run()
