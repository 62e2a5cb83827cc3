"""Ratings, prices and points by gameweek."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from fpl_pulse.charts.catalogue import alt_of, figure_of
from fpl_pulse.charts.gameweek_axis import placed, week_marks
from fpl_pulse.charts.points import PointsAndExpected, PointsMatch
from fpl_pulse.charts.prices import PriceState
from fpl_pulse.charts.ratings import RatedMatch, Ratings
from tests.unit.charts import examples
from tests.unit.charts.test_heatmaps import texts


def season(*matches: RatedMatch) -> Ratings:
    return Ratings("B.Saka", "Arsenal", "2025-26", matches)


def longest(axes: Axes) -> list[float]:
    """The values of the line with most points."""
    line = max(axes.lines, key=lambda one: len(np.asarray(one.get_ydata())))
    return [float(value) for value in np.asarray(line.get_ydata())]


def bars(axes: Axes) -> list[tuple[float, float]]:
    """The middle and the height of all bars."""
    found = [patch for patch in axes.patches if isinstance(patch, Rectangle)]
    return [(round(bar.get_x() + bar.get_width() / 2, 3), round(bar.get_height(), 3)) for bar in found]


def played(gameweek: int, points: int | None, goals: float | None, assists: float | None) -> PointsMatch:
    return PointsMatch(gameweek, "Leeds", "home", points, goals, assists)


def points_of(*matches: PointsMatch) -> PointsAndExpected:
    return PointsAndExpected("B.Saka", "Arsenal", "2025-26", matches)


def test_a_match_without_a_rating_is_a_gap() -> None:
    data = season(*(RatedMatch(week, "Leeds", "home", rating) for week, rating in ((1, 7.0), (2, None), (3, 8.0))))
    values = longest(figure_of(data).axes[0])
    assert values[0] == 7
    assert np.isnan(values[1])
    assert values[2] == 8


def test_a_corrected_rating_has_a_hollow_marker_at_the_old_value() -> None:
    figure = figure_of(season(RatedMatch(1, "Leeds", "home", 7.4, (7.0, 7.2)), RatedMatch(2, "Spurs", "away", 6.8)))
    hollow = [line for line in figure.axes[0].lines if line.get_markerfacecolor() == "#ffffff"]
    assert sorted(float(np.asarray(line.get_ydata())[0]) for line in hollow) == [7.0, 7.2]
    assert "before a correction" in texts(figure)
    assert "before a correction" not in texts(figure_of(season(RatedMatch(1, "Leeds", "home", 7.4))))


def test_the_best_and_the_lowest_match_are_named() -> None:
    figure = figure_of(examples.ratings())
    assert [text.get_text() for text in figure.axes[0].texts] == ["9.2 Liverpool (A)", "6.0 Wolves (H)"]


def test_a_single_match_is_named_once() -> None:
    figure = figure_of(season(RatedMatch(5, "Leeds", "home", 7.0)))
    assert [text.get_text() for text in figure.axes[0].texts] == ["7.0 Leeds (H)"]


@pytest.mark.parametrize(
    ("weeks", "expected"),
    [([1, 2], [1, 2]), ([1, 2, 2, 3], [1, 1.75, 2.25, 3]), ([4, 4, 4], [3.75, 4, 4.25]), ([], [])],
)
def test_matches_of_a_double_gameweek_stand_side_by_side(weeks: Sequence[int], expected: list[float]) -> None:
    assert placed(weeks).tolist() == expected


@pytest.mark.parametrize(
    ("first", "last", "marks"),
    [
        (1, 10, list(range(1, 11))),
        (1, 38, [1, 5, 10, 15, 20, 25, 30, 35, 38]),
        (1, 36, [1, 5, 10, 15, 20, 25, 30, 36]),
        (24, 47, [24, 30, 35, 40, 45, 47]),
    ],
)
def test_the_marks_of_the_axis_never_touch(first: int, last: int, marks: list[int]) -> None:
    assert week_marks(first, last) == marks


def test_a_gameweek_that_was_not_recorded_is_a_gap_in_price_and_ownership() -> None:
    states = (PriceState(1, 10.0, 20.0), PriceState(3, 10.2, None), PriceState(4, None, 25.0))
    figure = figure_of(replace(examples.prices(), states=states))
    price, owned = (longest(axes) for axes in figure.axes)
    np.testing.assert_array_equal(price, [10.0, np.nan, 10.2, np.nan])
    np.testing.assert_array_equal(owned, [20.0, np.nan, np.nan, 25.0])
    assert "B.Saka: £10.2m, owned by 25.0 %" in texts(figure)
    assert "price +0.2 since the start" in texts(figure)


def test_figures_of_the_database_are_read() -> None:
    """PostgreSQL's numeric is a Decimal in Python."""
    states = (PriceState(1, Decimal("10.0"), Decimal("20.5")),)  # type: ignore[arg-type]
    assert "£10.0m, owned by 20.5 %" in texts(figure_of(replace(examples.prices(), states=states)))
    rated = RatedMatch(1, "Leeds", "home", Decimal("7.40"), (Decimal("7.1"),))  # type: ignore[arg-type]
    assert "average rating 7.40" in texts(figure_of(season(rated)))
    assert "average 7.40" in alt_of(season(rated))


