"""Starters stand in the order of SofaSport's list, else where their heatmaps say."""

from fpl_pulse.chart_data.lineup_order import Starter, ordered
from fpl_pulse.charts.formation import LineupPlayer
from fpl_pulse.charts.pitch import Y_RISES_TO_THE_LEFT

LETTERS = "GDDDDMMMMFF"


def eleven(*, listed: bool = True, seen: bool = True) -> list[Starter]:
    """An eleven in 4-4-2: the later the name, the further forward, and within a line the further to the left."""
    found = []
    for place, letter in enumerate(LETTERS):
        x = {"G": 5.0, "D": 30.0, "M": 50.0, "F": 75.0}[letter] + place / 10
        y = 5.0 * place if Y_RISES_TO_THE_LEFT else 100 - 5.0 * place
        player = LineupPlayer(f"{place:02}", letter)
        found.append(Starter(player, place + 1 if listed else None, x if seen else None, y if seen else None))
    return found


def names(found: tuple[list[LineupPlayer], str | None]) -> list[str]:
    return [one.name for one in found[0]]


IN_ORDER = [f"{place:02}" for place in range(11)]


def test_the_list_decides_wherever_the_heatmaps_are() -> None:
    listed = [Starter(one.player, one.lineup_order, 100 - (one.mean_x or 0), one.mean_y) for one in eleven()]
    assert names(ordered(listed[::-1], "4-4-2")) == IN_ORDER
    assert ordered(listed, "4-4-2")[1] == "4-4-2"


def test_without_a_list_the_heatmaps_fill_the_lines_from_right_to_left() -> None:
    found = ordered(eleven(listed=False)[::-1], "4-4-2")
    assert names(found) == IN_ORDER
    assert found[1] == "4-4-2"


def test_the_lines_are_those_of_the_formation_whatever_the_letters() -> None:
    found = names(ordered(eleven(listed=False)[::-1], "3-5-2"))
    # The most advanced defender stands in the midfield of five, on its right.
    assert found[1:4] == ["01", "02", "03"]
    assert found[4:9] == ["04", "05", "06", "07", "08"]


def test_a_list_with_a_gap_is_not_trusted() -> None:
    starters = eleven()
    starters[3] = Starter(starters[3].player, None, starters[3].mean_x, starters[3].mean_y)
    assert names(ordered(starters[::-1], "4-4-2")) == IN_ORDER


def test_a_list_that_does_not_begin_with_a_goalkeeper_is_not_trusted() -> None:
    starters = eleven()
    backwards = [Starter(one.player, 12 - (one.lineup_order or 0), one.mean_x, one.mean_y) for one in starters]
    assert names(ordered(backwards, "4-4-2")) == IN_ORDER


def test_without_list_and_heatmaps_the_letters_decide() -> None:
    players, formation = ordered(eleven(listed=False, seen=False)[::-1], "4-4-2")
    assert formation is None
    assert players[0].position == "G"
    assert len(players) == 11


def test_a_formation_that_does_not_fit_leaves_it_to_the_letters() -> None:
    for formation in (None, "4-4-3", "<i>", ""):
        assert ordered(eleven(listed=False), formation)[1] is None
    assert ordered(eleven(listed=False)[:10], "4-4-2")[1] is None
    assert ordered([], "4-4-2") == ([], None)
