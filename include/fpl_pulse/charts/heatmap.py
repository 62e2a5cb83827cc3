"""Heatmaps: where a player touched the ball, and where both teams of a match did."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

import numpy as np
from matplotlib.figure import Figure

from fpl_pulse.charts.canvas import HEAD, POINTS_PER_PIXEL, Canvas, empty, foot_height
from fpl_pulse.charts.lettering import DASH, Venue, clean, fit, match_facts, matches_in_words, moment, score_line
from fpl_pulse.charts.pitch import (
    Floats,
    Point,
    Spots,
    busiest_zone,
    draw_pitch,
    pitch_height,
    pitch_inset,
    shares_of_thirds,
    spots,
    surface,
)
from fpl_pulse.charts.style import MARGIN, SMALL, TEXT, TITLE, WIDTH, Theme, heat_map
from fpl_pulse.wording import quantity

FEWEST_FOR_A_SURFACE: Final = 30
"""Fewer points are drawn one by one: they are too few for a density."""


@dataclass(frozen=True)
class HeatScale:
    """What the colours of a surface mean, see `pitch.surface`. From the last mark on, the colour stays the same."""

    marks: tuple[int, ...]
    is_root: bool
    """Whether the colours follow the square root of the value."""

    def shade(self, values: Floats) -> Floats:
        """The place of values on the scale, from 0 to 1; values above the last mark are above 1."""
        part = values / self.marks[-1]
        return np.sqrt(part) if self.is_root else part


PLAYER_SCALE: Final = HeatScale((0, 1, 4, 9, 16), is_root=True)
"""A winger reaches 8 and a goalkeeper 20; the square root keeps both readable."""
TEAM_SCALE: Final = HeatScale((0, 1, 2, 3, 4), is_root=False)
"""A team is everywhere: its busiest place reaches 3."""
NOT_TRACKING: Final = "Recorded actions, not tracking"
SCALE_TITLE: Final = "% of the actions on 1 % of the pitch"


@dataclass(frozen=True)
class PlayerMatchHeatmap:
    """A player's recorded actions in one match."""

    player: str
    club: str
    opponent: str
    venue: Venue
    gameweek: int | None
    event_id: int
    points: Sequence[Point]
    minutes: int | None = None
    season: str | None = None
    as_of: datetime | None = None


@dataclass(frozen=True)
class PlayerSeasonHeatmap:
    """A player's recorded actions in all matches of a season that have a heatmap."""

    player: str
    club: str
    season: str
    matches: int
    points: Sequence[Point]
    minutes: int | None = None
    as_of: datetime | None = None


@dataclass(frozen=True)
class BothTeamsHeatmap:
    """The recorded actions of both teams in one match, each from its own view; the picture mirrors the away team.

    `home_players` and `away_players` are the numbers of players with a heatmap.
    """

    home: str
    away: str
    gameweek: int | None
    event_id: int
    home_points: Sequence[Point]
    away_points: Sequence[Point]
    home_players: int
    away_players: int
    home_score: int | None = None
    away_score: int | None = None
    season: str | None = None
    as_of: datetime | None = None


OneHeatmap = PlayerMatchHeatmap | PlayerSeasonHeatmap


def draw_heatmap(data: OneHeatmap, theme: Theme) -> Figure:
    """A pitch with the actions of a player, attack from left to right."""
    found = spots(data.points)
    title, facts, foot = clean(data.player), _facts(data), _foot(data, found)
    if not found.total:
        return empty(theme, title, facts, _why_empty(data), foot)
    inner = WIDTH - 2 * MARGIN
    below = HEAD + pitch_height(inner)
    canvas = Canvas(below + _THIRDS_HEIGHT + _LEGEND_HEIGHT + foot_height(foot), theme)
    canvas.head(f"{fit(title, 400, TITLE, bold=True)}: {quantity(found.total, 'recorded action')}", facts)
    _draw_actions(canvas, found, PLAYER_SCALE, left=MARGIN, top=HEAD, width=inner)
    _draw_thirds(canvas, found, MARGIN, below, inner)
    if _is_few(found):
        _explain_dots(canvas, below + _THIRDS_HEIGHT + 26)
    else:
        _draw_scale(canvas, PLAYER_SCALE, below + _THIRDS_HEIGHT)
    canvas.foot(foot)
    return canvas.figure


