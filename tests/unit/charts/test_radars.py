"""Radars: rings, gaps for missing values, and the figures below."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

import numpy as np
import pytest
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Polygon

from fpl_pulse.charts import radar
from fpl_pulse.charts.catalogue import alt_of, figure_of
from fpl_pulse.charts.radar import GOALKEEPER_AXES, OUTFIELD_AXES, comparison_axes
from fpl_pulse.charts.radar_figure import Row
from fpl_pulse.charts.style import Theme
from tests.unit.charts import examples
from tests.unit.charts.test_heatmaps import texts


def lines(figure: Figure, sides: int = 5) -> list[Line2D]:
    """The radars; a spoke has two ends only."""
    return [line for line in figure.axes[0].lines if len(np.asarray(line.get_xdata())) == sides + 1]


def radii(line: Line2D) -> list[float]:
    """The values of a radar, nan in a gap."""
    return [round(float(one), 6) for one in np.hypot(np.asarray(line.get_xdata()), np.asarray(line.get_ydata()))[:-1]]


def written_in(figure: Figure) -> set[str]:
    """The texts around and in the radar."""
    return {text.get_text() for text in figure.axes[0].texts}


def test_values_are_distances_on_labelled_rings_from_0_to_100() -> None:
    figure = figure_of(examples.midfielder_radar())
    assert [81, 74, 63, 42, 79] in [radii(line) for line in lines(figure)]
    assert {"20", "40", "60", "80", "100"} < written_in(figure)
    assert {"Attacking", "Technical", "Tactical", "Defending", "Creativity"} < written_in(figure)


def test_the_first_axis_points_up_and_the_next_is_to_its_right() -> None:
    line = lines(figure_of(examples.midfielder_radar()))[-1]
    x, y = np.asarray(line.get_xdata()), np.asarray(line.get_ydata())
    assert (x[0], y[0]) == (0, 81)
    assert x[1] > 0


def test_a_missing_value_is_a_gap_and_not_a_zero() -> None:
    figure = figure_of(examples.radar_with_gaps())
    (line,) = lines(figure)
    assert np.isnan(radii(line)[3])
    filled = [patch for patch in figure.axes[0].patches if isinstance(patch, Polygon)]
    assert len(filled) == 3  # of five: those beside the missing axis are empty
    assert "| \u2013 |" in texts(figure)


def test_a_gap_at_the_first_axis_opens_the_end_of_the_line_too() -> None:
    data = replace(examples.radar_with_gaps(), values={"anticipation": 60, "tactical": 50, "aerial": 40})
    x = np.asarray(lines(figure_of(data))[0].get_xdata())
    assert np.isnan(x[0])
    assert np.isnan(x[-1])


def test_no_earlier_season_has_the_line_of_the_average(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[Row] = []

    def keep(_: Theme, *, rows: Sequence[Row], **_rest: object) -> Figure:
        drawn.extend(rows)
        return Figure()

    monkeypatch.setattr(radar, "draw_rows", keep)
    data = examples.midfielder_radar()
    figure_of(replace(data, earlier=[*data.earlier, ("2022-23", data.values), ("2021-22", data.values)]))
    assert [row.label for row in drawn] == ["2025-26", "2024-25", "2023-24", "2022-23", "Position average"]
    assert len({row.style for row in drawn}) == 5


def test_earlier_seasons_are_outlines_and_the_average_has_no_marker() -> None:
    figure = figure_of(examples.midfielder_radar())
    drawn = {tuple(radii(line)): line for line in lines(figure)}
    assert drawn[56, 58, 55, 49, 57].get_marker() == ""
    assert drawn[76, 70, 58, 47, 83].get_linestyle() == "--"
    filled = [patch for patch in figure.axes[0].patches if isinstance(patch, Polygon)]
    assert len(filled) == 5  # this season only
    assert "Position average" in texts(figure)


def test_goalkeepers_have_their_own_axes() -> None:
    written = written_in(figure_of(examples.radar_with_gaps()))
    assert {"Saves", "Anticipation", "Tactical", "Ball distribution", "Aerial"} < written


def test_players_differ_by_line_and_marker_as_well_as_by_colour() -> None:
    drawn = lines(figure_of(examples.four_players()))
    assert len({line.get_linestyle() for line in drawn}) == 4
    assert len({line.get_marker() for line in drawn}) == 4
    assert len({line.get_color() for line in drawn}) == 4


def test_a_goalkeeper_beside_an_outfield_player_gives_the_axes_of_both() -> None:
    keeper = replace(examples.four_players().players[0], values=examples.radar_with_gaps().values)
    both = (examples.four_players().players[1], keeper)
    assert comparison_axes(both) == (*OUTFIELD_AXES, "saves", "anticipation", "ball_distribution", "aerial")
    assert comparison_axes([keeper]) == GOALKEEPER_AXES
    assert len(lines(figure_of(replace(examples.four_players(), players=both)), sides=9)) == 2


def test_a_fifth_player_is_refused_with_the_limit() -> None:
    five = replace(examples.four_players(), players=[*examples.four_players().players] * 2)
    with pytest.raises(ValueError, match="at most 4 players, not 8"):
        figure_of(five)
    with pytest.raises(ValueError, match="at most 4 players"):
        alt_of(five)


def test_values_outside_the_rings_are_drawn_on_the_edge_and_decimals_are_read() -> None:
    values = {"attacking": 140.0, "technical": -3.0, "tactical": float("nan"), "defending": Decimal(50)}
    data = replace(examples.midfielder_radar(), values=values, earlier=(), average=None)  # type: ignore[arg-type]
    attacking, technical, tactical, defending, creativity = radii(lines(figure_of(data))[0])
    assert (attacking, technical, defending) == (100, 0, 50)
    assert np.isnan([tactical, creativity]).all()


def test_an_earlier_season_is_shown_when_this_one_has_no_attributes_yet() -> None:
    figure = figure_of(replace(examples.midfielder_radar(), values={}))
    assert [76, 70, 58, 47, 83] in [radii(line) for line in lines(figure)]


def test_the_alternative_text_has_all_values() -> None:
    assert alt_of(examples.radar_with_gaps()) == (
        "Radar of Raya, Arsenal, Goalkeeper, season 2025-26: saves 71, anticipation 64, tactical 48, aerial 57."
    )
    assert "B.Fernandes (Man Utd, 2025-26) attacking 70" in alt_of(examples.four_players())
