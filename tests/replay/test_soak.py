"""Ten weeks of a real season full of faults end as ten weeks without any; `make soak` prints the figures."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date

import pytest

from dev.local.postgres import EmbeddedPostgres
from fpl_pulse.store.digest import different
from tests.db.soaking import PASSING, Soak
from tests.replay.season import ReplayPipelines, mondays, needs_replay, replayed

pytestmark = [pytest.mark.replay, pytest.mark.soak, needs_replay, pytest.mark.timeout(3600)]

WEEKS = list(mondays(date(2025, 8, 18), date(2025, 10, 20)))
CONTROL = "/__replay__"
LEAST_FAULTS = 300


Replayed = Callable[[], AbstractContextManager[ReplayPipelines]]


@pytest.fixture
def on_an_empty_database(postgres: EmbeddedPostgres, _template: str) -> Replayed:
    """Opens pipelines against the replay."""
    return lambda: replayed(postgres, _template)


def test_ten_weeks_of_faults_end_in_the_digest_of_ten_quiet_weeks(
    on_an_empty_database: Replayed, capsys: pytest.CaptureFixture[str]
) -> None:
    def say(line: str) -> None:
        with capsys.disabled():
            print(line, flush=True)

    assert len(WEEKS) == 10
    say("\nTen quiet weeks")
    with on_an_empty_database() as pipelines:
        quiet = Soak(pipelines, CONTROL)
        quiet.weeks(WEEKS, [], say)
        clean = quiet.digest()
        say(f"{quiet.figures.calls} calls in {quiet.figures.seconds:.0f} s")
    say("Ten weeks full of faults")
    with on_an_empty_database() as pipelines:
        soak = Soak(pipelines, CONTROL)
        figures = soak.weeks(WEEKS, PASSING, say)
        for line in figures.lines():
            say(line)
        assert figures.faults.total() >= LEAST_FAULTS
        assert soak.fetched_twice() == 0
        assert different(clean, soak.digest()) == []
        say(f"The digests of {len(clean)} tables are equal.")