def heatmap_alt(data: OneHeatmap) -> str:
    """The heatmap in words."""
    found = spots(data.points)
    what = f"Heatmap of {clean(data.player)}, {', '.join(fact for fact in _facts(data) if fact)}"
    if not found.total:
        return f"{what}. {_why_empty(data)}"
    zone, share = busiest_zone(found)
    return f"{what}: {quantity(found.total, 'recorded action')}, most often in the {zone} ({share} %)."


def draw_both_teams(data: BothTeamsHeatmap, theme: Theme) -> Figure:
    """Two pitches side by side on the same scale: the home team attacks to the right, the away team to the left."""
    found = (spots(data.home_points), spots(data.away_points, mirrored=True))
    title, facts = _score(data), match_facts(data.gameweek, data.season)
    total = quantity(sum(one.total for one in found), "point")
    foot = [NOT_TRACKING, total, f"event {data.event_id}", moment(data.as_of)]
    if not any(one.total for one in found):
        return empty(theme, title, facts, "No heatmap: SofaSport has no points for this match.", foot)
    gap = 24
    width = (WIDTH - 2 * MARGIN - gap) / 2
    top, height = HEAD + 62, pitch_height(width)
    legend = top + height + _THIRDS_HEIGHT
    has_dots, has_surface = any(map(_is_few, found)), any(one.total >= FEWEST_FOR_A_SURFACE for one in found)
    # One legend, or both below each other when one team has few points.
    below = legend + (has_dots + has_surface) * _LEGEND_HEIGHT
    canvas = Canvas(below + foot_height(foot), theme)
    canvas.head(title, facts)
    sides = zip((data.home, data.away), found, (data.home_players, data.away_players), ("right", "left"), strict=True)
    for number, (club, one, players, attack) in enumerate(sides):
        left = MARGIN + number * (width + gap)
        canvas.text(left, HEAD + 14, club, bold=True, width=width)
        counted = f"{quantity(one.total, 'point')} of {quantity(players, 'player')}"
        canvas.text(left, HEAD + 40, counted, size=SMALL, colour=theme.muted, width=width)
        _draw_actions(canvas, one, TEAM_SCALE, left=left, top=top, width=width)
        _draw_thirds(canvas, one, left, top + height, width, attack="right" if attack == "right" else "left")
    if has_surface:
        _draw_scale(canvas, TEAM_SCALE, legend)
    if has_dots:
        _explain_dots(canvas, below - _LEGEND_HEIGHT + 26)
    canvas.foot(foot)
    return canvas.figure


def both_teams_alt(data: BothTeamsHeatmap) -> str:
    """The picture of both teams in words."""
    sides = []
    for club, points in ((data.home, data.home_points), (data.away, data.away_points)):
        found = spots(points)
        if found.total:
            attacking = shares_of_thirds(found)[2]
            counted = quantity(found.total, "recorded action")
            sides.append(f"{clean(club)} {counted}, {attacking} % of them in the attacking third")
        else:
            sides.append(f"{clean(club)} no points")
    facts = ", ".join(fact for fact in match_facts(data.gameweek, data.season) if fact)
    return f"Heatmaps of {_score(data)}, {facts}: {'; '.join(sides)}."


_THIRDS_HEIGHT: Final = 48
_LEGEND_HEIGHT: Final = 60


def _is_few(found: Spots) -> bool:
    """Whether the points are drawn one by one."""
    return 0 < found.total < FEWEST_FOR_A_SURFACE


def _draw_actions(canvas: Canvas, found: Spots, scale: HeatScale, *, left: float, top: float, width: float) -> None:
    """A pitch with a surface, with single points when they are few, empty when there are none."""
    theme = canvas.theme
    axes = canvas.axes(left, top, width, pitch_height(width))
    draw_pitch(axes, theme, line_width=1.3 if width > WIDTH / 2 else 1.0)
    if _is_few(found):
        size = (11 * POINTS_PER_PIXEL) ** 2 * found.counts
        axes.scatter(
            found.x, found.y, s=size, color=theme.accent, alpha=0.75, edgecolors=theme.panel, linewidths=1, zorder=3
        )
    elif found.total:
        axes.imshow(
            scale.shade(surface(found)),
            cmap=heat_map(theme),
            vmin=0,
            vmax=1,
            extent=(0, 100, 0, 100),
            origin="lower",
            interpolation="bilinear",
            aspect=axes.get_aspect(),
            zorder=1,
        )


