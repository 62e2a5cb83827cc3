"""What a missing key of the match statistics means."""

import pytest

from fpl_pulse.api.payloads_sofasport import MatchStatistics
from fpl_pulse.etl.match_statistics import COLUMNS, COUNT_KEYS, read_figures, statistics_columns

NOBODY = {"expectedGoals": False, "expectedAssists": False, "expectedGoalsOnTarget": False}
SOMEBODY = dict.fromkeys(NOBODY, True)


def test_a_missing_count_of_a_player_with_minutes_is_zero() -> None:
    columns = statistics_columns(
        MatchStatistics.model_validate({"minutesPlayed": 90, "goals": 1, "rating": 7}), SOMEBODY
    )
    assert (columns["minutes"], columns["goals"], columns["assists"], columns["rating"]) == (90, 1, 0, 7.0)
    assert set(columns) == set(COLUMNS)


def test_a_missing_rating_is_unknown_and_not_zero() -> None:
    columns = statistics_columns(MatchStatistics.model_validate({"minutesPlayed": 3}), SOMEBODY)
    assert columns["rating"] is None


def test_missing_expected_goals_are_zero_only_if_another_player_has_some() -> None:
    without = statistics_columns(MatchStatistics.model_validate({"minutesPlayed": 90}), NOBODY)
    beside = statistics_columns(MatchStatistics.model_validate({"minutesPlayed": 90}), SOMEBODY)
    assert without["expected_goals"] is None
    assert beside["expected_goals"] == 0.0


def test_an_unused_substitute_has_no_minutes_and_no_counts() -> None:
    for statistics in ({}, {"rating": 6.5}):
        columns = statistics_columns(MatchStatistics.model_validate(statistics), SOMEBODY)
        assert columns["minutes"] == 0
        assert columns["goals"] is None


def test_minutes_are_unknown_while_the_match_has_no_statistics() -> None:
    assert statistics_columns(None, NOBODY)["minutes"] is None


def test_a_count_that_the_response_lacks_for_everybody_is_unknown() -> None:
    columns = statistics_columns(
        MatchStatistics.model_validate({"minutesPlayed": 90, "goals": 1}), SOMEBODY, {"totalPass"}
    )
    assert (columns["passes"], columns["goals"], columns["touches"]) == (None, 1, 0)


def test_impossible_numbers_are_taken_out_and_the_reason_names_the_key_and_the_value() -> None:
    for bad, key in (({"minutesPlayed": -1, "goals": 2}, "minutesPlayed"), ({"goals": 2, "rating": 11}, "rating")):
        figures = read_figures(bad, "home.players.7", {})
        assert figures.valid == {"goals": 2}
        assert [one.path for one in figures.invalid] == [f"home.players.7.{key}"]
        assert figures.invalid[0].reason.startswith(f"{bad[key]} is no valid {key}: ")


def test_numbers_as_strings_and_whole_floats_are_accepted() -> None:
    figures = read_figures({"minutesPlayed": "90", "goals": 2.0}, "", {})
    columns = statistics_columns(figures.model, SOMEBODY)
    assert (columns["minutes"], columns["goals"]) == (90, 2)


@pytest.mark.parametrize("key", sorted(COUNT_KEYS))
def test_a_null_in_place_of_a_stored_figure_is_unknown(key: str) -> None:
    other = "saves" if key == "fouls" else "fouls"
    figures = read_figures({"minutesPlayed": 90, key: None, other: None}, "home.players.7", {key: 2})
    assert [one.path for one in figures.invalid] == [f"home.players.7.{key}"]
    assert figures.valid == {"minutesPlayed": 90}
