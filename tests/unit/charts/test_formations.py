"""Who stands where."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations, pairwise

import pytest
from matplotlib.figure import Figure

from fpl_pulse.charts.catalogue import alt_of, figure_of
from fpl_pulse.charts.elevens import lineups_height, starter_areas
from fpl_pulse.charts.formation import LineupPlayer, lines_of_formation, places
from fpl_pulse.charts.style import RATING_BANDS, contrast, rating_colour
from tests.unit.charts import examples
from tests.unit.charts.test_heatmaps import texts


def where(figure: Figure) -> dict[str, tuple[float, float]]:
    """The place of each text on the pitch, from the bottom left."""
    return {text.get_text(): text.get_position() for text in figure.axes[0].texts}


def forward(players: list[LineupPlayer], formation: str | None) -> list[int]:
    """The number of players in each line, from the goalkeeper forward."""
    depths = [place.forward for place in places(players, formation)]
    return [depths.count(depth) for depth in sorted(set(depths))]


def eleven(letters: str = "GDDDDMMMMFF") -> list[LineupPlayer]:
    return [LineupPlayer(f"P{number}", letter) for number, letter in enumerate(letters)]


@pytest.mark.parametrize(
    ("formation", "lines"),
    [
        ("4-4-2", (4, 4, 2)),
        ("4-2-3-1", (4, 2, 3, 1)),
        ("3-4-2-1", (3, 4, 2, 1)),
        ("4-1-2-1-2", (4, 1, 2, 1, 2)),
        (" 5-3-2\n", (5, 3, 2)),
    ],
)
def test_a_formation_is_its_lines(formation: str, lines: tuple[int, ...]) -> None:
    assert lines_of_formation(formation) == lines
    assert forward(eleven(), formation) == [1, *lines]


@pytest.mark.parametrize(
    "formation",
    [
        None, "", "-", "4-4-3", "4-4", "10", "5-5", "4--4-2", "4-4-2-0", "0-5-5", "7-2-1", "4-4-2-", "a-b-c", "4 4 2",
        "1-4-4-2", "1-1-1-1-1-5", "٤-٤-٢", "4-4-2; drop table", "999999999999-1-1", "<b>4-4-2</b>",
    ],
)  # fmt: skip
def test_without_a_formation_of_ten_the_positions_make_the_lines(formation: str | None) -> None:
    assert lines_of_formation(formation) is None
    assert forward(eleven(), formation) == [1, 4, 4, 2]


@pytest.mark.parametrize(
    ("letters", "lines"),
    [
        ("GDDDMMMMFFF", [1, 4, 4, 2]),  # the formation is right, the letters are the usual positions
        ("GDDDDMMMMMMM", [1, 4, 4, 3]),
        ("DDDDMMMMFF", [4, 4, 2]),
        ("G", [1]),
        ("", []),
        ("F", [1]),
        ("GGDD", [2, 2]),
        ("x?MM", [4]),
        ("GDDDDMMMMF", [1, 4, 4, 1]),
    ],
)
def test_any_number_of_players_has_places(letters: str, lines: list[int]) -> None:
    assert forward(eleven(letters), "4-4-2") == lines
    assert len(places(eleven(letters), "4-4-2")) == len(letters)


def test_a_player_without_a_position_is_a_midfielder() -> None:
    assert forward([LineupPlayer("A", "G"), LineupPlayer("B", None), LineupPlayer("C", "Defender")], None) == [1, 1, 1]


def test_a_line_goes_from_the_right_to_the_left_of_the_attack() -> None:
    figure = figure_of(examples.lineups())
    spot = where(figure)
    # The home side attacks downwards: its right is at the left of the picture. The away side attacks upwards.
    assert spot["J.Timber"][0] < spot["Saliba"][0] < spot["Calafiori"][0]
    assert spot["Ola Aina"][0] > spot["Milenković"][0] > spot["N.Williams"][0]


def test_each_side_has_its_half_and_its_goalkeeper_in_the_goal() -> None:
    spot = where(figure_of(examples.lineups()))
    low, high = figure_of(examples.lineups()).axes[0].get_ylim()
    assert spot["Raya"][1] > spot["Saliba"][1] > spot["Gyökeres"][1] > (low + high) / 2
    assert spot["Sels"][1] < spot["Murillo"][1] < spot["Gibbs-White (C)"][1] < spot["Wood"][1] < (low + high) / 2


def test_a_missing_rating_is_a_dash_and_the_others_are_numbers() -> None:
    written = [text.get_text() for text in figure_of(examples.lineups()).axes[0].texts]
    assert written.count("\u2013") == 1
    assert {"9.2", "5.6", "7.0"} < set(written)


def test_the_team_of_the_week_attacks_upwards() -> None:
    spot = where(figure_of(examples.team_of_the_week()))
    assert spot["Dúbravka"][1] < spot["Virgil"][1] < spot["Zubimendi"][1] < spot["Haaland"][1]
    assert spot["J.Timber"][0] > spot["Senesi"][0]


def test_an_unknown_formation_is_said() -> None:
    match = examples.lineups()
    figure = figure_of(replace(match, home=replace(match.home, formation="4-4-4", average_rating=None)))
    assert "formation unknown" in [text.get_text() for text in figure.texts]


def test_a_side_without_a_lineup_is_empty() -> None:
    match = examples.lineups()
    half = replace(match, away=replace(match.away, players=()))
    assert "Sels" not in where(figure_of(half))
    assert "Nott'm Forest: no lineup." in alt_of(half)


def test_names_of_a_line_never_touch() -> None:
    match = examples.lineups()
    long = [replace(player, name="W" * 80, is_captain=False) for player in match.home.players]
    for formation in ("5-3-2", "4-2-3-1"):
        figure = figure_of(replace(match, home=replace(match.home, players=long, formation=formation)))
        figure.draw_without_rendering()
        boxes = [text.get_window_extent() for text in figure.axes[0].texts if text.get_text().startswith("WW")]
        assert len(boxes) == 11
        assert not [1 for one in boxes for other in boxes if one is not other and one.overlaps(other)]
        assert all(box.x0 >= 0 and box.x1 <= 800 for box in boxes)


@pytest.mark.parametrize(("rating", "same_as"), [(9.0, 9.9), (8.99, 8.0), (7.0, 7.99), (6.0, 6.99), (5.99, 3.0)])
def test_ratings_of_a_band_have_one_colour(rating: float, same_as: float) -> None:
    assert rating_colour(rating) == rating_colour(same_as)
    assert len({rating_colour(one) for one in (None, 5, 6, 7, 8, 9)}) == 6


def test_neighbouring_bands_of_ratings_differ_in_grey_too() -> None:
    colours = [colour for _, colour in RATING_BANDS]
    assert min(contrast(one, other) for one, other in pairwise(colours)) > 1.5


def test_an_empty_team_of_the_week_says_that_no_formation_was_filled() -> None:
    figure = figure_of(replace(examples.team_of_the_week(), players=()))
    assert "the players of this gameweek fill no valid | formation." in texts(figure)


def _numbered(players: Sequence[LineupPlayer], first: int) -> list[LineupPlayer]:
    """The players with short names and shirt numbers that nobody else has."""
    return [replace(one, name=f"P{number}", shirt_number=number) for number, one in enumerate(players, first)]


@pytest.mark.parametrize("formation", ["4-4-2", "3-4-3", "4-1-2-1-2", "6-3-1", None])
def test_the_area_of_a_starter_holds_what_is_drawn_of_the_player_and_nothing_of_others(formation: str | None) -> None:
    example = examples.lineups()
    sides = [
        replace(side, formation=formation, players=_numbered(side.players, first))
        for side, first in ((example.home, 10), (example.away, 30))
    ]
    data = replace(example, home=sides[0], away=sides[1])
    figure = figure_of(data)
    figure.canvas.draw()
    width, height = figure.canvas.get_width_height()
    assert height == lineups_height(data)
    areas = starter_areas(data)
    assert len(areas) == 22
    drawn = {text.get_text().removesuffix(" (C)"): text for text in figure.axes[0].texts}
    for area in areas:
        right, bottom = area.x + area.width, area.y + area.height
        assert area.x >= 0
        assert right <= width
        for text in (area.player.name, str(area.player.shirt_number)):
            box = drawn[text].get_window_extent()
            assert area.x <= box.x0 <= box.x1 <= right, (text, area)
            assert area.y <= height - box.y1 <= height - box.y0 <= bottom, (text, area)
    for one, other in combinations(areas, 2):
        beside = abs(one.x + one.width / 2 - other.x - other.width / 2) >= (one.width + other.width) / 2 - 0.01
        assert beside or abs(one.y - other.y) >= one.height - 0.01, (one, other)
