"""Elevens on a pitch: the two of a match, and the team of the week."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import FancyBboxPatch

from fpl_pulse.charts.canvas import HEAD, POINTS_PER_PIXEL, Canvas, empty, empty_height, foot_height
from fpl_pulse.charts.formation import LineupPlayer, Place, lines_of_formation, places
from fpl_pulse.charts.lettering import DASH, clean, fit, font, match_facts, moment, score_line
from fpl_pulse.charts.style import LABEL, MARGIN, NOTE, SMALL, TEXT, WIDTH, Theme, rating_colour, text_on
from fpl_pulse.wording import quantity

PITCH_WIDTH_M: Final = 74
PITCH_LENGTH_M: Final = 92
"""A short and wide pitch within the laws of the game, so that a phone shows both elevens with their names."""
PADDING_M: Final = 2.5


@dataclass(frozen=True)
class Eleven:
    """The starters of a side in SofaSport's order: the goalkeeper, then each line from right to left."""

    club: str
    formation: str | None
    players: Sequence[LineupPlayer]
    average_rating: float | None = None


@dataclass(frozen=True)
class MatchLineups:
    """Both elevens of a match."""

    home: Eleven
    away: Eleven
    gameweek: int | None
    event_id: int
    home_score: int | None = None
    away_score: int | None = None
    season: str | None = None
    as_of: datetime | None = None


@dataclass(frozen=True)
class WeekPlayer:
    """A player of the team of the week with FPL's points in the gameweek."""

    name: str
    position: str
    rating: float | None
    club: str = ""
    points: int | None = None


@dataclass(frozen=True)
class TeamOfTheWeek:
    """Eleven players in the order of their lines, the goalkeeper first, with the rule that chose them."""

    season: str
    gameweek: int
    formation: str | None
    players: Sequence[WeekPlayer]
    chosen_by: str
    """For example `most FPL points in a valid formation`."""
    as_of: datetime | None = None


@dataclass(frozen=True)
class StarterArea:
    """The part of the picture that belongs to a starter, in pixels from its top left corner."""

    player: LineupPlayer
    x: float
    y: float
    width: float
    height: float


def draw_lineups(data: MatchLineups, theme: Theme) -> Figure:
    """Both elevens on a pitch: the home side above, attacking downwards, the away side below."""
    title, facts = _score(data), match_facts(data.gameweek, data.season)
    foot = _foot(data)
    if not data.home.players and not data.away.players:
        return empty(theme, title, facts, "No lineups: SofaSport has none for this match.", foot[1:])
    width = WIDTH - 2 * MARGIN
    height = _height(width, PITCH_LENGTH_M)
    canvas = Canvas(lineups_height(data), theme)
    canvas.head(title, facts)
    axes = canvas.axes(MARGIN, HEAD + _SIDE, width, height)
    _draw_pitch(axes, PITCH_LENGTH_M, theme)
    for eleven, side, top in ((data.home, "home", HEAD), (data.away, "away", HEAD + _SIDE + height)):
        _name_side(canvas, eleven, top + _SIDE / 2)
        _draw_side(axes, eleven, side == "home", theme)
    canvas.foot(foot)
    return canvas.figure


def lineups_height(data: MatchLineups) -> int:
    """The height of the picture of the lineups in pixels; its width is `style.WIDTH`."""
    if not data.home.players and not data.away.players:
        return empty_height(_foot(data)[1:])
    return HEAD + 2 * _SIDE + _height(WIDTH - 2 * MARGIN, PITCH_LENGTH_M) + 8 + foot_height(_foot(data))


def starter_areas(data: MatchLineups) -> list[StarterArea]:
    """The circle, the rating and the name of each starter, so that a page can make them links.

    In formations of up to five lines no two areas overlap.
    """
    areas: list[StarterArea] = []
    for eleven, is_home in ((data.home, True), (data.away, False)):
        found = places(eleven.players, eleven.formation)
        lines = len({place.forward for place in found})
        height = min(_AREA_HEIGHT, _AWAY_DEPTH_M * _METRE / max(1, lines - 1))
        for place in found:
            across, up = _spot(place, is_home)
            x = MARGIN + (across + PADDING_M) * _METRE
            below = HEAD + _SIDE + (PITCH_LENGTH_M + PADDING_M - up) * _METRE + _AREA_BELOW
            width = min(_AREA_WIDTH, place.room * PITCH_WIDTH_M * _METRE)
            areas.append(StarterArea(place.player, x - width / 2, below - height, width, height))
    return areas


