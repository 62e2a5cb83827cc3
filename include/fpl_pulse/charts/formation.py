"""Formations: which player stands where, from the text of a formation or from the positions of the players."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

OUTFIELD_PLAYERS: Final = 10
POSITIONS: Final = ("G", "D", "M", "F")
"""SofaSport's letters, from the own goal forward."""
MOST_IN_A_LINE: Final = 5
"""Of a line made from the letters. More players go into two lines or more, so that their names stay readable."""
FORMATION: Final = re.compile(r"[0-9]{1,2}(?:-[0-9]{1,2}){2,4}")


@dataclass(frozen=True)
class LineupPlayer:
    """A player in an eleven. `position` is G, D, M or F; other texts and None count as M."""

    name: str
    position: str | None = None
    shirt_number: int | None = None
    rating: float | None = None
    is_captain: bool = False
    sofasport_player_id: int | None = None
    """Whom a page links the player's place to. It is not drawn."""


@dataclass(frozen=True)
class Place:
    """Where a player stands, all 0-1: `across` from the right to the left touchline, `forward` from the own goal.

    `room` is the part of the width that the player has.
    """

    player: LineupPlayer
    across: float
    forward: float
    room: float


def lines_of_formation(formation: str | None) -> tuple[int, ...] | None:
    """The sizes of the lines from the defence forward: `4-2-3-1` -> (4, 2, 3, 1).

    None when the text is no formation of ten outfield players in three to five lines, or a line has more than six.
    """
    if formation is None or not FORMATION.fullmatch(formation.strip()):
        return None
    lines = tuple(int(part) for part in formation.strip().split("-"))
    return lines if sum(lines) == OUTFIELD_PLAYERS and min(lines) > 0 and max(lines) <= 6 else None


def places(players: Sequence[LineupPlayer], formation: str | None) -> list[Place]:
    """The places of an eleven in the order of SofaSport's list: the goalkeeper, then each line from right to left.

    With another number of players than eleven, or a formation that does not fit, the letters of the positions make
    the lines.
    """
    sizes = lines_of_formation(formation)
    if sizes is None or len(players) != OUTFIELD_PLAYERS + 1:
        lines = _by_position(players)
    else:
        lines, start = [list(players[:1])], 1
        for size in sizes:
            lines.append(list(players[start : start + size]))
            start += size
    return [
        Place(player, (number + 0.5) / len(line), forward, 1 / len(line))
        for line, forward in zip(lines, _depths(len(lines)), strict=True)
        for number, player in enumerate(line)
    ]


def _by_position(players: Sequence[LineupPlayer]) -> list[list[LineupPlayer]]:
    """A line for each letter that occurs; a line of more than five becomes two. The first line may be empty."""
    lines: list[list[LineupPlayer]] = []
    for letter in POSITIONS:
        line = [one for one in players if _letter(one.position) == letter]
        if letter == "G" or 0 < len(line) <= MOST_IN_A_LINE:
            lines.append(line)
        elif line:
            rows = -(-len(line) // MOST_IN_A_LINE)
            size = -(-len(line) // rows)
            lines.extend(line[start : start + size] for start in range(0, len(line), size))
    return lines


def _letter(position: str | None) -> str:
    """The line of a position as SofaSport (G, D) or FPL (Goalkeeper, GKP, Defender) writes it."""
    first = (position or "M").strip()[:1].upper()
    return first if first in POSITIONS else "M"


def _depths(lines: int) -> list[float]:
    """How far forward each line stands: the goalkeeper at 0, the foremost line at 1."""
    return [number / max(1, lines - 1) for number in range(lines)]
