"""What a missing key of the match statistics means."""

from fpl_pulse.etl.match_statistics import COLUMNS, statistics_columns

NOBODY = {"expectedGoals": False, "expectedAssists": False, "expectedGoalsOnTarget": False}
SOMEBODY = dict.fromkeys(NOBODY, True)


def test_a_missing_count_of_a_player_with_minutes_is_zero() -> None:
    columns, problem = statistics_columns({"minutesPlayed": 90, "goals": 1, "rating": 7}, SOMEBODY)
    assert problem is None
    assert (columns["minutes"], columns["goals"], columns["assists"], columns["rating"]) == (90, 1, 0, 7.0)
    assert set(columns) == set(COLUMNS)


def test_a_missing_rating_is_unknown_and_not_zero() -> None:
    columns, _ = statistics_columns({"minutesPlayed": 3}, SOMEBODY)
    assert columns["rating"] is None


def test_missing_expected_goals_are_zero_only_if_another_player_has_some() -> None:
    without, _ = statistics_columns({"minutesPlayed": 90}, NOBODY)
    beside, _ = statistics_columns({"minutesPlayed": 90}, SOMEBODY)
    assert without["expected_goals"] is None
    assert beside["expected_goals"] == 0.0


def test_an_unused_substitute_has_no_minutes_and_no_counts() -> None:
    for statistics in ({}, {"rating": 6.5}):
        columns, _ = statistics_columns(statistics, SOMEBODY)
        assert columns["minutes"] == 0
        assert columns["goals"] is None


def test_minutes_are_unknown_while_the_match_has_no_statistics() -> None:
    columns, problem = statistics_columns(None, NOBODY)
    assert problem is None
    assert columns["minutes"] is None


def test_impossible_numbers_are_rejected_and_the_reason_names_the_key() -> None:
    for bad, key in (({"minutesPlayed": -1}, "minutesPlayed"), ({"minutesPlayed": 90, "rating": 11}, "rating")):
        columns, problem = statistics_columns(bad, SOMEBODY)
        assert problem is not None
        assert key in problem
        assert columns["minutes"] is None


def test_numbers_as_strings_and_whole_floats_are_accepted() -> None:
    columns, problem = statistics_columns({"minutesPlayed": "90", "goals": 2.0}, SOMEBODY)
    assert problem is None
    assert (columns["minutes"], columns["goals"]) == (90, 2)
