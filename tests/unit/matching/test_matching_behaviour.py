"""Who played how long on both sides: what it proves, and what it contradicts."""

from __future__ import annotations

from typing import Any

import pandas as pd

from fpl_pulse.matching.behaviour import Agreement, Records, records
from tests.unit.matching.playing import TEAM_MATES, Played, known


def record_of_the_first(both: Records) -> dict[int, tuple[int, int]]:
    """What the first man did."""
    return both.played[1]


def compared(ours: Played, theirs: Played, **more: Any) -> Agreement | None:  # noqa: ANN401
    """One man against one player among the crowd."""
    both = known({1: ours, **TEAM_MATES}, {50: theirs, **TEAM_MATES}, **more)
    record = both.played.get(1, {})
    return both.compare(record, 50, both.fits(record))


def test_rare_minutes_prove_more_than_ninety() -> None:
    rare, common = compared({1: 67}, {1: 67}), compared({1: 90}, {1: 90})
    assert rare is not None
    assert common is not None
    assert rare.bits > 3
    assert 0 <= common.bits < 1


def test_a_whole_record_fits_one_man_alone() -> None:
    found = compared({1: 90, 2: 67, 3: 12, 4: 85}, {1: 90, 2: 67, 3: 12, 4: 85})
    assert found is not None
    assert (found.agreed, found.disagreed, found.alone) == (4, 0, True)
    assert found.bits > 10
    assert found.words == "minutes agree in all of 4 matches, as nobody else's"


def test_a_record_that_the_whole_team_shares_proves_little() -> None:
    found = compared({day: 90 for day in range(1, 9)}, {day: 90 for day in range(1, 9)})
    assert found is not None
    assert not found.alone
    assert found.bits < 2


def test_a_rare_record_that_another_shares_tells_only_that_it_is_one_of_two() -> None:
    rare = {1: 67, 2: 12, 3: 45, 4: 71, 5: 33, 6: 19}
    both = known({1: rare, **TEAM_MATES}, {50: rare, 51: rare, **TEAM_MATES})
    found = both.compare(record_of_the_first(both), 50, both.fits(record_of_the_first(both)))
    assert found is not None
    assert not found.alone
    assert found.bits <= 4


def test_goals_tell_team_mates_apart() -> None:
    minutes = {1: 90, 2: 90}
    scorer = compared(minutes, minutes, goals={(1, 1): 2, (50, 1): 2})
    other = compared(minutes, minutes, goals={(1, 1): 2})
    assert scorer is not None
    assert other is not None
    assert scorer.bits > other.bits + 3


def test_a_minute_or_two_apart_is_the_same_match() -> None:
    found = compared({1: 67, 2: 88}, {1: 66, 2: 90})
    assert found is not None
    assert (found.agreed, found.disagreed) == (2, 0)


def test_a_minute_on_one_side_alone_says_nothing() -> None:
    assert compared({1: 1}, {}) is None


def test_three_disagreeing_matches_running_contradict_and_two_do_not() -> None:
    played = {1: 90, 2: 67, 3: 12, 4: 85, 5: 90}
    two = compared(played, {1: 90, 2: 67, 3: 12})
    three = compared(played, {1: 90, 2: 67})
    after = {6: 33, 7: 90, 8: 21}
    mended = compared(played | after, {1: 90, 2: 67} | after)
    assert two is not None
    assert three is not None
    assert mended is not None
    assert (two.contradicts, three.contradicts, mended.contradicts) == (False, True, False)


def test_matches_that_only_one_side_has_figures_of_are_not_compared() -> None:
    both = known({1: {1: 90, 2: 90}, **TEAM_MATES}, {50: {1: 90}, **{c: {1: 90} for c in TEAM_MATES}})
    found = both.compare(both.played[1], 50, both.fits(both.played[1]))
    assert found is not None
    assert found.disagreed == 0


def test_only_the_current_event_of_a_fixture_counts() -> None:
    fixtures = pd.DataFrame({"event_id": [101, 102], "fixture_id": [1, 1], "is_current": [True, False]})
    appearances = pd.DataFrame(
        [(101, 1, 90, 0), (102, 1, 30, 0)], columns=["event_id", "sofasport_player_id", "minutes", "goals"]
    )
    figures = pd.DataFrame(
        [(1, 50, 90, 0, pd.Timestamp("2025-08-16T14:00Z"))],
        columns=["fixture_id", "fpl_code", "minutes", "goals", "kickoff_at"],
    )
    assert records(appearances, figures, fixtures).played == {1: {1: (90, 0)}}
