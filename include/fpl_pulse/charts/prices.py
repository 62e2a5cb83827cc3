"""A player's price and ownership by gameweek."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from fpl_pulse.charts.canvas import HEAD, POINTS_PER_PIXEL, Canvas, empty, foot_height
from fpl_pulse.charts.gameweek_axis import floats, known, week_axes, write_beside
from fpl_pulse.charts.lettering import MINUS, clean, fit, moment
from fpl_pulse.charts.pitch import Floats
from fpl_pulse.charts.style import MARGIN, SMALL, TEXT, TITLE, Theme


@dataclass(frozen=True)
class PriceState:
    """What FPL stated before a gameweek's deadline: the price in millions of pounds, and who owns him in percent."""

    gameweek: int
    price: float | None
    ownership: float | None


@dataclass(frozen=True)
class PriceAndOwnership:
    """A player's price and ownership in a season, in the order of the gameweeks. A missing gameweek is a gap."""

    player: str
    club: str
    season: str
    states: Sequence[PriceState]
    as_of: datetime | None = None


def draw_prices(data: PriceAndOwnership, theme: Theme) -> Figure:
    """The price as steps above, the ownership as an area below, both on the gameweeks' deadlines."""
    prices, owned = known(one.price for one in data.states), known(one.ownership for one in data.states)
    facts, foot = (
        [fit(data.club, 300, TEXT), clean(data.season)],
        ["State before each deadline, by FPL", moment(data.as_of)],
    )
    if not prices and not owned:
        why = "No prices: no state of this player was recorded before a deadline."
        return empty(theme, clean(data.player), facts, why, foot)
    newest = [f"£{prices[-1]:.1f}m"] if prices else []
    newest += [f"owned by {owned[-1]:.1f} %"] if owned else []
    canvas = Canvas(HEAD + 470 + foot_height(foot), theme)
    canvas.head(f"{fit(data.player, 340, TITLE, bold=True)}: {', '.join(newest)}", [*facts, _change(prices)])
    states = _with_gaps(data.states)
    weeks = [one.gameweek for one in states]
    canvas.text(MARGIN, HEAD + 12, "Price in millions of pounds", size=SMALL, bold=True)
    _draw_price(
        week_axes(canvas, HEAD + 34, 160, weeks, names=False), weeks, floats(one.price for one in states), theme
    )
    canvas.text(MARGIN, HEAD + 226, "Owned by % of the managers", size=SMALL, bold=True)
    _draw_ownership(week_axes(canvas, HEAD + 248, 160, weeks), weeks, floats(one.ownership for one in states), theme)
    canvas.foot(foot)
    return canvas.figure


def prices_alt(data: PriceAndOwnership) -> str:
    """Price and ownership in words."""
    who = f"Price and ownership of {clean(data.player)}, {clean(data.club)}, {clean(data.season)}"
    prices, owned = known(one.price for one in data.states), known(one.ownership for one in data.states)
    parts = []
    if prices:
        parts.append(f"price from £{prices[0]:.1f}m to £{prices[-1]:.1f}m, highest £{max(prices):.1f}m")
    if owned:
        parts.append(f"ownership from {owned[0]:.1f} % to {owned[-1]:.1f} %, highest {max(owned):.1f} %")
    return f"{who}: {'; '.join(parts) or 'no data'}."


def _with_gaps(states: Sequence[PriceState]) -> list[PriceState]:
    """The states of all gameweeks from the first to the last; those that are missing have no values."""
    by_week = {one.gameweek: one for one in states}
    return [by_week.get(week, PriceState(week, None, None)) for week in range(min(by_week), max(by_week) + 1)]


def _draw_price(axes: Axes, weeks: Sequence[int], prices: Floats, theme: Theme) -> None:
    if np.isnan(prices).all():
        return
    low, high = float(np.nanmin(prices)), float(np.nanmax(prices))
    room = max(0.3, (high - low) * 0.35)
    axes.set_ylim(low - room, high + room)
    axes.yaxis.set_major_locator(MaxNLocator(4, steps=[1, 2, 5, 10]))
    axes.yaxis.set_major_formatter(lambda value, _: f"{value:.1f}")
    axes.plot(weeks, prices, drawstyle="steps-mid", color=theme.accent, linewidth=2.2)
    _draw_dots(axes, weeks, prices, theme.accent)
    _write_last(axes, weeks, prices, "£{:.1f}m", theme)


def _draw_ownership(axes: Axes, weeks: Sequence[int], owned: Floats, theme: Theme) -> None:
    if np.isnan(owned).all():
        return
    colour = theme.series[2]
    axes.set_ylim(0, max(5.0, float(np.nanmax(owned)) * 1.3))
    axes.yaxis.set_major_locator(MaxNLocator(4, integer=True))
    axes.yaxis.set_major_formatter(lambda value, _: f"{value:.0f}")
    axes.fill_between(weeks, owned, 0, color=colour, alpha=0.18, linewidth=0)
    axes.plot(weeks, owned, color=colour, linewidth=2.2)
    _draw_dots(axes, weeks, owned, colour)
    _write_last(axes, weeks, owned, "{:.1f} %", theme)


def _draw_dots(axes: Axes, weeks: Sequence[int], values: Floats, colour: str) -> None:
    """A dot for each value, so that one between two gaps can be seen."""
    axes.plot(weeks, values, linestyle="none", marker="o", markersize=6 * POINTS_PER_PIXEL, color=colour)


def _write_last(axes: Axes, weeks: Sequence[int], values: Floats, form: str, theme: Theme) -> None:
    last = int(np.flatnonzero(~np.isnan(values))[-1])
    write_beside(axes, weeks[last], float(values[last]), form.format(float(values[last])), theme)


def _change(prices: Sequence[float]) -> str:
    if len(prices) < 2:
        return ""
    change = prices[-1] - prices[0]
    sign = "+" if change > 0 else MINUS
    return "price unchanged since the start" if abs(change) < 0.05 else f"price {sign}{abs(change):.1f} since the start"
