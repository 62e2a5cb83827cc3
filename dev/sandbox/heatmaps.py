"""Heatmaps: points around the places where a player of that position and side is found."""

from dev.sandbox.chance import Chance
from dev.sandbox.lineups import Appearance

FEWEST, MOST = 18, 105
EMPTY, LATE = 0.015, 0.03  # shares of heatmaps that are an empty list, or come only after 30 hours
POINTS_PER_TOUCH = 1.2
# (x from the own goal, distance of y from the middle, spread of x, spread of y) by position.
PLACES = {"G": (9, 4, 6, 11), "D": (34, 28, 17, 12), "M": (52, 20, 19, 18), "F": (69, 14, 16, 19)}
KEEPER_REACH = 19  # goalkeepers stay below x = 20


def heatmap(event_id: int, entry: Appearance, chance: Chance) -> list[dict[str, int]]:
    """18 to 105 points {"x", "y"} in whole percent of the pitch, about as many as touches."""
    draw = chance.draw("heatmap", event_id, entry.person.number)
    touches = entry.statistics.get("touches", 0)
    wanted = int(touches * POINTS_PER_TOUCH) if isinstance(touches, int) else 0
    number = max(FEWEST, min(MOST, wanted + draw.randint(-4, 4)))
    x, aside, spread_x, spread_y = PLACES[entry.position]
    side = 1 if chance.share("side", entry.person.number) < 0.5 else -1
    furthest = KEEPER_REACH if entry.position == "G" else 100
    return [
        {
            "x": max(0, min(furthest, round(draw.gauss(x, spread_x)))),
            "y": max(0, min(100, round(draw.gauss(50 + side * aside, spread_y)))),
        }
        for _ in range(number)
    ]


def is_empty(event_id: int, entry: Appearance, chance: Chance) -> bool:
    """Whether the API has an empty list for this appearance."""
    return chance.share("empty heatmap", event_id, entry.person.number) < EMPTY


def is_late(event_id: int, entry: Appearance, chance: Chance) -> bool:
    """Whether this heatmap comes 30 hours after kick-off only."""
    return chance.share("late heatmap", event_id, entry.person.number) < LATE
