"""What requests are about: the limits of their parameters, the season and player that they mean, and the time."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import Depends, Path, Query, Request
from pydantic import BeforeValidator
from pydantic_core import PydanticCustomError

from fpl_pulse.api import source_clock
from fpl_pulse.web.database import Reader
from fpl_pulse.web.problems import InvalidRequestError, NotFoundError
from fpl_pulse.web.rows import PageOf

MOST_ROWS = 200
MOST_PLAYERS = 4
LONGEST_NAME = 40
"""Of a parameter in an error. Only one that no route has is longer."""
PLAYER = r"(?:code:)?[0-9]{1,9}"


def _in_digits(value: object) -> object:
    """Refuse what pydantic reads as a whole number too: `1_0`, `+1`, `1.0`, ` 1`. Each resource has one address."""
    if isinstance(value, str) and not re.fullmatch(r"-?[0-9]{1,12}", value):
        raise PydanticCustomError("digits", "Input should be a whole number in digits")
    return value


IN_DIGITS = BeforeValidator(_in_digits)
"""Stands last: limits before it are those of the number, in the OpenAPI document too."""

Gameweek = Annotated[int, Path(ge=1, le=99, description="FPL's gameweek.", examples=[7]), IN_DIGITS]
GameweekFilter = Annotated[int | None, Query(ge=1, le=99, description="Only this gameweek.", examples=[7]), IN_DIGITS]
FixtureId = Annotated[
    int, Path(ge=1, le=999_999_999, description="FPL's fixture id in the season.", examples=[61]), IN_DIGITS
]
PlayerId = Annotated[
    str,
    Path(
        pattern=f"^{PLAYER}$",
        description="FPL's element id in the season, or `code:` and FPL's number of the person for life.",
        examples=["381", "code:118748"],
    ),
]
PlayerIds = Annotated[
    str,
    Query(
        pattern=f"^{PLAYER}(?:,{PLAYER}){{0,{MOST_PLAYERS - 1}}}$",
        description=f"One to {MOST_PLAYERS} players, separated by commas.",
        examples=["381,430"],
    ),
]
PlayerCode = Annotated[int, Path(ge=1, le=999_999_999, description="FPL's number of the person for life.")]
PlayerCodes = Annotated[str, Query(max_length=200)]
"""FPL's codes of players for `codes_of`."""
Text = Annotated[str | None, Query(min_length=1, max_length=100)]
SeasonParameter = Annotated[
    str | None,
    Query(
        alias="season", pattern="^[0-9]{4}-[0-9]{2}$", description="The current one by default.", examples=["2025-26"]
    ),
]


@dataclass(frozen=True)
class Page:
    """Which rows of a list a request wants."""

    limit: Annotated[int, Query(ge=1, le=MOST_ROWS, description="Most rows of the page."), IN_DIGITS] = 50
    offset: Annotated[int, Query(ge=0, le=1_000_000, description="Rows to skip."), IN_DIGITS] = 0

    def of(self, rows: Sequence[Any], total: int, chosen: Mapping[str, object]) -> PageOf[Any]:
        """The response with the rows of this page. `chosen` are the other parameters, for the address of the next."""
        end = self.offset + self.limit
        query = {**chosen, "limit": self.limit, "offset": end}
        following = "?" + urlencode({name: value for name, value in query.items() if value is not None})
        return PageOf(items=list(rows), total=total, next=following if end < total else None)


@dataclass(frozen=True)
class SeasonChoice:
    """The season of a request, and the current one."""

    season: str
    current: str


@dataclass(frozen=True)
class Player:
    """A player of a season."""

    season: str
    code: int
    element_id: int
    player: str
    full_name: str
    team: str
    position: str


async def refuse_repeated_parameters(request: Request) -> None:
    """Refuse a query with the same parameter twice: FastAPI would use the last one and say nothing.

    Raises:
        InvalidRequestError: a name occurs more than once.
    """
    name, times = next(iter(Counter(name for name, _ in request.query_params.multi_items()).most_common(1)), ("", 0))
    if times > 1:
        raise InvalidRequestError(f"{name[:LONGEST_NAME]}: Give the parameter once, not {times} times")


def _read(request: Request) -> Iterator[Reader]:
    with request.app.state.database.reading() as reader:
        yield reader


Data = Annotated[Reader, Depends(_read, scope="function")]


def _chosen_season(reader: Data, wanted: SeasonParameter = None) -> SeasonChoice:
    seasons = reader.records("seasons")
    if not seasons:
        raise NotFoundError("No season is stored yet. The first run of update_fixture_mappings stores it.")
    current = str(next(one["season"] for one in seasons if one["is_current"]))
    if wanted is not None and wanted not in {one["season"] for one in seasons}:
        stored = ", ".join(one["season"] for one in seasons)
        raise NotFoundError(f"Season {wanted} is not stored. Stored seasons: {stored}.")
    return SeasonChoice(wanted or current, current)


ChosenSeason = Annotated[SeasonChoice, Depends(_chosen_season)]


def _season(chosen: ChosenSeason) -> str:
    return chosen.season


Season = Annotated[str, Depends(_season)]


def _now() -> datetime:
    return source_clock.not_after_source(datetime.now(UTC))


Now = Annotated[datetime, Depends(_now)]
"""The time for which a run would work now. A route names it before what reads the database: FastAPI then asks the clock
of the source before it takes a connection, so that no transaction waits for another machine."""


def _player(reader: Data, season: Season, player_id: PlayerId) -> Player:
    return find_players(reader, season, [player_id])[0]


PlayerOfSeason = Annotated[Player, Depends(_player)]


def find_players(reader: Reader, season: str, player_ids: list[str]) -> list[Player]:
    """The players with these ids, in the order of the ids, each once.

    Raises:
        NotFoundError: the season has no player with one of the ids.
    """
    found: dict[int, Player] = {}
    for text in player_ids:
        kind, number = ("code", text[5:]) if text.startswith("code:") else ("element_id", text)
        numbers: dict[str, Any] = {"code": None, "element_id": None, kind: int(number)}
        row = reader.record("player", {"season": season, **numbers})
        if row is None:
            what = f"with the code {number}" if kind == "code" else number
            raise NotFoundError(f"Season {season} has no player {what}. /api/players/?search= finds players by name.")
        found[row["code"]] = Player(**row)
    return list(found.values())


def codes_of(players: str) -> list[int]:
    """The codes of a parameter `PlayerCodes`, each once.

    Raises:
        InvalidRequestError: it is not a list of one to four codes, separated by commas.
    """
    is_list = re.fullmatch(r"[0-9]{1,9}(?:,[0-9]{1,9})*", players)
    codes = list(dict.fromkeys(map(int, players.split(",")))) if is_list else []
    if not 0 < len(codes) <= MOST_PLAYERS:
        raise InvalidRequestError(
            f"players: Give up to {MOST_PLAYERS} players by their FPL codes with commas between, such as 118748,223094."
            " The page Players finds players by name"
        )
    return codes


def require_gameweek(reader: Reader, season: str, gameweek: int) -> None:
    """Make sure that a season has a gameweek.

    Raises:
        NotFoundError: it has not.
    """
    if reader.record("gameweek", {"season": season, "gameweek": gameweek}) is None:
        raise NotFoundError(f"Season {season} has no gameweek {gameweek}.")
