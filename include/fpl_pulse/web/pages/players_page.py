"""The page with the list of players: search, sort, and the way to a player or to a comparison."""

from dataclasses import dataclass
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query
from starlette.responses import HTMLResponse

from fpl_pulse.web.pages.comparing import chosen_players, with_player
from fpl_pulse.web.pages.player_list import (
    POSITIONS,
    Club,
    ListedPlayer,
    Order,
    Position,
    Sort,
    arranged,
    find_players,
    first_order,
)
from fpl_pulse.web.pages.reading import OnPage, Visit
from fpl_pulse.web.parameters import MOST_PLAYERS, PlayerCodes

PLAYERS_A_PAGE = 50

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True)
class Wanted:
    """What the list shows, as its form and its links send it."""

    search: Annotated[str, Query(max_length=100)] = ""
    team: Annotated[str, Query(pattern="^[0-9]{0,9}$")] = ""
    position: Position = ""
    sort: Sort = "points"
    order: Order = ""
    offset: Annotated[int, Query(ge=0, le=1_000_000)] = 0
    players: PlayerCodes = ""
    """The players of a comparison that has begun, by their codes."""


@dataclass(frozen=True)
class Column:
    """A column by which the list can be sorted."""

    sort: Sort
    label: str
    address: str
    is_chosen: bool
    order: Order

    @property
    def aria_sort(self) -> str:
        """The value of the attribute aria-sort."""
        return ("ascending" if self.order == "asc" else "descending") if self.is_chosen else ""


@dataclass(frozen=True)
class Line:
    """A line of the list, with the address of a comparison that has this player too."""

    player: ListedPlayer
    compare: str | None


LABELS: dict[Sort, str] = {
    "player": "Player", "team": "Club", "points": "Points", "price": "Price", "ownership": "Owned",
    "minutes": "Minutes", "rating": "Rating", "expected_goals": "xG",
}  # fmt: skip


@router.get("/players/")
def show_players(visit: OnPage, wanted: Annotated[Wanted, Depends()]) -> HTMLResponse:
    """The players of a season."""
    team = int(wanted.team) if wanted.team else None
    found = arranged(find_players(visit, wanted.search, team, wanted.position), wanted.sort, wanted.order)
    shown = found[wanted.offset : wanted.offset + PLAYERS_A_PAGE]
    compared = chosen_players(visit, wanted.players)
    codes = [one.code for one in compared]
    return visit.page(
        "players.html",
        "Players",
        wanted=wanted,
        columns=[_column(visit, wanted, sort) for sort in LABELS],
        lines=[Line(one, with_player(codes, one.code)) for one in shown],
        total=len(found),
        limit=PLAYERS_A_PAGE,
        query=_query(visit, wanted) + "&",
        clubs=visit.rows(Club, "clubs"),
        positions=POSITIONS,
        compared=compared,
        codes=",".join(map(str, codes)),
        most_players=MOST_PLAYERS,
    )


def _column(visit: Visit, wanted: Wanted, sort: Sort) -> Column:
    is_chosen = sort == wanted.sort
    order = wanted.order or first_order(sort) if is_chosen else first_order(sort)
    following: Order = ("asc" if order == "desc" else "desc") if is_chosen else order
    return Column(sort, LABELS[sort], "?" + _query(visit, wanted, sort, following), is_chosen, order)


def _query(visit: Visit, wanted: Wanted, sort: Sort | None = None, order: Order = "") -> str:
    """The query of the list's address, without the place in the list."""
    values = {
        "search": wanted.search,
        "team": wanted.team,
        "position": wanted.position,
        "sort": sort or wanted.sort,
        "order": order if sort else wanted.order,
        "players": wanted.players,
        "season": "" if visit.is_current else visit.season,
    }
    return urlencode({name: value for name, value in values.items() if value})
