"""A player's FPL points beside expected goals and assists, by gameweek."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from fpl_pulse.charts.canvas import HEAD, Canvas, empty, foot_height
from fpl_pulse.charts.gameweek_axis import floats, known, placed, week_axes, write_beside
from fpl_pulse.charts.lettering import DASH, Venue, against, clean, fit, matches_in_words, moment
from fpl_pulse.charts.pitch import Floats
from fpl_pulse.charts.style import MARGIN, SMALL, TEXT, TITLE, WIDTH, Theme
from fpl_pulse.wording import quantity


@dataclass(frozen=True)
class PointsMatch:
    """A match of a player's season: FPL's points, SofaSport's expected goals and assists. None means no data."""

    gameweek: int
    opponent: str
    venue: Venue
    points: int | None
    expected_goals: float | None
    expected_assists: float | None
    goals: int | None = None
    assists: int | None = None


@dataclass(frozen=True)
class PointsAndExpected:
    """A player's season: an entry for each match, in the order of their kick-offs."""

    player: str
    club: str
    season: str
    matches: Sequence[PointsMatch]
    as_of: datetime | None = None


def draw_points(data: PointsAndExpected, theme: Theme) -> Figure:
    """FPL's points of each match above, expected goals and assists on top of each other below."""
    facts = [fit(data.club, 300, TEXT), clean(data.season)]
    foot = ["Points by FPL, expected figures by SofaSport", moment(data.as_of)]
    if not any(known((one.points, one.expected_goals, one.expected_assists)) for one in data.matches):
        why = "No points: the player has not played in this season."
        return empty(theme, clean(data.player), facts, why, foot)
    canvas = Canvas(HEAD + 470 + foot_height(foot), theme)
    points = known(one.points for one in data.matches)
    scored = quantity(int(sum(points)), "point") if points else f"{DASH} points"
    canvas.head(
        f"{fit(data.player, 520, TITLE, bold=True)}: {scored}", [*facts, _real(data.matches), _expected(data.matches)]
    )
    weeks = [one.gameweek for one in data.matches]
    canvas.text(MARGIN, HEAD + 12, "FPL points", size=SMALL, bold=True)
    above = week_axes(canvas, HEAD + 34, 160, weeks, names=False)
    _draw_bars(above, weeks, [(floats(one.points for one in data.matches), theme.accent, "")], _LEAST_POINTS, "{:.0f}")
    _name_best(above, data.matches, theme)
    _draw_legend(canvas, HEAD + 226)
    below = week_axes(canvas, HEAD + 248, 160, weeks)
    goals = floats(one.expected_goals for one in data.matches)
    assists = floats(one.expected_assists for one in data.matches)
    _draw_bars(
        below, weeks, [(goals, theme.series[1], ""), (assists, theme.series[2], "////")], _LEAST_EXPECTED, "{:.1f}"
    )
    canvas.foot(foot)
    return canvas.figure


def points_alt(data: PointsAndExpected) -> str:
    """Points, expected goals and assists in words."""
    who = f"FPL points of {clean(data.player)}, {clean(data.club)}, {clean(data.season)}, by gameweek"
    points = known(one.points for one in data.matches)
    scored = f"{quantity(int(sum(points)), 'point')} in {matches_in_words(len(points))}" if points else "no points"
    return f"{who}: {', '.join(part for part in (scored, _expected(data.matches), _real(data.matches)) if part)}."


_Part = tuple[Floats, str, str]
"""Values with their colour and hatch."""
_LEAST_POINTS: Final = 6.0
_LEAST_EXPECTED: Final = 0.8
"""The axes reach at least this value, so that a small figure has a small bar."""


def _draw_bars(axes: Axes, weeks: Sequence[int], parts: Sequence[_Part], least: float, form: str) -> None:
    """Bars, on top of each other when there are several parts. A zero is a thin line, a missing value is nothing."""
    x = placed(weeks)
    sizes = np.array([weeks.count(week) for week in weeks])
    widths = np.where(sizes == 1, 0.66, 0.42 / np.maximum(1, sizes - 1))
    base = np.zeros(len(x))
    top, low = least, 0.0
    for values, colour, hatch in parts:
        heights = np.nan_to_num(values)
        edge = axes.get_facecolor()
        axes.bar(x, heights, widths, bottom=base, color=colour, hatch=hatch, edgecolor=edge, linewidth=0)
        base = base + heights
        top, low = max(top, float(base.max())), min(low, float(heights.min()))
    present = ~np.isnan(np.array([values for values, _, _ in parts])).all(axis=0)
    nothing = present & (base == 0)
    axes.hlines(np.zeros(nothing.sum()), (x - widths / 2)[nothing], (x + widths / 2)[nothing], parts[0][1], linewidth=3)
    axes.set_ylim(low * 1.2, top * 1.28)
    axes.yaxis.set_major_locator(MaxNLocator(4, steps=[1, 2, 5, 10]))
    axes.yaxis.set_major_formatter(lambda value, _: form.format(value))


def _name_best(axes: Axes, matches: Sequence[PointsMatch], theme: Theme) -> None:
    """The opponent of the match with most points."""
    scored = [
        (one.points, place, one)
        for one, place in zip(matches, placed([m.gameweek for m in matches]), strict=True)
        if one.points
    ]
    if scored:
        points, place, best = max(scored, key=lambda entry: entry[0])
        write_beside(axes, float(place), points, f"{points} {against(best.opponent, best.venue)}", theme)


def _draw_legend(canvas: Canvas, y: float) -> None:
    theme = canvas.theme
    canvas.text(MARGIN, y, "Expected", size=SMALL, bold=True)
    for x, colour, hatch, word in (
        (MARGIN + 110, theme.series[1], "", "goals (xG)"),
        (MARGIN + 250, theme.series[2], "////", "assists (xA)"),
    ):
        axes = canvas.axes(x, y - 7, 26, 14)
        axes.set_axis_off()
        axes.bar([0.5], [1], 1, color=colour, hatch=hatch, edgecolor=theme.background, linewidth=0)
        axes.set(xlim=(0, 1), ylim=(0, 1))
        canvas.text(x + 34, y, word, size=SMALL, colour=theme.muted)
    canvas.text(WIDTH - MARGIN, y, "no bar: did not play, or no data", size=SMALL, colour=theme.muted, ha="right")


def _real(matches: Sequence[PointsMatch]) -> str:
    goals, assists = known(one.goals for one in matches), known(one.assists for one in matches)
    parts = [quantity(int(sum(goals)), "goal")] if goals else []
    parts += [quantity(int(sum(assists)), "assist")] if assists else []
    return ", ".join(parts)


def _expected(matches: Sequence[PointsMatch]) -> str:
    goals, assists = known(one.expected_goals for one in matches), known(one.expected_assists for one in matches)
    parts = [f"xG {sum(goals):.1f}"] if goals else []
    parts += [f"xA {sum(assists):.1f}"] if assists else []
    return ", ".join(parts)
