"""The axis of gameweeks that the charts over time share."""

from collections import Counter
from collections.abc import Iterable, Sequence
from math import isfinite, nan
from typing import Final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patheffects import withStroke

from fpl_pulse.charts.canvas import POINTS_PER_PIXEL, Canvas
from fpl_pulse.charts.lettering import fit, font
from fpl_pulse.charts.pitch import Floats
from fpl_pulse.charts.style import MARGIN, SMALL, WIDTH, Theme

FEWEST_SHOWN: Final = 10
"""Gameweeks that the axis has early in a season, so that two matches are not as wide as the picture."""
LEFT: Final = 48
"""Pixels for the labels of the vertical axis."""


def placed(gameweeks: Sequence[int]) -> Floats:
    """The places of matches on the axis. Matches of the same gameweek stand side by side around its number."""
    sizes = Counter(gameweeks)
    seen: Counter[int] = Counter()
    places = []
    for week in gameweeks:
        seen[week] += 1
        places.append(week + 0.5 * (seen[week] - (sizes[week] + 1) / 2) / max(1, sizes[week] - 1))
    return np.array(places, dtype=np.float64)


def week_axes(canvas: Canvas, top: float, height: float, gameweeks: Sequence[int], *, names: bool = True) -> Axes:
    """Axes over all gameweeks from the first, with a line for each mark of the vertical axis.

    `names` writes the numbers of the gameweeks below.
    """
    theme = canvas.theme
    axes = canvas.axes(MARGIN + LEFT, top, WIDTH - 2 * MARGIN - LEFT, height)
    axes.set_facecolor(theme.background)
    first = min(gameweeks)
    last = max(*gameweeks, first + FEWEST_SHOWN - 1)
    axes.set_xlim(first - 0.7, last + 0.7)
    axes.set_axisbelow(True)
    axes.grid(axis="y", color=theme.grid, linewidth=0.8)
    for name, spine in axes.spines.items():
        spine.set_visible(name == "bottom")
        spine.set_color(theme.muted)
    axes.tick_params(length=0, pad=6)
    axes.set_xticks(week_marks(first, last) if names else [])
    for label in (*axes.get_xticklabels(), *axes.get_yticklabels()):
        label.set_fontproperties(font(bold=False))
    axes.tick_params(labelsize=SMALL * POINTS_PER_PIXEL, labelcolor=theme.muted)
    if names:
        y = top + height + 40
        canvas.text(WIDTH - MARGIN, y, "Gameweek", size=SMALL, colour=theme.muted, ha="right")
    return axes


def week_marks(first: int, last: int) -> list[int]:
    """The gameweeks that have a number below the axis."""
    if last - first < 20:
        return list(range(first, last + 1))
    fives = [week for week in range(first, last + 1) if week % 5 == 0 and min(week - first, last - week) > 1]
    return [first, *fives, last]


def write_beside(axes: Axes, x: float, y: float, text: str, theme: Theme, *, above: bool = True) -> None:
    """A short text above or below a value, inside the axes."""
    low, high = axes.get_xlim()
    part = (x - low) / (high - low)
    axes.annotate(
        fit(text, 260, SMALL, bold=True),
        (x, y),
        xytext=(0, 9 if above else -9),
        textcoords="offset points",
        ha="left" if part < 0.15 else "right" if part > 0.85 else "center",
        va="bottom" if above else "top",
        fontproperties=font(bold=True),
        fontsize=SMALL * POINTS_PER_PIXEL,
        color=theme.ink,
        zorder=7,
        parse_math=False,
        path_effects=[withStroke(linewidth=3, foreground=theme.background)],
    )


def floats(values: Iterable[float | None]) -> Floats:
    """Values with nan where there is none: matplotlib leaves a gap."""
    return np.array([nan if one is None else float(one) for one in values], dtype=np.float64)


def known(values: Iterable[float | None]) -> list[float]:
    """The values that there are."""
    return [float(one) for one in values if one is not None and isfinite(one)]