def test_points_stand_above_expected_goals_and_assists() -> None:
    figure = figure_of(points_of(played(1, 6, 0.5, 0.2), played(2, None, None, None), played(3, -1, 0.1, None)))
    assert bars(figure.axes[0]) == [(1, 6), (2, 0), (3, -1)]
    below = figure.axes[-1]
    assert bars(below) == [(1, 0.5), (2, 0), (3, 0.1), (1, 0.2), (2, 0), (3, 0)]
    assert below.get_ylim()[1] > 0.7
    assert figure.axes[0].get_ylim()[0] < -1


def test_a_zero_is_a_line_and_a_match_without_data_is_nothing() -> None:
    figure = figure_of(points_of(played(1, 0, 0.0, 0.0), played(2, None, None, None), played(3, 5, 0.3, 0.1)))
    (zeros,) = figure.axes[0].collections
    (segment,) = zeros.get_segments()  # type: ignore[attr-defined]
    assert segment[:, 0].mean() == 1


def test_expected_figures_without_points_give_a_dash_in_the_title() -> None:
    unknown = points_of(played(1, None, 0.5, None))
    assert "B.Saka: \u2013 points |" in texts(figure_of(unknown))
    assert alt_of(unknown).endswith(": no points, xG 0.5.")
    assert "B.Saka: 0 points |" in texts(figure_of(points_of(played(1, 0, 0.5, None))))


@pytest.mark.parametrize("matches", [(), (played(1, None, None, None),)])
def test_a_season_without_minutes_is_said(matches: tuple[PointsMatch, ...]) -> None:
    assert "No points: the player has not played in this season." in texts(figure_of(points_of(*matches)))


def test_the_totals_are_written() -> None:
    written = texts(figure_of(examples.points_and_expected()))
    for fact in ("B.Saka: 160 points", "11 goals, 5 assists", "xG 9.5, xA 5.3"):
        assert fact in written


def test_the_alternative_texts_have_the_main_numbers() -> None:
    assert alt_of(examples.ratings()) == (
        "Ratings of B.Saka, Arsenal, 2025-26: average 7.35 in 30 rated matches, best 9.2 in gameweek 21 against "
        "Liverpool (A), lowest 6.0 in gameweek 32 against Wolves (H)."
    )
    assert "price from £10.0m to £10.4m" in alt_of(examples.prices())
    assert "160 points in 30 matches, xG 9.5, xA 5.3, 11 goals, 5 assists" in alt_of(examples.points_and_expected())
