"""The team of the week has the most points of all valid formations."""

import random
from itertools import combinations

import pytest

from fpl_pulse.chart_data.best_eleven import FORMATIONS, POSITIONS, best_eleven
from fpl_pulse.charts.elevens import WeekPlayer

LETTERS = dict(zip("GDMF", POSITIONS, strict=True))


def player(line: str, points: int | None, rating: float | None = 6.5, name: str = "") -> WeekPlayer:
    return WeekPlayer(name or f"{line}{points}", LETTERS[line], rating, "Club", points)


def squad(**points: list[int]) -> list[WeekPlayer]:
    """Players by line: `squad(G=[3], D=[2, 2])`."""
    return [player(line, one, name=f"{line}{place}") for line, many in points.items() for place, one in enumerate(many)]


def test_the_valid_formations_are_those_of_fpl() -> None:
    assert {"-".join(map(str, sizes[1:])) for sizes in FORMATIONS} == {
        "3-4-3", "3-5-2", "4-3-3", "4-4-2", "4-5-1", "5-2-3", "5-3-2", "5-4-1",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("points", "formation"),
    [
        ({"G": [1], "D": [1] * 5, "M": [9] * 5, "F": [9, 9, 1]}, "3-5-2"),
        ({"G": [1], "D": [9] * 5, "M": [9, 9, 9, 9, 1], "F": [1] * 3}, "5-4-1"),
        ({"G": [1], "D": [9] * 5, "M": [1] * 5, "F": [9] * 3}, "5-2-3"),
        # More than five defenders or three forwards never play, however good they are.
        ({"G": [1], "D": [9] * 8, "M": [1] * 5, "F": [9] * 8}, "5-2-3"),
    ],
)
def test_the_formation_follows_the_points(points: dict[str, list[int]], formation: str) -> None:
    best = best_eleven(squad(**points))
    assert best.formation == formation
    assert len(best.players) == 11
    assert [one.position for one in best.players] == sorted((one.position for one in best.players), key=POSITIONS.index)


def test_no_other_eleven_has_more_points() -> None:
    draw = random.Random(7)
    for _ in range(20):
        lines = {"G": 2, "D": 6, "M": 6, "F": 4}
        players = squad(**{line: [draw.randint(-1, 5) for _ in range(n)] for line, n in lines.items()})
        by_line = [[one for one in players if one.position == LETTERS[line]] for line in "GDMF"]
        most = max(
            sum(
                max(sum(one.points or 0 for one in chosen) for chosen in combinations(line, size))
                for line, size in zip(by_line, sizes, strict=True)
            )
            for sizes in FORMATIONS
        )
        assert sum(one.points or 0 for one in best_eleven(players).players) == most


def test_equal_points_go_to_the_higher_rating_then_to_the_name() -> None:
    others = squad(D=[5] * 3, M=[5] * 4, F=[5] * 3)
    keepers = [player("G", 4, 9.0, "A"), player("G", 5, 6.0, "Z"), player("G", 5, 7.0, "Y"), player("G", 5, 7.0, "X")]
    assert best_eleven([*others, *keepers]).players[0].name == "X"
    assert best_eleven([*others, *keepers[:3]]).players[0].name == "Y"


def test_equal_points_of_two_formations_go_to_the_higher_ratings() -> None:
    players = squad(G=[5], D=[5] * 4, M=[5] * 4, F=[5] * 3)
    rated = [player("F", 5, 9.9, f"Star {place}") for place in range(3)]
    assert best_eleven([*players[:9], *rated]).formation in {"3-4-3", "4-3-3"}
    without = best_eleven([*players, player("M", 5, None, "Nobody")])
    assert "Nobody" not in {one.name for one in without.players}


@pytest.mark.parametrize("line", "GDMF")
def test_without_enough_players_there_is_no_eleven(line: str) -> None:
    enough = {"G": [1], "D": [1] * 5, "M": [1] * 5, "F": [1] * 3}
    assert best_eleven(squad(**enough)).formation
    too_few = {**enough, line: enough[line][: {"G": 0, "D": 2, "M": 1, "F": 0}[line]]}
    best = best_eleven(squad(**too_few))
    assert (best.formation, list(best.players)) == (None, [])


def test_points_that_are_missing_count_as_none() -> None:
    players = squad(G=[1], D=[1] * 3, M=[1] * 4, F=[1] * 3)
    assert len(best_eleven([*players, player("F", None, None, "")]).players) == 11


def test_a_manager_is_in_no_eleven() -> None:
    players = squad(G=[1], D=[1] * 4, M=[1] * 4, F=[1] * 3)
    manager = WeekPlayer("Boss", "Manager", None, "Club", 30)
    assert manager not in best_eleven([*players, manager]).players
