"""FPL's scoring rules of 2025-26."""

from collections.abc import Mapping

GOAL = {1: 10, 2: 6, 3: 5, 4: 4}
CLEAN_SHEET = {1: 4, 2: 4, 3: 1, 4: 0}
DEFENSIVE_THRESHOLD = {2: 10, 3: 12, 4: 12}
FIXED = {
    "assists": 3,
    "penalties_saved": 5,
    "penalties_missed": -2,
    "yellow_cards": -1,
    "red_cards": -3,
    "own_goals": -2,
    "bonus": 1,
}


def points_by_rule(values: Mapping[str, float], element_type: int) -> list[tuple[str, int, int]]:
    """[(identifier, value, points)] of one match: minutes always, other statistics if they are not zero.

    `element_type` is 1 goalkeeper, 2 defender, 3 midfielder, 4 forward.
    """
    minutes = int(values["minutes"])
    lines = [("minutes", minutes, 2 if minutes >= 60 else 1 if minutes else 0)]

    def add(name: str, points: int) -> None:
        if values[name]:
            lines.append((name, int(values[name]), points))

    add("goals_scored", GOAL[element_type] * int(values["goals_scored"]))
    add("clean_sheets", CLEAN_SHEET[element_type] * int(values["clean_sheets"]))
    if element_type <= 2 and values["goals_conceded"] > 1:
        add("goals_conceded", -(int(values["goals_conceded"]) // 2))
    if element_type == 1 and values["saves"] > 2:
        add("saves", int(values["saves"]) // 3)
    for name, points in FIXED.items():
        add(name, points * int(values[name]))
    if values["defensive_contribution"] >= DEFENSIVE_THRESHOLD.get(element_type, 1000):
        add("defensive_contribution", 2)
    return lines
