"""The pictures look as they did when people approved them.

`make approve` approves the pictures as they are drawn now. Look at them before you commit them.
"""

import os
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from fpl_pulse.charts.catalogue import Chart, picture_of
from fpl_pulse.charts.style import ThemeName
from tests.unit.charts import examples
from tests.unit.charts.approved_pictures import (
    APPROVED,
    FOLDER,
    MOST_DIFFERENT,
    approve,
    approved,
    difference,
    drawn,
    halved,
    path_of,
)

IS_WRITING = "FPL_PULSE_APPROVE_PICTURES" in os.environ


@pytest.mark.parametrize(("name", "theme"), APPROVED)
def test_a_picture_looks_as_approved(name: str, theme: ThemeName, tmp_path_factory: pytest.TempPathFactory) -> None:
    if IS_WRITING:
        approve(name, theme)
    now = drawn(name, theme)
    gap = difference(now, approved(name, theme))
    if gap > MOST_DIFFERENT:
        place = tmp_path_factory.mktemp("pictures") / path_of(name, theme).name
        Image.fromarray(now.astype(np.uint8)).save(place)
        pytest.fail(
            f"{path_of(name, theme).name} has changed: {gap:.0f} instead of at most {MOST_DIFFERENT:.0f} in one tile. "
            f"The new picture is {place}. If it is right, run `make approve` and commit the file."
        )


def test_every_approved_file_is_compared() -> None:
    assert {path.name for path in FOLDER.iterdir()} == {path_of(name, theme).name for name, theme in APPROVED}
    assert sum(path.stat().st_size for path in FOLDER.iterdir()) < 400_000


def _another_rating() -> tuple[str, ThemeName, Chart]:
    match = examples.lineups()
    players = [replace(one, rating=7.3) if one.name == "Raya" else one for one in match.home.players]
    return "lineups", "light", replace(match, home=replace(match.home, players=players))


def _another_attribute() -> tuple[str, ThemeName, Chart]:
    radar = examples.midfielder_radar()
    return "radar", "light", replace(radar, values={**radar.values, "defending": 47})


def _one_point_elsewhere() -> tuple[str, ThemeName, Chart]:
    few = examples.substitute_in_a_match()
    return "few-points", "dark", replace(few, points=[*few.points[:-1], replace(few.points[-1], y=65)])


def _a_match_without_a_rating() -> tuple[str, ThemeName, Chart]:
    ratings = examples.ratings()
    return "ratings", "dark", replace(ratings, matches=[replace(ratings.matches[0], rating=None), *ratings.matches[1:]])


def _an_away_team_that_is_not_mirrored() -> tuple[str, ThemeName, Chart]:
    both = examples.both_teams()
    turned = [replace(point, x=100 - point.x, y=100 - point.y) for point in both.away_points]
    return "both-teams", "dark", replace(both, away_points=turned)


@pytest.mark.parametrize(
    "change",
    [
        _another_rating,
        _another_attribute,
        _one_point_elsewhere,
        _a_match_without_a_rating,
        _an_away_team_that_is_not_mirrored,
    ],
)
def test_a_change_that_a_reader_sees_is_found(change: Callable[[], tuple[str, ThemeName, Chart]]) -> None:
    name, theme, chart = change()
    assert difference(halved(picture_of(chart, theme).content), approved(name, theme)) > MOST_DIFFERENT


@pytest.mark.parametrize(("name", "theme"), APPROVED)
def test_other_smoothing_of_edges_is_no_change(name: str, theme: ThemeName) -> None:
    content = picture_of(examples.all_charts()[name], theme).content
    gap = difference(halved(content, blur=0.5), approved(name, theme))
    assert 1 < gap <= MOST_DIFFERENT
