"""Which players a comparison has, and the addresses of comparisons with one more or one less."""

from collections.abc import Sequence

from fpl_pulse.chart_data.player_charts import PlayerHead, find_heads
from fpl_pulse.web.pages.reading import Visit
from fpl_pulse.web.parameters import MOST_PLAYERS, codes_of


def chosen_players(visit: Visit, players: str) -> list[PlayerHead]:
    """The players of a comparison by their codes; none for an empty parameter.

    Raises:
        InvalidRequestError: the parameter is not a list of up to four codes.
        NotStoredError: FPL does not list one of them in the page's season.
    """
    return find_heads(visit.reader.conn, visit.season, codes_of(players)) if players else []


def with_player(codes: Sequence[int], code: int) -> str | None:
    """The parameter `players` of a comparison with one more; None when the player is in it, or it is full."""
    return None if code in codes or len(codes) >= MOST_PLAYERS else ",".join(map(str, [*codes, code]))


def without_player(codes: Sequence[int], code: int) -> str:
    """The parameter `players` of a comparison without one of the players."""
    return ",".join(str(one) for one in codes if one != code)
