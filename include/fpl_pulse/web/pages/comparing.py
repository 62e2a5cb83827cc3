"""Which players a comparison has, and the addresses of comparisons with one more or one less."""

from collections.abc import Sequence

from fpl_pulse.web.pages.reading import Visit
from fpl_pulse.web.parameters import MOST_PLAYERS, codes_of
from fpl_pulse.web.pictures.player_charts import PlayerHead, find_heads

SOME_CODES = "^(?:[0-9]{1,9}(?:,[0-9]{1,9}){0,3})?$"
"""Up to four codes of players, separated by commas."""


def chosen_players(visit: Visit, players: str) -> list[PlayerHead]:
    """The players of a comparison.

    Raises:
        NotFoundError: FPL does not list one of them in the page's season.
    """
    codes = codes_of(players)
    return find_heads(visit.reader, visit.season, codes) if codes else []


def with_player(codes: Sequence[int], code: int) -> str | None:
    """The parameter `players` of a comparison with one more; None when the player is in it, or it is full."""
    return None if code in codes or len(codes) >= MOST_PLAYERS else ",".join(map(str, [*codes, code]))


def without_player(codes: Sequence[int], code: int) -> str:
    """The parameter `players` of a comparison without one of the players."""
    return ",".join(str(one) for one in codes if one != code)
