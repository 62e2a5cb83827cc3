"""When a missing figure has vanished, and when it is zero now."""

from fpl_pulse.etl.vanishing import complete

STORED = {"minutesPlayed": 90, "rating": 7.1, "totalShots": 1, "expectedGoals": 0.4, "touches": 50}


def test_a_figure_that_is_missing_or_null_is_kept() -> None:
    for fresh in ({"minutesPlayed": 90}, {"minutesPlayed": 90, "rating": None}):
        completed = complete(fresh, STORED)
        assert completed.figures == STORED
        assert completed.vanished == ["expectedGoals", "rating", "totalShots", "touches"]


def test_a_player_who_loses_his_only_shot_loses_its_expected_goals() -> None:
    fresh = {key: STORED[key] for key in ("minutesPlayed", "rating", "touches")}
    completed = complete(fresh, STORED)
    assert completed.figures == fresh
    assert (completed.vanished, completed.zeroed) == ([], ["expectedGoals", "totalShots"])


def test_expected_goals_are_kept_while_the_shot_remains() -> None:
    fresh = {key: value for key, value in STORED.items() if key != "expectedGoals"}
    assert complete(fresh, STORED).figures == STORED


def test_one_minute_and_a_rating_of_one_are_never_taken_as_zero() -> None:
    assert complete({"touches": 2}, {"minutesPlayed": 1, "rating": 1}).vanished == ["minutesPlayed", "rating"]


def test_a_stored_zero_vanishes_only_where_the_source_sends_zeros() -> None:
    assert complete({}, {"goals": 0}).vanished == []
    assert complete({}, {"attacking": 0}, omits_zeros=False).vanished == ["attacking"]
    assert complete({}, {"attacking": 1}, omits_zeros=False).figures == {"attacking": 1}


def test_new_figures_replace_stored_ones() -> None:
    completed = complete(STORED | {"rating": 6.4, "brandNew": 2}, STORED)
    assert completed.figures == STORED | {"rating": 6.4, "brandNew": 2}
    assert completed.vanished == []
