"""All charts, and the one function that turns any of them into a picture."""

from collections.abc import Callable
from typing import Any, Final

from matplotlib.figure import Figure

from fpl_pulse.charts.elevens import (
    MatchLineups,
    TeamOfTheWeek,
    draw_lineups,
    draw_team_of_the_week,
    lineups_alt,
    team_of_the_week_alt,
)
from fpl_pulse.charts.heatmap import (
    BothTeamsHeatmap,
    PlayerMatchHeatmap,
    PlayerSeasonHeatmap,
    both_teams_alt,
    draw_both_teams,
    draw_heatmap,
    heatmap_alt,
)
from fpl_pulse.charts.picture import MEDIA_TYPES, Format, Picture, Scale, png, svg
from fpl_pulse.charts.points import PointsAndExpected, draw_points, points_alt
from fpl_pulse.charts.prices import PriceAndOwnership, draw_prices, prices_alt
from fpl_pulse.charts.radar import (
    ComparisonRadar,
    PlayerRadar,
    comparison_radar_alt,
    draw_comparison_radar,
    draw_player_radar,
    player_radar_alt,
)
from fpl_pulse.charts.ratings import Ratings, draw_ratings, ratings_alt
from fpl_pulse.charts.style import THEMES, Theme, ThemeName

Chart = (
    PlayerMatchHeatmap
    | PlayerSeasonHeatmap
    | BothTeamsHeatmap
    | PlayerRadar
    | ComparisonRadar
    | MatchLineups
    | TeamOfTheWeek
    | Ratings
    | PriceAndOwnership
    | PointsAndExpected
)
"""The data of one chart."""

_WAYS: Final[dict[type, tuple[Callable[[Any, Theme], Figure], Callable[[Any], str]]]] = {
    PlayerMatchHeatmap: (draw_heatmap, heatmap_alt),
    PlayerSeasonHeatmap: (draw_heatmap, heatmap_alt),
    BothTeamsHeatmap: (draw_both_teams, both_teams_alt),
    PlayerRadar: (draw_player_radar, player_radar_alt),
    ComparisonRadar: (draw_comparison_radar, comparison_radar_alt),
    MatchLineups: (draw_lineups, lineups_alt),
    TeamOfTheWeek: (draw_team_of_the_week, team_of_the_week_alt),
    Ratings: (draw_ratings, ratings_alt),
    PriceAndOwnership: (draw_prices, prices_alt),
    PointsAndExpected: (draw_points, points_alt),
}


def figure_of(chart: Chart, theme: ThemeName = "light") -> Figure:
    """The figure of a chart. The caller holds the only reference.

    Raises:
        ValueError: a comparison has more than four players.
    """
    draw, _ = _WAYS[type(chart)]
    return draw(chart, THEMES[theme])


def alt_of(chart: Chart) -> str:
    """The alternative text: plain text of one or two sentences with the main numbers. Escape it in HTML."""
    _, alt = _WAYS[type(chart)]
    return alt(chart)


def picture_of(chart: Chart, theme: ThemeName = "light", form: Format = "png", scale: Scale = 1) -> Picture:
    """A chart as bytes, with its size in CSS pixels and its alternative text.

    The same chart gives the same bytes on the same versions of the libraries. Threads may call this at the same time.
    `scale` matters for PNG only.

    Raises:
        ValueError: a comparison has more than four players.
    """
    figure = figure_of(chart, theme)
    width, height = (round(length) for length in figure.get_size_inches() * figure.dpi)
    content = png(figure, scale) if form == "png" else svg(figure)
    return Picture(content, MEDIA_TYPES[form], width, height, alt_of(chart))
