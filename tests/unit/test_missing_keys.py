"""When a key has vanished, which new key may be its new name, and what the report says."""

import pytest

from fpl_pulse.etl.match_statistics import FAMILIAR, USUAL
from fpl_pulse.etl.missing_keys import (
    LEAST_EXPECTED,
    SAME_NAME,
    Counted,
    Usual,
    likeliest_name,
    missing_key,
    renamed,
    similarity,
    vanished,
)
from fpl_pulse.etl.season_figures import missing_keys as missing_season_keys


def players(count: int, **figures: float) -> Counted:
    return Counted.of([{"minutesPlayed": 90, **figures} for _ in range(count)])


def test_a_key_that_nobody_of_a_match_has_has_vanished_when_nearly_everybody_should_have_it() -> None:
    assert "totalPass" in vanished(players(30), USUAL)
    assert "minutesPlayed" not in vanished(players(30), USUAL)


def test_a_rare_key_has_not_vanished_from_a_match_but_from_several_matches() -> None:
    assert not vanished(players(30), USUAL) & {"goals", "goalAssist", "saves", "ownGoals"}
    assert vanished(players(300), USUAL) >= {"goals", "goalAssist", "saves"}
    assert "ownGoals" not in vanished(players(300), USUAL)


def test_a_few_players_who_still_have_a_key_do_not_hide_that_it_vanished() -> None:
    usual = {"touches": Usual(1)}
    some_have = players(28) + players(2, touches=40)
    half_have = players(15) + players(15, touches=40)
    assert vanished(some_have, usual) == {"touches"}
    assert vanished(half_have, usual) == set()
    assert vanished(players(LEAST_EXPECTED - 1), usual) == set()


def test_a_null_means_the_same_as_a_missing_key() -> None:
    assert vanished(Counted.of([{"touches": None}] * 20), {"touches": Usual(1)}) == {"touches"}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("totalPass", "totalPasses"),
        ("totalPass", "total_pass"),
        ("totalPass", "passTotal"),
        ("goals", "goal"),
        ("touches", "touch"),
        ("birth_date", "birthDate"),
    ],
)
def test_another_notation_is_the_same_name(one: str, other: str) -> None:
    assert similarity(one, other) >= SAME_NAME


@pytest.mark.parametrize(
    ("one", "other"), [("goals", "ownGoals"), ("accuratePass", "accurateCross"), ("saves", "goals"), ("x", "y")]
)
def test_another_figure_is_not_the_same_name(one: str, other: str) -> None:
    assert similarity(one, other) < SAME_NAME


def test_a_renamed_key_is_recognized_by_its_notation() -> None:
    assert renamed(players(1, totalPasses=40, fouls=1), USUAL, FAMILIAR) == {"totalPass": "totalPasses"}
    assert renamed(players(1, totalOwnHalfPasses=40), USUAL, FAMILIAR) == {}


def test_the_likeliest_new_name_resembles_the_key_and_has_fitting_values() -> None:
    counted = players(30, minutes=90, saveCount=3, brandNew=7)
    assert likeliest_name("minutesPlayed", counted, USUAL, FAMILIAR) == "minutes"
    assert likeliest_name("saves", counted, USUAL, FAMILIAR) == "saveCount"
    assert likeliest_name("touches", counted, USUAL, FAMILIAR) is None


def test_a_new_key_is_the_new_name_of_one_key_only() -> None:
    counted = players(30, totalPasses=40)
    assert likeliest_name("totalPass", counted, USUAL, FAMILIAR) == "totalPasses"
    assert likeliest_name("totalTackle", counted, USUAL, FAMILIAR) is None


def test_the_report_names_the_key_who_lacks_it_and_its_new_name() -> None:
    report = missing_key("totalPass", "30 of 30 players with minutes", "totalPasses")
    assert report.path == "missing key totalPass"
    assert "totalPass is missing or invalid in 30 of 30 players with minutes" in report.reason
    assert report.reason.endswith("The likeliest new name is totalPasses")
    assert missing_key("x", "18 of 18 points", None).reason.endswith("No new key resembles it")


def test_season_statistics_that_state_zeros_omit_no_key_but_assists() -> None:
    stated = {"appearances": 2, "minutesPlayed": 180, "goals": 0, "totalPasses": 50}
    missing = missing_season_keys(stated, set())
    assert {"tackles", "touches", "expectedGoals"} <= missing
    assert not missing & {"assists", "rating", "countRating", "goals"}
    assert missing_season_keys({"appearances": 2, "minutesPlayed": 180, "goals": 1}, set()) == set()
    assert missing_season_keys(stated, {"assists"}) >= {"assists"}