def lineups_alt(data: MatchLineups) -> str:
    """The elevens in words."""
    facts = ", ".join(fact for fact in match_facts(data.gameweek, data.season) if fact)
    sides = [_side_in_words(one) for one in (data.home, data.away)]
    return f"Lineups of {_score(data)}, {facts}. {' '.join(sides)}"


def draw_team_of_the_week(data: TeamOfTheWeek, theme: Theme) -> Figure:
    """An eleven on half a pitch that attacks upwards."""
    title = f"Team of the week: gameweek {data.gameweek}"
    facts = [clean(data.season), data.chosen_by]
    foot = ["Rating by SofaSport", moment(data.as_of)]
    if not data.players:
        why = "No team of the week: the players of this gameweek fill no valid formation."
        return empty(theme, title, facts, why, foot)
    width = WIDTH - 2 * MARGIN
    height = _height(width, _WEEK_LENGTH_M)
    canvas = Canvas(HEAD + height + 8 + foot_height(foot), theme)
    canvas.head(title, facts)
    axes = canvas.axes(MARGIN, HEAD, width, height)
    _draw_pitch(axes, _WEEK_LENGTH_M, theme, half=True)
    players = [LineupPlayer(one.name, one.position, rating=one.rating) for one in data.players]
    chosen = {id(player): one for player, one in zip(players, data.players, strict=True)}
    for place in places(players, data.formation):
        spot = (PITCH_WIDTH_M * (1 - place.across), 11 + place.forward * (_WEEK_LENGTH_M - 18))
        _draw_chosen(axes, place, spot, chosen[id(place.player)], theme)
    canvas.foot(foot)
    return canvas.figure


def team_of_the_week_alt(data: TeamOfTheWeek) -> str:
    """The team of the week in words."""
    named = ", ".join(f"{clean(one.name)} {rating_text(one.rating)}" for one in data.players)
    what = f"Team of the week of gameweek {data.gameweek}, {clean(data.season)}, {clean(data.chosen_by)}"
    return f"{what}: {named}." if named else f"{what}: no players."


_SIDE: Final = 40
_HOME_DEPTH_M: Final = 33
_AWAY_DEPTH_M: Final = 32.5
"""From the goalkeeper to the foremost line. The away side's names are below its players, so it has less."""
_AREA_WIDTH: Final = 170
_AREA_HEIGHT: Final = 73
_AREA_BELOW: Final = 44.3
"""Of what belongs to a starter, in pixels: from the top of the rating, and from the middle of the circle, to the bottom
of the name."""
_WEEK_LENGTH_M: Final = 64
_METRE: Final = (WIDTH - 2 * MARGIN) / (PITCH_WIDTH_M + 2 * PADDING_M)
"""Pixels in the picture for a metre of the pitch."""


def _draw_pitch(axes: Axes, length: float, theme: Theme, *, half: bool = False) -> None:
    """A pitch from the bottom up. `half` shows the goal at the bottom and the middle line at the top."""
    from mplsoccer import VerticalPitch  # noqa: PLC0415 - slow, and the API server only asks for pictures

    pitch = VerticalPitch(
        pitch_type="custom",
        pitch_length=2 * length if half else length,
        pitch_width=PITCH_WIDTH_M,
        pitch_color=theme.panel,
        line_color=theme.grid,
        linewidth=1.4,
        corner_arcs=True,
        goal_type="box",
        spot_scale=0.01,
        pad_left=PADDING_M,
        pad_right=PADDING_M,
        pad_bottom=PADDING_M,
        pad_top=PADDING_M - (length if half else 0),
    )
    pitch.draw(ax=axes)
    # mplsoccer counts from the right touchline. Here, as in every other chart, x grows to the right.
    axes.set_xlim(-PADDING_M, PITCH_WIDTH_M + PADDING_M)


def _height(width: float, length: float) -> int:
    return round(width * (length + 2 * PADDING_M) / (PITCH_WIDTH_M + 2 * PADDING_M))


def _name_side(canvas: Canvas, eleven: Eleven, y: float) -> None:
    """Club, formation and average rating, above or below the side's half."""
    shape = clean(eleven.formation) if lines_of_formation(eleven.formation) else "formation unknown"
    rated = "" if eleven.average_rating is None else f"average rating {eleven.average_rating:.2f}"
    canvas.text(MARGIN, y, eleven.club, bold=True, width=380)
    facts = " · ".join(part for part in (shape, rated) if part)
    canvas.text(WIDTH - MARGIN, y, facts, size=SMALL, colour=canvas.theme.muted, ha="right", width=340)


def _draw_side(axes: Axes, eleven: Eleven, is_home: bool, theme: Theme) -> None:
    """The players of a side in its half. Seen from above, the right of a side that attacks downwards is on the left."""
    for place in places(eleven.players, eleven.formation):
        _draw_starter(axes, place, _spot(place, is_home), is_home, theme)


