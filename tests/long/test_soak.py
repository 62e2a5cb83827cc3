"""Ten replayed weeks with injected faults must end with the tables of ten weeks without (`make soak`)."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date

import pytest

from dev.local.postgres import EmbeddedPostgres
from fpl_pulse.store.digest import different
from tests.db.soaking import PASSING, Soak
from tests.replay.season import ReplayPipelines, mondays, needs_replay, replayed

pytestmark = [pytest.mark.replay, needs_replay, pytest.mark.timeout(3600)]

WEEKS = list(mondays(date(2025, 8, 18), date(2025, 10, 20)))
CONTROL = "/__replay__"
LEAST_FAULTS = 300


Replayed = Callable[[], AbstractContextManager[ReplayPipelines]]


@pytest.fixture
def on_an_empty_database(postgres: EmbeddedPostgres, _template: str) -> Replayed:
    """A function that opens pipelines on an empty database, with the replay as their source."""
    return lambda: replayed(postgres, _template)


def test_ten_weeks_with_faults_end_with_the_digest_of_ten_weeks_without(
    on_an_empty_database: Replayed, capsys: pytest.CaptureFixture[str]
) -> None:
    def show(line: str) -> None:
        with capsys.disabled():
            print(line, flush=True)

    assert len(WEEKS) == 10
    show("\nTen weeks without faults")
    with on_an_empty_database() as pipelines:
        quiet = Soak(pipelines, CONTROL)
        quiet.weeks(WEEKS, [], show)
        clean = quiet.digest()
        show(f"{quiet.figures.calls} calls in {quiet.figures.seconds:.0f} s")
    show("Ten weeks with faults")
    with on_an_empty_database() as pipelines:
        soak = Soak(pipelines, CONTROL)
        figures = soak.weeks(WEEKS, PASSING, show)
        for line in figures.lines():
            show(line)
        assert figures.faults.total() >= LEAST_FAULTS
        assert soak.fetched_twice() == []
        assert different(clean, soak.digest()) == []
        show(f"The digests of {len(clean)} tables are equal.")
