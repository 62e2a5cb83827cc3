"""A player's ratings by gameweek, with the values that SofaSport has corrected."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from math import floor, isnan
from statistics import mean
from typing import Final

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from fpl_pulse.charts.canvas import HEAD, POINTS_PER_PIXEL, Canvas, empty, foot_height
from fpl_pulse.charts.gameweek_axis import floats, known, placed, week_axes, write_beside
from fpl_pulse.charts.lettering import Venue, against, clean, fit, matches_in_words, moment
from fpl_pulse.charts.style import MARGIN, RATING_BANDS, SMALL, TEXT, TITLE, Theme, rating_colour

LOWEST_SHOWN: Final = 5.0
"""The lowest mark of the axis, unless the player has a lower rating, also one before a correction.

The highest is 10.
"""


@dataclass(frozen=True)
class RatedMatch:
    """A match of a player's season. `rating` is None when he did not play, or SofaSport has no rating.

    `earlier_ratings` are the values that SofaSport has corrected since, oldest first.
    """

    gameweek: int
    opponent: str
    venue: Venue
    rating: float | None
    earlier_ratings: Sequence[float] = ()


@dataclass(frozen=True)
class Ratings:
    """A player's ratings in a season: an entry for each match, in the order of their kick-offs."""

    player: str
    club: str
    season: str
    matches: Sequence[RatedMatch]
    as_of: datetime | None = None


def draw_ratings(data: Ratings, theme: Theme) -> Figure:
    """The rating of each match, a gap where there is none. A hollow marker shows a value before its correction."""
    rated = known(one.rating for one in data.matches)
    facts, foot = [fit(data.club, 300, TEXT), clean(data.season)], ["Ratings by SofaSport", moment(data.as_of)]
    if not rated:
        return empty(theme, clean(data.player), facts, "No ratings: SofaSport has none for this player.", foot)
    canvas = Canvas(HEAD + 408 + foot_height(foot), theme)
    title = f"{fit(data.player, 420, TITLE, bold=True)}: average rating {mean(rated):.2f}"
    canvas.head(title, [*facts, matches_in_words(len(rated), "rated")])
    earlier = known(rating for one in data.matches for rating in one.earlier_ratings)
    axes = week_axes(canvas, HEAD + 10, 310, [one.gameweek for one in data.matches])
    lowest = floor(min(LOWEST_SHOWN, *rated, *earlier))
    axes.set_yticks(range(lowest, 11))
    axes.set_ylim(lowest - 0.1, 10.1)
    _draw_matches(axes, data.matches, mean(rated), theme)
    _draw_legend(canvas, HEAD + 386, has_corrections=bool(earlier))
    canvas.foot(foot)
    return canvas.figure


def ratings_alt(data: Ratings) -> str:
    """The ratings in words."""
    who = f"Ratings of {clean(data.player)}, {clean(data.club)}, {clean(data.season)}"
    rated = [(one.rating, one) for one in data.matches if one.rating is not None]
    if not rated:
        return f"{who}: no ratings."
    (best, on_best), (worst, on_worst) = (choose(rated, key=lambda pair: pair[0]) for choose in (max, min))
    average = mean(rating for rating, _ in rated)
    return (
        f"{who}: average {average:.2f} in {matches_in_words(len(rated), 'rated')}, "
        f"best {best:.1f} in gameweek {on_best.gameweek} against {against(on_best.opponent, on_best.venue)}, "
        f"lowest {worst:.1f} in gameweek {on_worst.gameweek} against {against(on_worst.opponent, on_worst.venue)}."
    )


def _draw_matches(axes: Axes, matches: Sequence[RatedMatch], average: float, theme: Theme) -> None:
    """The line, a marker for each match, hollow ones for earlier values, and the best and the lowest in words."""
    x, ratings = placed([one.gameweek for one in matches]), floats(one.rating for one in matches)
    axes.axhline(average, color=theme.muted, linewidth=1.3, linestyle=(0, (1, 2)), zorder=1)
    axes.plot(x, ratings, color=theme.muted, linewidth=1.3, zorder=2)
    size = 15 * POINTS_PER_PIXEL
    rated = [
        (place, one, rating)
        for place, one, rating in zip(x.tolist(), matches, ratings.tolist(), strict=True)
        if not isnan(rating)
    ]
    for place, one, rating in rated:
        for old in known(one.earlier_ratings):
            axes.plot([place, place], [old, rating], color=theme.ink, linewidth=1, zorder=3)
            (hollow,) = axes.plot([place], [old], marker="o", markersize=size, zorder=4)
            hollow.set(markerfacecolor=theme.background, markeredgecolor=theme.ink, markeredgewidth=1.2)
        (spot,) = axes.plot([place], [rating], marker="o", markersize=size, zorder=5)
        spot.set(markerfacecolor=rating_colour(rating), markeredgecolor=theme.badge_edge, markeredgewidth=0.8)
    best, worst = max(rated, key=lambda one: one[2]), min(rated, key=lambda one: one[2])
    for place, one, rating in (best, worst) if best is not worst else (best,):
        above = one is best[1] and rating < 9.5
        write_beside(axes, place, rating, f"{rating:.1f} {against(one.opponent, one.venue)}", theme, above=above)


def _draw_legend(canvas: Canvas, y: float, *, has_corrections: bool) -> None:
    """What the colours and markers mean. The colours repeat the vertical axis, so the picture works without them."""
    theme = canvas.theme
    x = MARGIN + 8.0
    words = [f"{lowest:.0f}+" if lowest else "below 6" for lowest, _ in RATING_BANDS]
    for (_, colour), word in zip(reversed(RATING_BANDS), reversed(words), strict=True):
        canvas.marker(x, y, "o", 15, face=colour, edge=theme.badge_edge)
        canvas.text(x + 14, y, word, size=SMALL, colour=theme.muted)
        x += 106 if word == "below 6" else 68
    canvas.line((x, x + 26), (y, y), theme.muted, 2, ":")
    canvas.text(x + 32, y, "average", size=SMALL, colour=theme.muted)
    if has_corrections:
        canvas.marker(x + 130, y, "o", 15, face=theme.background, edge=theme.ink)
        canvas.text(x + 144, y, "before a correction", size=SMALL, colour=theme.muted)