def _spot(place: Place, is_home: bool) -> tuple[float, float]:
    """Where a starter stands in metres: from the left touchline, and up from the lower goal line."""
    if is_home:
        return PITCH_WIDTH_M * place.across, PITCH_LENGTH_M - 5.5 - place.forward * _HOME_DEPTH_M
    return PITCH_WIDTH_M * (1 - place.across), 8 + place.forward * _AWAY_DEPTH_M


def _draw_starter(axes: Axes, place: Place, spot: tuple[float, float], is_home: bool, theme: Theme) -> None:
    """A shirt number in a circle, the rating in a badge beside it, the name below."""
    player, (x, y) = place.player, spot
    face, ink = (theme.home, theme.background) if is_home else (theme.away, theme.ink)
    _circle(axes, spot, 40, face, theme.ink)
    number = "" if player.shirt_number is None else str(player.shirt_number)
    _write(axes, spot, number, TEXT, colour=ink, bold=True)
    right, above = x + 30 / _METRE, y + 15 / _METRE
    width, height = 40 / _METRE, 22 / _METRE
    colour = rating_colour(player.rating)
    badge = FancyBboxPatch(
        (right - width / 2, above - height / 2),
        width,
        height,
        boxstyle=f"round,pad=0,rounding_size={6 / _METRE}",
        facecolor=colour,
        edgecolor=theme.badge_edge,
        linewidth=1,
        zorder=5,
    )
    axes.add_patch(badge)
    _write(axes, (right, above), rating_text(player.rating), LABEL, colour=text_on(colour), bold=True)
    name = f"{clean(player.name)} (C)" if player.is_captain else player.name
    _write(axes, (x, y - 33 / _METRE), fit(name, _room(place), SMALL), SMALL, colour=theme.ink)


def _draw_chosen(axes: Axes, place: Place, spot: tuple[float, float], chosen: WeekPlayer, theme: Theme) -> None:
    """The rating in a circle of its colour, the name, the club and the points below."""
    player, (x, y) = place.player, spot
    colour = rating_colour(player.rating)
    _circle(axes, spot, 50, colour, theme.badge_edge)
    _write(axes, spot, rating_text(player.rating), TEXT, colour=text_on(colour), bold=True)
    name = fit(player.name, _room(place), SMALL, bold=True)
    _write(axes, (x, y - 39 / _METRE), name, SMALL, colour=theme.ink, bold=True)
    points = "" if chosen.points is None else quantity(chosen.points, "point")
    for number, note in enumerate(note for note in (clean(chosen.club), points) if note):
        below = (x, y - (60 + 20 * number) / _METRE)
        _write(axes, below, fit(note, _room(place), NOTE), NOTE, colour=theme.muted)


def _circle(axes: Axes, spot: tuple[float, float], size: float, face: str, edge: str) -> None:
    (circle,) = axes.plot([spot[0]], [spot[1]], marker="o", markersize=size * POINTS_PER_PIXEL, zorder=4)
    circle.set(markerfacecolor=face, markeredgecolor=edge, markeredgewidth=1.5)


def _room(place: Place) -> float:
    """Pixels for a name: its part of the pitch, but not so much that the names of a row could look like one text."""
    return min(230.0, place.room * PITCH_WIDTH_M * _METRE - 8)


def _write(axes: Axes, spot: tuple[float, float], text: str, size: float, *, colour: str, bold: bool = False) -> None:
    """One cleaned line in the middle of a place on the pitch."""
    axes.text(
        *spot,
        text,
        ha="center",
        va="center_baseline",
        fontproperties=font(bold=bold),
        fontsize=size * POINTS_PER_PIXEL,
        color=colour,
        zorder=6,
        parse_math=False,
    )


def rating_text(rating: float | None) -> str:
    """A rating with one decimal, or a dash."""
    return DASH if rating is None else f"{rating:.1f}"


def _foot(data: MatchLineups) -> list[str]:
    return ["Number on the shirt, SofaSport's rating beside it", f"event {data.event_id}", moment(data.as_of)]


def _score(data: MatchLineups) -> str:
    return score_line(data.home.club, data.away.club, data.home_score, data.away_score)


def _side_in_words(eleven: Eleven) -> str:
    if not eleven.players:
        return f"{clean(eleven.club)}: no lineup."
    shape = f" in {clean(eleven.formation)}" if lines_of_formation(eleven.formation) else ""
    named = ", ".join(f"{clean(one.name)} {rating_text(one.rating)}" for one in eleven.players)
    return f"{clean(eleven.club)}{shape}: {named}."
