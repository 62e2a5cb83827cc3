"""A short selection of `make hostile`: weeks in which a source is wrong leave no trace after two clean weeks."""

from collections.abc import Iterator
from typing import Any

import pytest

from dev.hostile.league import sandbox_timeline
from dev.hostile.play import play
from dev.hostile.scenario import STEADY_WEEK
from dev.hostile.scenarios import NAMED
from dev.hostile.timeline import Timeline
from dev.local.postgres import EmbeddedPostgres
from fpl_pulse.etl import official_figures
from fpl_pulse.etl.reference_rows import OfficialRow, official_rows

SELECTION = (
    "the fixtures are those of last season",
    "home and away are exchanged in the events",
    "the season statistics are doubled",
    "a played match is shown as abandoned",
    "FPL does not list one fixture",
    "all of FPL is a week old",
    "FPL fails a few times",
)
"""Names of scenarios. `make hostile` plays all of them."""


@pytest.fixture(scope="module")
def timeline(postgres: EmbeddedPostgres) -> Iterator[Timeline]:
    """The clean weeks of a league of six clubs."""
    with sandbox_timeline(postgres) as found:
        found.fault_weeks = (STEADY_WEEK,)
        for _ in found.play():
            pass
        yield found


@pytest.mark.parametrize("name", SELECTION)
def test_a_wrong_week_leaves_no_trace(timeline: Timeline, name: str) -> None:
    scenario = next(one for one in NAMED if one.name == name)
    assert play(scenario, timeline).failures == []


def test_a_product_that_stores_a_wrong_figure_fails(timeline: Timeline, monkeypatch: pytest.MonkeyPatch) -> None:
    def with_99_bonus_points(*args: Any) -> list[OfficialRow]:  # noqa: ANN401 - those of official_rows
        found = official_rows(*args)
        for one in found:
            one.row["bps"] = 99
        return found

    monkeypatch.setattr(official_figures, "official_rows", with_99_bonus_points)
    scenario = next(one for one in NAMED if one.name == "FPL fails a few times")
    failures = play(scenario, timeline).failures
    assert failures[0].startswith("wrong data in a green run: after update_fixture_mappings, fpl_player_fixtures")
    assert failures[1].startswith("does not converge: fpl_player_fixtures")
