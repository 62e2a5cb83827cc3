"""Where the source's coordinates are in a picture."""

import numpy as np
import pytest

from fpl_pulse.charts import pitch
from fpl_pulse.charts.pitch import Point, busiest_zone, shares_of_thirds, spots, surface
from tests.unit.charts.examples import KEEPER, RIGHT_BACK, RIGHT_WINGER, points


def test_each_goalkeeper_of_a_match_stands_in_his_own_goal() -> None:
    keeper = points(KEEPER, 60, 1)
    home, away = spots(keeper), spots(keeper, mirrored=True)
    assert home.x.max() < 35
    assert away.x.min() > 65


def test_a_right_back_plays_on_the_right_of_the_own_attack() -> None:
    right_back = points(RIGHT_BACK, 60, 1)
    # The home team attacks to the right: its right is below. The away team attacks to the left: its right is above.
    assert spots(right_back).y.mean() < 20
    assert spots(right_back, mirrored=True).y.mean() > 80


def test_the_mirror_is_half_a_turn() -> None:
    one = spots([Point(12, 30)], mirrored=True)
    assert (one.x.tolist(), one.y.tolist()) == ([88], [70])


def test_one_constant_says_from_where_y_is_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pitch, "Y_RISES_TO_THE_LEFT", False)
    assert spots([Point(12, 30)]).y.tolist() == [70]


@pytest.mark.parametrize(
    "point", [Point(float("nan"), 50), Point(50, float("inf")), Point(-1, 50), Point(50, 101), Point(50, 50, 0)]
)
def test_points_that_are_not_on_the_pitch_are_skipped(point: Point) -> None:
    assert spots([point, Point(1, 2)]).total == 1


def test_a_repeated_point_counts_as_often_as_it_was_recorded() -> None:
    once, often = spots([Point(20, 20)] * 3 + [Point(80, 80)]), spots([Point(20, 20, 3), Point(80, 80)])
    assert once.total == often.total == 4
    np.testing.assert_array_equal(surface(once), surface(often))


def test_the_surface_is_a_percentage_of_the_actions_and_loses_none_at_the_lines() -> None:
    corners = spots([Point(x, y) for x in (0, 100) for y in (0, 100)])
    shown = surface(corners)
    assert shown.mean() == pytest.approx(1)
    assert shown.shape == (136, 210)


def test_actions_that_are_spread_evenly_are_one_percent_everywhere() -> None:
    everywhere = spots([Point(x + 0.25, y + 0.25) for x in np.arange(0, 100, 0.5) for y in np.arange(0, 100, 0.5)])
    np.testing.assert_allclose(surface(everywhere), 1, atol=0.06)


def test_thirds_add_up_to_a_hundred_and_follow_the_attack() -> None:
    winger = points(RIGHT_WINGER, 61, 1)
    to_the_right = shares_of_thirds(spots(winger))
    assert sum(to_the_right) == 100
    assert to_the_right[2] > 60
    assert shares_of_thirds(spots(winger, mirrored=True), attack="left") == to_the_right


def test_thirds_are_rounded_so_that_they_add_up() -> None:
    assert sorted(shares_of_thirds(spots([Point(10, 1), Point(50, 1), Point(90, 1)]))) == [33, 33, 34]


def test_the_busiest_zone_is_named_from_the_view_of_the_attack() -> None:
    assert busiest_zone(spots([Point(90, 5), Point(91, 6), Point(10, 50)])) == ("right attacking third", 67)
    assert busiest_zone(spots([Point(5, 95)])) == ("left own third", 100)
