"""The pitch and the source's coordinates on it.

SofaSport states every point from the player's own view: x from 0 at the own goal line to 100 at the opponent's, y
across the pitch. A picture of one player or one team keeps that: the attack goes from left to right. A picture of both
teams mirrors the away team, so that its goalkeeper stands in the goal on the right.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Final, Literal

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patheffects import AbstractPathEffect, withStroke
from numpy.typing import NDArray

from fpl_pulse.charts.style import Theme

Floats = NDArray[np.float64]

Y_RISES_TO_THE_LEFT: Final = True
"""Whether y = 0 is the touchline at the right hand of a player who attacks, as in Opta's data.

SofaSport does not document it. Everything that depends on it reads this constant.
"""

LENGTH_M: Final = 105
WIDTH_M: Final = 68
CELLS_PER_M: Final = 2
BLUR_M: Final = 4.5
"""The standard deviation of the smoothing. The same for every heatmap, whatever its number of points."""
PADDING: Final = 2.2
"""Around the pitch, in percent of its width: room for the goals."""
_PADDING_M: Final = PADDING * WIDTH_M / 100


@dataclass(frozen=True)
class Point:
    """A recorded action. x and y are 0-100 as SofaSport states them; `count` says how often it was recorded there."""

    x: float
    y: float
    count: int = 1


@dataclass(frozen=True)
class Spots:
    """Points in a picture: x from left to right, y from bottom to top, both 0-100, with the count of each."""

    x: Floats
    y: Floats
    counts: Floats

    @property
    def total(self) -> int:
        """The number of recorded actions."""
        return int(self.counts.sum())


def spots(points: Iterable[Point], *, mirrored: bool = False) -> Spots:
    """Where points are in a picture. `mirrored` turns the pitch by half a turn, for the away team of a match.

    Points without a number or outside 0-100 are skipped: the load has rejected them, so they come from elsewhere.
    """
    kept = [one for one in points if _is_on_pitch(one)]
    x = np.array([one.x for one in kept], dtype=np.float64)
    y = np.array([one.y for one in kept], dtype=np.float64)
    if not Y_RISES_TO_THE_LEFT:
        y = 100 - y
    if mirrored:
        x, y = 100 - x, 100 - y
    return Spots(x, y, np.array([one.count for one in kept], dtype=np.float64))


def surface(found: Spots) -> Floats:
    """How the actions spread: rows from bottom to top, cells of half a metre.

    A value is the percentage of the actions that falls on an area as large as 1 % of the pitch. Actions that are spread
    evenly give 1 everywhere. It depends on nothing but the points, so all pictures can be compared.
    """
    from scipy.ndimage import gaussian_filter  # noqa: PLC0415 - slow, and the API server only asks for pictures

    cells = (WIDTH_M * CELLS_PER_M, LENGTH_M * CELLS_PER_M)
    counted, _, _ = np.histogram2d(found.y, found.x, bins=cells, range=((0, 100), (0, 100)), weights=found.counts)
    # "reflect" keeps what the smoothing would lose beyond the lines of the pitch.
    smooth = gaussian_filter(counted, BLUR_M * CELLS_PER_M, mode="reflect")
    return np.asarray(smooth * (counted.size / found.total), dtype=np.float64)


def draw_pitch(axes: Axes, theme: Theme, *, line_width: float = 1.3) -> None:
    """Draw the lines of a pitch on axes, 0-100 in both directions. They have the zorder 2."""
    from mplsoccer import Pitch  # noqa: PLC0415 - as above

    pitch = Pitch(
        pitch_type="opta",
        pitch_color=theme.panel,
        line_color=theme.pitch_line,
        linewidth=line_width,
        line_zorder=2,
        corner_arcs=True,
        goal_type="box",
        spot_scale=0.014,
        pad_left=PADDING,
        pad_right=PADDING,
        pad_top=PADDING,
        pad_bottom=PADDING,
    )
    pitch.draw(ax=axes)
    # The colours of a heatmap reach from dark to light, so no single colour of a line stands out from all of them.
    halo: list[AbstractPathEffect] = [withStroke(linewidth=line_width + 1.6, foreground=theme.panel, alpha=0.55)]
    for artist in (*axes.lines, *axes.patches):
        artist.set_path_effects(halo)


def pitch_height(width: float) -> int:
    """The height in pixels of the axes of a pitch with its padding, from their width."""
    return round(width * (WIDTH_M + 2 * _PADDING_M) / (LENGTH_M + 2 * _PADDING_M))


def pitch_inset(width: float) -> float:
    """The pixels between the edge of the axes and the line of the pitch."""
    return width * _PADDING_M / (LENGTH_M + 2 * _PADDING_M)


def shares_of_thirds(found: Spots, *, attack: Literal["right", "left"] = "right") -> tuple[int, int, int]:
    """Percentages of the actions in the own, the middle and the attacking third. They add up to 100."""
    counted, _ = np.histogram(found.x, bins=(0, 100 / 3, 200 / 3, 100), weights=found.counts)
    own, middle, attacking = counted if attack == "right" else counted[::-1]
    return _whole_percentages((float(own), float(middle), float(attacking)))


def busiest_zone(found: Spots) -> tuple[str, int]:
    """Where most actions of an attack to the right are, in words, with their percentage: `left attacking third`."""
    bins = (0, 100 / 3, 200 / 3, 100)
    counted, _, _ = np.histogram2d(found.y, found.x, bins=(bins, bins), weights=found.counts)
    row, column = divmod(int(counted.argmax()), 3)
    side = ("right", "central", "left")[row]
    third = ("own third", "middle third", "attacking third")[column]
    return f"{side} {third}", round(100 * float(counted.max()) / found.total)


def _whole_percentages(parts: Sequence[float]) -> tuple[int, int, int]:
    """Parts of a whole in percent, rounded so that they add up to 100: the largest remainders are rounded up."""
    exact = [100 * part / sum(parts) for part in parts]
    whole = [int(one) for one in exact]
    by_remainder = sorted(range(len(exact)), key=lambda index: whole[index] - exact[index])
    for index in by_remainder[: 100 - sum(whole)]:
        whole[index] += 1
    return whole[0], whole[1], whole[2]


def _is_on_pitch(point: Point) -> bool:
    """Whether the coordinates are numbers from 0 to 100 and the count is positive."""
    in_range = all(isfinite(value) and 0 <= value <= 100 for value in (point.x, point.y))
    return in_range and point.count > 0
