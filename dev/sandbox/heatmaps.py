"""Heatmaps: points around the typical location of a player's position and side."""

from dev.sandbox.lineups import Appearance
from dev.sandbox.seeded_random import SeededRandom

FEWEST, MOST = 18, 105
EMPTY, LATE = 0.015, 0.03  # shares of heatmaps that are an empty list, or are available only after 30 hours
POINTS_PER_TOUCH = 1.2
# (x from the own goal, distance of y from the middle, spread of x, spread of y) by position.
LOCATIONS = {"G": (9, 4, 6, 11), "D": (34, 28, 17, 12), "M": (52, 20, 19, 18), "F": (69, 14, 16, 19)}
KEEPER_REACH = 19  # goalkeepers stay below x = 20


def heatmap(event_id: int, entry: Appearance, seeded: SeededRandom) -> list[dict[str, int]]:
    """18 to 105 points {"x", "y"} in whole percent of the pitch, about as many as the player's touches."""
    rng = seeded.generator("heatmap", event_id, entry.person.number)
    touches = entry.statistics.get("touches", 0)
    wanted = int(touches * POINTS_PER_TOUCH) if isinstance(touches, int) else 0
    number = max(FEWEST, min(MOST, wanted + rng.randint(-4, 4)))
    x, aside, spread_x, spread_y = LOCATIONS[entry.position]
    side = 1 if seeded.fraction("side", entry.person.number) < 0.5 else -1
    furthest = KEEPER_REACH if entry.position == "G" else 100
    return [
        {
            "x": max(0, min(furthest, round(rng.gauss(x, spread_x)))),
            "y": max(0, min(100, round(rng.gauss(50 + side * aside, spread_y)))),
        }
        for _ in range(number)
    ]


def is_empty(event_id: int, entry: Appearance, seeded: SeededRandom) -> bool:
    """Whether the API returns an empty list for this appearance."""
    return seeded.fraction("empty heatmap", event_id, entry.person.number) < EMPTY


def is_late(event_id: int, entry: Appearance, seeded: SeededRandom) -> bool:
    """Whether this heatmap is available only 30 hours after kick-off."""
    return seeded.fraction("late heatmap", event_id, entry.person.number) < LATE
