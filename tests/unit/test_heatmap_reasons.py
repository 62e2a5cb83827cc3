"""Whether a heatmap can be that of the player."""

from typing import Any

import pytest

from fpl_pulse.etl.heatmaps import foreign_reason


@pytest.mark.parametrize(
    ("points", "mean_x", "known", "same", "reason"),
    [
        (50, 50.0, {"touches": 45, "is_keeper": False}, set(), None),
        (50, 50.0, {}, set(), None),
        (50, 50.0, {"touches": None, "is_keeper": False}, set(), None),
        (18, 50.0, {"touches": 0, "is_keeper": False}, set(), None),
        (50, 50.0, {"touches": 45, "is_keeper": True}, set(), "the points of a goalkeeper are at x 50.0"),
        (50, 9.0, {"touches": 45, "is_keeper": False}, set(), "of a field player are at x 9.0"),
        (235, 50.0, {"touches": 42, "is_keeper": False}, set(), "235 points, but the player touched the ball 42 times"),
        (12, 50.0, {"touches": 130, "is_keeper": False}, set(), "12 points, but the player touched the ball 130 times"),
        (50, 50.0, {"touches": 45, "is_keeper": False}, {9, 8}, "player 8, 9 has the same points in this match"),
    ],
)
def test_what_speaks_against_a_heatmap(
    points: int, mean_x: float, known: dict[str, Any], same: set[int], reason: str | None
) -> None:
    found = foreign_reason({"point_count": points, "mean_x": mean_x}, known, same)
    assert (found is None) == (reason is None)
    assert reason is None or reason in str(found)
