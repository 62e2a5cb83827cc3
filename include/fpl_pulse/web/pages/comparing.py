"""Which players a comparison has, and the addresses of comparisons with one more or one less."""

import re
from collections.abc import Sequence
from http import HTTPStatus
from typing import Annotated

from fastapi import Query
from starlette.exceptions import HTTPException

from fpl_pulse.chart_data.player_charts import PlayerHead, find_heads
from fpl_pulse.web.pages.reading import Visit
from fpl_pulse.web.parameters import MOST_PLAYERS, codes_of

_CODES = re.compile("[0-9]{1,9}(?:,[0-9]{1,9})*")

ChosenPlayers = Annotated[str, Query(max_length=200)]
"""The codes of the players of a comparison, separated by commas; empty without one."""


def chosen_players(visit: Visit, players: str) -> list[PlayerHead]:
    """The players of a comparison.

    Raises:
        HTTPException: 422, the parameter is not a list of up to four codes.
        NotStoredError: FPL does not list one of them in the page's season.
    """
    if (players and not _CODES.fullmatch(players)) or len(codes_of(players)) > MOST_PLAYERS:
        raise HTTPException(
            HTTPStatus.UNPROCESSABLE_ENTITY,
            f"A comparison has up to {MOST_PLAYERS} players. players= takes their FPL codes with commas between, such"
            " as 118748,223094. The page Players finds players by name.",
        )
    codes = codes_of(players)
    return find_heads(visit.reader.conn, visit.season, codes) if codes else []


def with_player(codes: Sequence[int], code: int) -> str | None:
    """The parameter `players` of a comparison with one more; None when the player is in it, or it is full."""
    return None if code in codes or len(codes) >= MOST_PLAYERS else ",".join(map(str, [*codes, code]))


def without_player(codes: Sequence[int], code: int) -> str:
    """The parameter `players` of a comparison without one of the players."""
    return ",".join(str(one) for one in codes if one != code)
