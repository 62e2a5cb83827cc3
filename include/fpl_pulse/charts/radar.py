"""Radars: SofaSport's attributes of a player's season, 0-100, and of up to four players side by side."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from math import cos, isfinite, pi, sin
from typing import Final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Circle, Polygon

from fpl_pulse.charts.canvas import HEAD, POINTS_PER_PIXEL, Canvas, empty, foot_height
from fpl_pulse.charts.lettering import clean, fit, font, moment
from fpl_pulse.charts.style import MARGIN, SMALL, TEXT, TITLE, WIDTH, Theme

OUTFIELD_AXES: Final = ("attacking", "technical", "tactical", "defending", "creativity")
GOALKEEPER_AXES: Final = ("saves", "anticipation", "tactical", "ball_distribution", "aerial")
"""The names are those of the columns of the view `fpl.radar_seasons`."""
MOST_PLAYERS: Final = 4
MOST_EARLIER: Final = 3
RINGS: Final = (20, 40, 60, 80, 100)
Values = Mapping[str, float | None]
"""Values 0-100 by axis. An axis that is not there has no value, like one with None."""


@dataclass(frozen=True)
class PlayerRadar:
    """A player's attributes in a season, in earlier seasons (newest first), and the average of the position.

    The picture shows the three newest of the earlier seasons.
    """

    player: str
    club: str
    position: str
    season: str
    values: Values
    earlier: Sequence[tuple[str, Values]] = field(default=())
    average: Values | None = None
    is_goalkeeper: bool = False
    as_of: datetime | None = None


@dataclass(frozen=True)
class ComparedPlayer:
    """One of the players of a comparison."""

    player: str
    club: str
    position: str
    season: str
    values: Values


@dataclass(frozen=True)
class ComparisonRadar:
    """One to four players on the same axes. Goalkeepers beside outfield players give the axes of both."""

    players: Sequence[ComparedPlayer]
    as_of: datetime | None = None


@dataclass(frozen=True)
class _Row:
    """One radar, which is a line of the table as well."""

    label: str
    values: Values
    colour: str
    style: str
    width: float
    marker: str
    fill: float = 0.0


def draw_player_radar(data: PlayerRadar, theme: Theme) -> Figure:
    """This season filled, earlier seasons as outlines, the average of the position dotted; below them the figures."""
    axes = GOALKEEPER_AXES if data.is_goalkeeper else OUTFIELD_AXES
    facts = [fit(data.club, 300, TEXT), fit(data.position, 200, TEXT), f"season {clean(data.season)}"]
    rows = [_Row(data.season, data.values, theme.series[0], "-", 3.5, "o", 0.22)]
    styles = (("--", "s"), ("-.", "^"), (":", "D"))
    for (season, values), (style, marker), colour in zip(data.earlier, styles, theme.series[1:], strict=False):
        rows.append(_Row(season, values, colour, style, 2.2, marker))
    if data.average is not None:
        rows.append(_Row("Average of the position", data.average, theme.muted, ":", 2.6, ""))
    title = clean(data.player)
    if not any(_numbers(row.values, axes) for row in rows[:-1] if data.average is not None) and not _any(rows[:1], axes):
        why = "No radar: SofaSport has no attributes for this player."
        return empty(theme, title, facts, why, _foot(data.as_of))
    return _draw(f"{fit(title, 560, TITLE, bold=True)}: attributes", facts, rows, axes, data.as_of, theme)


def player_radar_alt(data: PlayerRadar) -> str:
    """The radar in words."""
    axes = GOALKEEPER_AXES if data.is_goalkeeper else OUTFIELD_AXES
    who = f"Radar of {clean(data.player)}, {clean(data.club)}, {clean(data.position)}, season {clean(data.season)}"
    if not _numbers(data.values, axes):
        return f"{who}: no attributes of this season."
    average = ""
    if data.average is not None and _numbers(data.average, axes):
        average = f" Average of the position: {_in_words(data.average, axes)}."
    earlier = len(data.earlier[:MOST_EARLIER])
    seasons = f" Outlines show {earlier} earlier season{'' if earlier == 1 else 's'}." if earlier else ""
    return f"{who}: {_in_words(data.values, axes)}.{average}{seasons}"


def draw_comparison_radar(data: ComparisonRadar, theme: Theme) -> Figure:
    """Up to four players on one radar, with the figures below it.

    Raises:
        ValueError: there are more than four players.
    """
    _refuse_too_many(data)
    axes = comparison_axes(data.players)
    looks = zip(data.players, theme.series, ("-", "--", "-.", ":"), "os^D", strict=False)
    rows = [
        _Row(one.player, one.values, colour, style, 3.0, marker, 0.10 if len(data.players) > 2 else 0.16)
        for one, colour, style, marker in looks
    ]
    names = [fit(one.player, 250 if len(data.players) > 2 else 330, TITLE, bold=True) for one in data.players]
    title = names[0] if len(names) == 1 else " – ".join(names) if len(names) == 2 else f"{len(names)} players compared"
    seasons = sorted({clean(one.season) for one in data.players})
    facts = ["attributes", *(f"season {season}" for season in seasons[:3])]
    if not _any(rows, axes):
        return empty(
            theme, title or "No players", facts, "No radar: SofaSport has no attributes for these players.", _foot(data.as_of)
        )
    return _draw(title, facts, rows, axes, data.as_of, theme)


def comparison_radar_alt(data: ComparisonRadar) -> str:
    """The comparison in words."""
    _refuse_too_many(data)
    axes = comparison_axes(data.players)
    players = [
        f"{clean(one.player)} ({clean(one.club)}, {clean(one.season)}) {_in_words(one.values, axes) or 'no attributes'}"
        for one in data.players
    ]
    return f"Radar that compares {len(players)} players: {'; '.join(players)}." if players else "Radar without players."


def comparison_axes(players: Sequence[ComparedPlayer]) -> tuple[str, ...]:
    """The axes on which any of the players has a value: of outfield players, of goalkeepers, or of both."""
    stated = {axis for one in players for axis in _numbers(one.values, (*OUTFIELD_AXES, *GOALKEEPER_AXES))}
    outfield = bool(stated & (set(OUTFIELD_AXES) - set(GOALKEEPER_AXES)))
    goalkeeper = bool(stated & (set(GOALKEEPER_AXES) - set(OUTFIELD_AXES)))
    if goalkeeper and outfield:
        return OUTFIELD_AXES + tuple(axis for axis in GOALKEEPER_AXES if axis not in OUTFIELD_AXES)
    return GOALKEEPER_AXES if goalkeeper else OUTFIELD_AXES


_RADAR = 450
_ROW = 34


def _draw(
    title: str, facts: Sequence[str], rows: Sequence[_Row], names: Sequence[str], as_of: datetime | None, theme: Theme
) -> Figure:
    """The radar in the middle, the table with the figures below it."""
    foot = _foot(as_of)
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
    half = 126.0
    across = half * (WIDTH - 2 * MARGIN) / _RADAR
    axes.set(xlim=(-across, across), ylim=(-half, half), aspect="equal")
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
            _axis_label(name),
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
            fontsize=(SMALL - 2) * POINTS_PER_PIXEL,
            color=theme.muted,
            zorder=6,
        )


def _draw_row(axes: Axes, row: _Row, names: Sequence[str], theme: Theme) -> None:
    """One radar. Where a value is missing, the line and the area have a gap."""
    known = _numbers(row.values, names)
    places = [_place(number, len(names), known[name]) if name in known else None for number, name in enumerate(names)]
    closed = [*places, places[0]]
    if row.fill:
        for one, other in zip(closed, closed[1:], strict=False):
            if one and other:
                axes.add_patch(
                    Polygon(np.array([(0.0, 0.0), one, other]), facecolor=row.colour, alpha=row.fill, linewidth=0, zorder=2)
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


def _draw_table(canvas: Canvas, rows: Sequence[_Row], names: Sequence[str], top: int) -> None:
    """The legend and the figures: a line for each radar, a column for each axis."""
    theme = canvas.theme
    first = 300 if len(names) <= 5 else 216
    column = (WIDTH - MARGIN - first) / len(names)
    size = SMALL if len(names) <= 5 else SMALL - 3
    for number, name in enumerate(names):
        label = _short_label(name)
        x = first + column * (number + 1)
        canvas.text(x, top + _ROW / 2, label, size=size - 1, colour=theme.muted, ha="right", width=column - 4)
    for line, row in enumerate(rows):
        y = top + _ROW * (line + 1.5)
        canvas.line((MARGIN, WIDTH - MARGIN), (y - _ROW / 2, y - _ROW / 2), theme.grid, 1)
        canvas.line((MARGIN, MARGIN + 44), (y, y), row.colour, row.width, row.style)
        if row.marker:
            canvas.marker(MARGIN + 22, y, row.marker, 10, row.colour, theme.background, 1)
        bold = bool(row.fill)
        canvas.text(MARGIN + 58, y, row.label, size=SMALL, bold=bold, width=first - MARGIN - 62)
        for number, name in enumerate(names):
            value = _numbers(row.values, names).get(name)
            text = "–" if value is None else f"{value:.0f}"
            x = first + column * (number + 1)
            colour = theme.ink if bold else theme.muted
            canvas.text(x, y, text, size=SMALL, colour=colour, bold=bold, ha="right")


def _place(number: int, axes: int, value: float) -> tuple[float, float]:
    """Where a value is: the first axis points up, the others follow clockwise."""
    angle = 2 * pi * number / axes
    return value * sin(angle), value * cos(angle)


def _numbers(values: Values, names: Sequence[str]) -> dict[str, float]:
    """The values that there are, kept within 0-100."""
    found = {name: values.get(name) for name in names}
    return {name: min(100.0, max(0.0, float(one))) for name, one in found.items() if one is not None and isfinite(one)}


def _any(rows: Sequence[_Row], names: Sequence[str]) -> bool:
    return any(_numbers(row.values, names) for row in rows)


def _in_words(values: Values, names: Sequence[str]) -> str:
    known = _numbers(values, names)
    return ", ".join(f"{_axis_label(name).lower()} {known[name]:.0f}" for name in names if name in known)


def _axis_label(name: str) -> str:
    return name.replace("_", " ").capitalize()


def _short_label(name: str) -> str:
    """A label for the narrow columns of the table."""
    return {"ball_distribution": "Distribution"}.get(name, _axis_label(name))


def _foot(as_of: datetime | None) -> list[str]:
    return ["Attributes 0-100 by SofaSport", moment(as_of)]


def _refuse_too_many(data: ComparisonRadar) -> None:
    if len(data.players) > MOST_PLAYERS:
        raise ValueError(f"A radar compares at most {MOST_PLAYERS} players, not {len(data.players)}. Pass fewer")
