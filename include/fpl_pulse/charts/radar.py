"""Radars: SofaSport's attributes of a player's season, 0-100, and of up to four players side by side."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from matplotlib.figure import Figure

from fpl_pulse.charts.canvas import LineStyle, empty
from fpl_pulse.charts.lettering import DASH, clean, fit, moment, width_of
from fpl_pulse.charts.radar_figure import Row, Values, axis_label, draw_rows, known_values
from fpl_pulse.charts.style import MARGIN, TEXT, TITLE, WIDTH, Theme
from fpl_pulse.wording import quantity

OUTFIELD_AXES: Final = ("attacking", "technical", "tactical", "defending", "creativity")
GOALKEEPER_AXES: Final = ("saves", "anticipation", "tactical", "ball_distribution", "aerial")
"""The names are those of the columns of the view `fpl.radar_seasons`."""
MOST_PLAYERS: Final = 4
MOST_EARLIER: Final = 3


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


_LOOKS: Final[tuple[tuple[LineStyle, str], ...]] = (("-", "o"), ("--", "s"), ("-.", "^"), (":", "D"))
"""The line and the marker of each of up to four radars: colour is not the only difference."""
_AVERAGE: Final[LineStyle] = (0, (7, 3))
"""The line of an average: long dashes, which no player and no season has."""


def draw_player_radar(data: PlayerRadar, theme: Theme) -> Figure:
    """This season filled, earlier seasons as outlines, the average of the position dashed; below them the figures."""
    axes = GOALKEEPER_AXES if data.is_goalkeeper else OUTFIELD_AXES
    facts = [fit(data.club, 300, TEXT), fit(data.position, 200, TEXT), f"season {clean(data.season)}"]
    rows = [Row(data.season, data.values, theme.series[0], "-", 3.5, "o", 0.22, is_main=True)]
    earlier = [(season, values) for season, values in data.earlier if known_values(values, axes)]
    for (season, values), (style, marker), colour in zip(earlier, _LOOKS[1:], theme.series[1:], strict=False):
        rows.append(Row(season, values, colour, style, 2.2, marker))
    if data.average is not None:
        rows.append(Row("Position average", data.average, theme.muted, _AVERAGE, 2.6, ""))
    title = clean(data.player)
    if not _any([row for row in rows if row.marker], axes):
        why = "No radar: SofaSport has no attributes for this player."
        return empty(theme, title, facts, why, _foot(data.as_of))
    title = f"{fit(title, 560, TITLE, bold=True)}: attributes"
    return draw_rows(theme, title=title, facts=facts, rows=rows, names=axes, foot=_foot(data.as_of))


def player_radar_alt(data: PlayerRadar) -> str:
    """The radar in words."""
    axes = GOALKEEPER_AXES if data.is_goalkeeper else OUTFIELD_AXES
    who = f"Radar of {clean(data.player)}, {clean(data.club)}, {clean(data.position)}, season {clean(data.season)}"
    if not known_values(data.values, axes):
        return f"{who}: no attributes of this season."
    average = ""
    if data.average is not None and known_values(data.average, axes):
        average = f" Average of the position: {_in_words(data.average, axes)}."
    earlier = len([values for _, values in data.earlier if known_values(values, axes)][:MOST_EARLIER])
    seasons = f" Outlines show {quantity(earlier, 'earlier season')}." if earlier else ""
    return f"{who}: {_in_words(data.values, axes)}.{average}{seasons}"


def draw_comparison_radar(data: ComparisonRadar, theme: Theme) -> Figure:
    """Up to four players on one radar, with the figures below it.

    Raises:
        ValueError: there are more than four players.
    """
    _refuse_too_many(data)
    axes = comparison_axes(data.players)
    looks = zip(data.players, theme.series, _LOOKS, strict=False)
    rows = [
        Row(one.player, one.values, colour, style, 3.0, marker, 0.15 if len(data.players) < 3 else 0, is_main=True)
        for one, colour, (style, marker) in looks
    ]
    title = f" {DASH} ".join(clean(one.player) for one in data.players)
    if width_of(title, TITLE, bold=True) > WIDTH - 2 * MARGIN - 20:
        title = f"{len(data.players)} players compared"
    seasons = sorted({clean(one.season) for one in data.players})
    facts = ["SofaSport's attributes", *(f"season {season}" for season in seasons[:3])]
    if not _any(rows, axes):
        return empty(
            theme,
            title or "No players",
            facts,
            "No radar: SofaSport has no attributes for these players.",
            _foot(data.as_of),
        )
    return draw_rows(theme, title=title, facts=facts, rows=rows, names=axes, foot=_foot(data.as_of))


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
    stated = {axis for one in players for axis in known_values(one.values, (*OUTFIELD_AXES, *GOALKEEPER_AXES))}
    outfield = bool(stated & (set(OUTFIELD_AXES) - set(GOALKEEPER_AXES)))
    goalkeeper = bool(stated & (set(GOALKEEPER_AXES) - set(OUTFIELD_AXES)))
    if goalkeeper and outfield:
        return OUTFIELD_AXES + tuple(axis for axis in GOALKEEPER_AXES if axis not in OUTFIELD_AXES)
    return GOALKEEPER_AXES if goalkeeper else OUTFIELD_AXES


def _any(rows: Sequence[Row], names: Sequence[str]) -> bool:
    return any(known_values(row.values, names) for row in rows)


def _in_words(values: Values, names: Sequence[str]) -> str:
    known = known_values(values, names)
    return ", ".join(f"{axis_label(name).lower()} {known[name]:.0f}" for name in names if name in known)


def _foot(as_of: datetime | None) -> list[str]:
    return ["Attributes 0-100 by SofaSport", moment(as_of)]


def _refuse_too_many(data: ComparisonRadar) -> None:
    if len(data.players) > MOST_PLAYERS:
        raise ValueError(f"A radar compares at most {MOST_PLAYERS} players, not {len(data.players)}. Pass fewer")
