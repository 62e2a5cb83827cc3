"""The list of players: which ones a search means, and in what order."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from fpl_pulse.web.name_search import matcher
from fpl_pulse.web.pages.reading import Visit

Sort = Literal["player", "team", "price", "ownership", "points", "minutes", "rating", "expected_goals"]
Order = Literal["", "asc", "desc"]
Position = Literal["", "Goalkeeper", "Defender", "Midfielder", "Forward"]
POSITIONS: tuple[str, ...] = tuple(position for position in get_args(Position) if position)
IN_WORDS: tuple[Sort, ...] = ("player", "team")
"""Columns with words, which begin with A. The others begin with the highest number."""


@dataclass(frozen=True)
class ListedPlayer:
    """A player of a list."""

    code: int
    player: str
    full_name: str
    team: str
    position: str
    status: str | None
    price: float | None
    ownership: float | None
    points: int | None
    minutes: int | None
    rating: float | None
    expected_goals: float | None


@dataclass(frozen=True)
class Club:
    """A club of a season."""

    code: int
    name: str


def find_players(visit: Visit, search: str = "", team: int | None = None, position: str = "") -> list[ListedPlayer]:
    """The players of the page's season with a name, of a club, at a position; in no order."""
    wanted = {"team": team, "position": position or None}
    is_meant = matcher(search)
    rows = visit.rows(ListedPlayer, "player_list", wanted)
    return [one for one in rows if is_meant(f"{one.player} {one.full_name}")]


def first_order(sort: Sort) -> Order:
    """The order in which a column begins."""
    return "asc" if sort in IN_WORDS else "desc"


def arranged(players: Sequence[ListedPlayer], sort: Sort, order: Order) -> list[ListedPlayer]:
    """The players in the order of a column. Those without a figure are last; equal ones are in the order of names."""
    by_name = sorted(players, key=lambda one: (one.player.casefold(), one.code))
    known = [one for one in by_name if getattr(one, sort) is not None]
    unknown = [one for one in by_name if getattr(one, sort) is None]

    def figure(one: ListedPlayer) -> float | str:
        value: float | str = getattr(one, sort)
        return value.casefold() if isinstance(value, str) else value

    return sorted(known, key=figure, reverse=(order or first_order(sort)) == "desc") + unknown
