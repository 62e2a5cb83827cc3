"""The order of an eleven on the pitch: the goalkeeper, then each line of the formation from right to left."""

from collections.abc import Sequence
from dataclasses import dataclass

from fpl_pulse.charts.formation import LineupPlayer, lines_of_formation
from fpl_pulse.charts.pitch import Y_RISES_TO_THE_LEFT

GOALKEEPER = "G"


@dataclass(frozen=True)
class Starter:
    """A starter with everything that says where the player stood."""

    player: LineupPlayer
    lineup_order: int | None
    """Place in SofaSport's list. None when it is not known."""
    mean_x: float | None = None
    mean_y: float | None = None
    """The mean of the player's heatmap, 0-100. None without a heatmap."""


def ordered(starters: Sequence[Starter], formation: str | None) -> tuple[list[LineupPlayer], str | None]:
    """The players in the order of their places, and the formation where the order fits it.

    SofaSport's list comes first. Without it, the heatmaps fill the lines of the formation: the players who stood
    furthest back are the first line. Without heatmaps the formation is None, and the letters of the positions decide.
    """
    listed = sorted(starters, key=_by_list)
    places = {one.lineup_order for one in starters}
    # Two players can have one place: one of them is not in the newest list and has kept that of an earlier one.
    if None not in places and len(places) == len(starters) and _begins_with_goalkeeper(listed):
        return [one.player for one in listed], formation
    keepers = [one for one in listed if one.player.position == GOALKEEPER]
    outfield = [one for one in listed if one.player.position != GOALKEEPER]
    sizes = lines_of_formation(formation)
    if sizes and len(keepers) == 1 and len(outfield) == sum(sizes) and all(one.mean_x is not None for one in outfield):
        return [one.player for one in (*keepers, *_in_lines(outfield, sizes))], formation
    return [one.player for one in (*keepers, *outfield)], None


def _by_list(one: Starter) -> tuple[bool, int, str]:
    return one.lineup_order is None, one.lineup_order or 0, one.player.name


def _begins_with_goalkeeper(listed: Sequence[Starter]) -> bool:
    return bool(listed) and listed[0].player.position == GOALKEEPER


def _in_lines(outfield: Sequence[Starter], sizes: Sequence[int]) -> list[Starter]:
    from_the_back = sorted(outfield, key=lambda one: one.mean_x or 0)
    found: list[Starter] = []
    for size in sizes:
        line = from_the_back[len(found) : len(found) + size]
        found += sorted(line, key=lambda one: one.mean_y or 0, reverse=not Y_RISES_TO_THE_LEFT)
    return found
