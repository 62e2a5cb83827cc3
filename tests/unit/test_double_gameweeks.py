"""What is known of a player's two fixtures in one gameweek, and that a gameweek's figure never passes for a match's."""

from typing import Any

from fpl_pulse.api.payloads_fpl import LiveElement
from fpl_pulse.etl.reference_rows import official_rows

ZEROS = {
    "minutes": 0, "goals_scored": 0, "assists": 0, "own_goals": 0, "yellow_cards": 0, "red_cards": 0,
    "penalties_saved": 0, "penalties_missed": 0, "bonus": 0, "clean_sheets": 0, "goals_conceded": 0, "saves": 0,
    "starts": 0, "bps": 0, "expected_goals": "0.00", "expected_assists": "0.00", "expected_goals_conceded": "0.00",
    "expected_goal_involvements": "0.00", "defensive_contribution": 0, "clearances_blocks_interceptions": 0,
    "recoveries": 0, "tackles": 0, "influence": "0.0", "creativity": "0.0", "threat": "0.0", "ict_index": "0.0",
}  # fmt: skip
FIGURES = {
    11: {"bps": {7: 30}, "saves": {}, "defensive_contribution": {7: 12}},
    12: {"bps": {7: -2}, "saves": {7: 2}, "defensive_contribution": {}},
}


def element(stats: dict[str, Any], *lines: dict[str, int]) -> LiveElement:
    explain = [
        {
            "fixture": 11 + number,
            "stats": [{"identifier": name, "value": value, "points": 0} for name, value in of.items()],
        }
        for number, of in enumerate(lines)
    ]
    return LiveElement.model_validate({"id": 7, "stats": {**ZEROS, **stats}, "explain": explain})


def split(stats: dict[str, Any], *lines: dict[str, int], figures: Any = FIGURES) -> list[dict[str, Any]]:  # noqa: ANN401
    return [one.row for one in official_rows(element(stats, *lines), figures)]


def test_the_figures_of_one_fixture_are_those_of_the_gameweek() -> None:
    (row,) = split({"minutes": 90, "expected_goals": "0.40", "bps": 31, "starts": 1}, {"minutes": 90})
    assert (row["minutes"], row["expected_goals"], row["bps"], row["starts"]) == (90, 0.4, 31, 1)


def test_the_statistics_of_the_fixtures_split_bps_saves_and_defensive_contributions() -> None:
    stats = {"minutes": 180, "bps": 28, "saves": 2, "defensive_contribution": 12, "goals_scored": 1}
    first, second = split(stats, {"minutes": 90, "goals_scored": 1}, {"minutes": 90})
    assert [(row["bps"], row["saves"], row["defensive_contribution"], row["goals"]) for row in (first, second)] == [
        (30, 0, 12, 1),
        (-2, 2, 0, 0),
    ]


def test_a_figure_that_cannot_be_split_is_unknown_in_both() -> None:
    stats = {"minutes": 180, "expected_goals": "0.70", "starts": 1, "recoveries": 5, "clean_sheets": 1}
    for row in split(stats, {"minutes": 90}, {"minutes": 90}, figures={}):
        assert [row[name] for name in ("expected_goals", "starts", "recoveries", "clean_sheets")] == [None] * 4


def test_what_a_player_without_minutes_cannot_have_belongs_to_the_other_fixture() -> None:
    first, second = split({"minutes": 90, "expected_goals": "0.70", "starts": 1}, {"minutes": 0}, {"minutes": 90})
    assert (first["expected_goals"], second["expected_goals"]) == (0, 0.7)
    assert (first["starts"], second["starts"]) == (0, 1)


def test_a_sum_of_zero_and_one_for_each_are_split() -> None:
    first, second = split({"minutes": 180, "starts": 2, "clean_sheets": 0}, {"minutes": 90}, {"minutes": 90})
    assert (first["starts"], second["starts"], first["clean_sheets"], second["clean_sheets"]) == (1, 1, 0, 0)
    assert (first["expected_assists"], second["expected_assists"]) == (0, 0)


def test_an_explanation_of_one_fixture_leaves_the_rest_to_the_other() -> None:
    stats = {"minutes": 180, "goals_conceded": 3}
    first, second = split(stats, {"minutes": 90, "goals_conceded": 2}, {"minutes": 90})
    assert (first["goals_conceded"], second["goals_conceded"]) == (2, 1)


def test_statistics_that_contradict_the_gameweek_split_nothing() -> None:
    first, second = split({"minutes": 180, "bps": 99}, {"minutes": 90}, {"minutes": 90})
    assert (first["bps"], second["bps"]) == (None, None)


def test_one_fixture_of_two_that_is_missing_is_noticed() -> None:
    (row,) = official_rows(element({"minutes": 180}, {"minutes": 90}), FIGURES)
    assert row.totals.difference == "the minutes of the fixtures add up to 90, not 180"
