"""The team of the week: of all players of a gameweek, the eleven with the most points in a valid formation."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from fpl_pulse.charts.elevens import WeekPlayer

POSITIONS: Final = ("Goalkeeper", "Defender", "Midfielder", "Forward")
FORMATIONS: Final = tuple(
    (1, defenders, midfielders, 10 - defenders - midfielders)
    for defenders in range(3, 6)
    for midfielders in range(2, 6)
    if 1 <= 10 - defenders - midfielders <= 3
)
"""FPL's valid formations: one goalkeeper, 3-5 defenders, 2-5 midfielders and 1-3 forwards."""


@dataclass(frozen=True)
class BestEleven:
    """The eleven in the order of its lines, the best of each line first, with its formation: `3-5-2`."""

    formation: str | None
    players: Sequence[WeekPlayer]


def best_eleven(candidates: Sequence[WeekPlayer]) -> BestEleven:
    """Choose the eleven with the most points; equal points go to the higher ratings, then to the names.

    If the players fill no formation, the formation is None and the eleven is empty.
    """
    lines = [sorted((one for one in candidates if one.position == name), key=_rank) for name in POSITIONS]
    possible = [sizes for sizes in FORMATIONS if all(len(line) >= n for line, n in zip(lines, sizes, strict=True))]
    elevens = [(sizes, _first(lines, sizes)) for sizes in possible]
    if not elevens:
        return BestEleven(None, ())
    # Of the best of each line, every formation has its best eleven, so only the formations need to be compared.
    sizes, eleven = min(elevens, key=lambda one: _total(one[1]))
    return BestEleven("-".join(map(str, sizes[1:])), tuple(eleven))


def _first(lines: Sequence[Sequence[WeekPlayer]], sizes: Sequence[int]) -> list[WeekPlayer]:
    return [player for line, size in zip(lines, sizes, strict=True) for player in line[:size]]


def _rank(player: WeekPlayer) -> tuple[int, float, str]:
    return -(player.points or 0), -(player.rating or 0), player.name


def _total(eleven: Sequence[WeekPlayer]) -> tuple[int, float, list[str]]:
    points = sum(one.points or 0 for one in eleven)
    rating = round(sum(one.rating or 0 for one in eleven), 2)
    return -points, -rating, [one.name for one in eleven]
