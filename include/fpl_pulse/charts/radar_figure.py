"""The figure of a radar: rings, lines with gaps, and a table that is the legend as well."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import cos, isfinite, pi, sin
from typing import Final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Circle, Polygon
from matplotlib.patheffects import withStroke

from fpl_pulse.charts.canvas import HEAD, POINTS_PER_PIXEL, Canvas, LineStyle, foot_height
from fpl_pulse.charts.lettering import DASH, font
from fpl_pulse.charts.style import LABEL, MARGIN, NOTE, SMALL, TEXT, WIDTH, Theme

RINGS: Final = (20, 40, 60, 80, 100)
Values = Mapping[str, float | None]
"""Values 0-100 by axis. An axis that is not there has no value, like one with None."""


@dataclass(frozen=True)
class Row:
    """One radar, which is a line of the table as well."""

    label: str
    values: Values
    colour: str
    style: LineStyle
    width: float
    marker: str
    fill: float = 0.0
    is_main: bool = False
    """Whether its figures are set in bold."""


_RADAR: Final = 480
_ROW: Final = 34
_SHORT: Final = {
    "attacking": "Att.",
    "technical": "Tech.",
    "tactical": "Tact.",
    "defending": "Def.",
    "creativity": "Creat.",
    "anticipation": "Antic.",
    "ball_distribution": "Distr.",
}
"""The heads of columns when there are more than five."""


def draw_rows(
    theme: Theme, *, title: str, facts: Sequence[str], rows: Sequence[Row], names: Sequence[str], foot: Sequence[str]
) -> Figure:
    """The radar in the middle, the table with the figures below it. The first name is the axis that points up."""
    table = HEAD + _RADAR + 12
    canvas = Canvas(table + _ROW * (len(rows) + 1) + 14 + foot_height(foot), theme)
    canvas.head(title, facts)
    axes = canvas.axes(MARGIN, HEAD, WIDTH - 2 * MARGIN, _RADAR)
    _draw_web(axes, names, theme)
    for row in reversed(rows):
        _draw_row(axes, row, names, theme)
    _draw_table(canvas, rows, names, table)
    canvas.foot(foot)
    return canvas.figure


def _draw_web(axes: Axes, names: Sequence[str], theme: Theme) -> None:
    """Rings with their values, spokes, and the names of the axes."""
    # Nine axes have names at the bottom and at the sides, five have not.
    lowest, highest = (-108.0, 121.0) if len(names) <= 5 else (-123.0, 128.0)
    across = (highest - lowest) / 2 * (WIDTH - 2 * MARGIN) / _RADAR
    axes.set(xlim=(-across, across), ylim=(lowest, highest), aspect="equal")
    axes.set_axis_off()
    for ring in reversed(RINGS):
        face = theme.panel if ring % 40 else theme.background
        axes.add_patch(Circle((0, 0), ring, facecolor=face, edgecolor=theme.grid, linewidth=0.9, zorder=0))
    for number, name in enumerate(names):
        x, y = _place(number, len(names), 100)
        axes.plot((0, x), (0, y), color=theme.grid, linewidth=0.9, zorder=1)
        x, y = _place(number, len(names), 109)
        ha = "center" if abs(x) < 5 else "left" if x > 0 else "right"
        axes.text(
            x,
            y,
            axis_label(name),
            ha=ha,
            va="center",
            fontproperties=font(bold=True),
            fontsize=TEXT * POINTS_PER_PIXEL,
            color=theme.ink,
            parse_math=False,
        )
    # Between the first two axes, where no spoke is.
    angle = pi / len(names)
    for ring in RINGS:
        axes.text(
            ring * sin(angle) * 0.985,
            ring * cos(angle) * 0.985,
            str(ring),
            ha="center",
            va="center",
            fontproperties=font(bold=False),
            fontsize=NOTE * POINTS_PER_PIXEL,
            color=theme.muted,
            zorder=6,
            path_effects=[withStroke(linewidth=3, foreground=theme.background)],
        )


def _draw_row(axes: Axes, row: Row, names: Sequence[str], theme: Theme) -> None:
    """One radar. Where a value is missing, the line and the area have a gap."""
    known = known_values(row.values, names)
    places = [_place(number, len(names), known[name]) if name in known else None for number, name in enumerate(names)]
    closed = [*places, places[0]]
    if row.fill:
        for one, other in pairwise(closed):
            if one and other:
                axes.add_patch(
                    Polygon(
                        np.array([(0.0, 0.0), one, other]), facecolor=row.colour, alpha=row.fill, linewidth=0, zorder=2
                    )
                )
    line = np.array([place or (np.nan, np.nan) for place in closed])
    axes.plot(
        line[:, 0],
        line[:, 1],
        color=row.colour,
        linestyle=row.style,
        linewidth=row.width * POINTS_PER_PIXEL,
        marker=row.marker,
        markersize=9 * POINTS_PER_PIXEL,
        markeredgecolor=theme.background,
        markeredgewidth=0.8,
        solid_joinstyle="round",
        zorder=4 if row.fill else 3,
    )


def _draw_table(canvas: Canvas, rows: Sequence[Row], names: Sequence[str], top: int) -> None:
    """The legend and the figures: a line for each radar, a column for each axis."""
    theme = canvas.theme
    first = 262
    column = (WIDTH - MARGIN - first) / len(names)
    for number, name in enumerate(names):
        label = _SHORT.get(name, axis_label(name)) if len(names) > 5 else axis_label(name).split(" ")[-1].capitalize()
        x = first + column * (number + 1)
        canvas.text(x, top + _ROW / 2, label, size=LABEL, colour=theme.muted, ha="right", width=column)
    for line, row in enumerate(rows):
        y = top + _ROW * (line + 1.5)
        canvas.line((MARGIN, WIDTH - MARGIN), (y - _ROW / 2, y - _ROW / 2), theme.grid, 1)
        canvas.line((MARGIN, MARGIN + 44), (y, y), row.colour, row.width, row.style)
        if row.marker:
            canvas.marker(MARGIN + 22, y, row.marker, 10, face=row.colour, edge=theme.background)
        bold = row.is_main
        canvas.text(MARGIN + 58, y, row.label, size=SMALL, bold=bold, width=first - MARGIN - 48)
        for number, name in enumerate(names):
            value = known_values(row.values, names).get(name)
            text = DASH if value is None else f"{value:.0f}"
            x = first + column * (number + 1)
            colour = theme.ink if bold else theme.muted
            canvas.text(x, y, text, size=SMALL, colour=colour, bold=bold, ha="right")


def _place(number: int, axes: int, value: float) -> tuple[float, float]:
    """Where a value is: the first axis points up, the others follow clockwise."""
    angle = 2 * pi * number / axes
    return value * sin(angle), value * cos(angle)


def known_values(values: Values, names: Sequence[str]) -> dict[str, float]:
    """The values that there are, kept within 0-100."""
    found = {name: values.get(name) for name in names}
    return {name: min(100.0, max(0.0, float(one))) for name, one in found.items() if one is not None and isfinite(one)}


def axis_label(name: str) -> str:
    """The name of an axis for people: `ball_distribution` -> `Ball distribution`."""
    return name.replace("_", " ").capitalize()