def _draw_thirds(
    canvas: Canvas, found: Spots, left: float, top: float, width: float, *, attack: Literal["right", "left"] = "right"
) -> None:
    """Below the pitch: an arrow in the direction of the attack, and the share of each third."""
    theme = canvas.theme
    wide = width > WIDTH / 2
    names = ("Own third", "Middle third", "Attacking third") if wide else ("Own", "Middle", "Attack")
    inset = pitch_inset(width)
    start, end = left + inset, left + width - inset
    canvas.line((start, end), (top + 10, top + 10), theme.pitch_line, 1.5)
    tip, marker = (end, ">") if attack == "right" else (start, "<")
    canvas.marker(tip, top + 10, marker, 9, face=theme.pitch_line, edge=theme.pitch_line)
    if not found.total:
        note = "No points for this team"
        canvas.text(left + width / 2, top + 32, note, size=SMALL, colour=theme.muted, ha="center", width=width)
        return
    columns = list(zip(names, shares_of_thirds(found, attack=attack), strict=True))
    if attack == "left":
        columns.reverse()
    third = (end - start) / 3
    for number, (name, share) in enumerate(columns):
        last = name == names[2]
        x = start + third * (number + 0.5)
        colour = theme.ink if last else theme.muted
        canvas.text(
            x, top + 32, f"{name} {share} %", size=SMALL, colour=colour, bold=last and wide, ha="center", width=third
        )


def _explain_dots(canvas: Canvas, y: float) -> None:
    """The legend of single points: what a dot is."""
    theme = canvas.theme
    canvas.marker(MARGIN + 12, y, "o", 11, face=theme.accent, edge=theme.accent)
    note = f"An action; a larger dot is several. Fewer than {FEWEST_FOR_A_SURFACE} actions have no surface."
    canvas.text(MARGIN + 28, y, note, size=SMALL, colour=theme.muted)


def _draw_scale(canvas: Canvas, scale: HeatScale, top: float) -> None:
    """The legend of a surface: the colours with their values."""
    theme = canvas.theme
    length = 300
    left = WIDTH - MARGIN - length - 2 * pitch_inset(WIDTH - 2 * MARGIN)
    axes = canvas.axes(left, top + 10, length, 14)
    steps = np.linspace(0, 1, 256).reshape(1, -1)
    axes.imshow(steps, cmap=heat_map(theme), aspect="auto", extent=(0, 1, 0, 1))
    axes.set_axis_off()
    start = MARGIN + pitch_inset(WIDTH - 2 * MARGIN)
    canvas.text(start, top + 26, SCALE_TITLE, size=SMALL, colour=theme.muted)
    for value, place in zip(scale.marks, scale.shade(np.array(scale.marks, dtype=np.float64)), strict=True):
        label = str(value) if place < 1 else f"{value}+"
        canvas.text(left + length * float(place), top + 38, label, size=SMALL, colour=theme.muted, ha="center")


def _facts(data: OneHeatmap) -> list[str]:
    """Opponent, venue, gameweek and minutes; for a season its matches."""
    if isinstance(data, PlayerSeasonHeatmap):
        return [
            fit(data.club, 300, TEXT),
            f"season {clean(data.season)}",
            matches_in_words(data.matches),
            _minutes(data.minutes),
        ]
    pair = (data.club, data.opponent) if data.venue == "home" else (data.opponent, data.club)
    match = f" {DASH} ".join(fit(club, 175, TEXT) for club in pair)
    return [f"{match} ({data.venue})", *match_facts(data.gameweek, data.season), _minutes(data.minutes)]


def _foot(data: OneHeatmap, found: Spots) -> list[str]:
    event = "" if isinstance(data, PlayerSeasonHeatmap) else f"event {data.event_id}"
    return [NOT_TRACKING, quantity(found.total, "point"), event, moment(data.as_of)]


def _why_empty(data: OneHeatmap) -> str:
    when = "season" if isinstance(data, PlayerSeasonHeatmap) else "match"
    return f"No heatmap: SofaSport has no points for this player in this {when}."


def _score(data: BothTeamsHeatmap) -> str:
    return score_line(data.home, data.away, data.home_score, data.away_score)


def _minutes(minutes: int | None) -> str:
    return "" if minutes is None else quantity(minutes, "minute")
