"""Playing records: what equal minutes and goals prove, and what different ones contradict."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from fpl_pulse.matching.playing_records import Comparison, playing_records
from fpl_pulse.matching.rows import AppearanceRow, FigureRow
from tests.unit.matching.playing import KICK_OFF, TEAM_MATES, Played, current, records_of


def compared(ours: Played, theirs: Played, **more: Any) -> Comparison | None:  # noqa: ANN401
    """The comparison of person 1 with player 50, with the team-mates in both sources."""
    both = records_of({1: ours, **TEAM_MATES}, {50: theirs, **TEAM_MATES}, **more)
    record = both.sofasport.get(1, {})
    return both.compare(record, 50, both.count_agreeing(record))


def test_rare_minutes_weigh_more_than_ninety() -> None:
    rare, common = compared({1: 67}, {1: 67}), compared({1: 90}, {1: 90})
    assert rare is not None
    assert common is not None
    assert rare.bits > 3
    assert 0 <= common.bits < 1


def test_a_record_of_four_rare_matches_is_unique() -> None:
    found = compared({1: 90, 2: 67, 3: 12, 4: 85}, {1: 90, 2: 67, 3: 12, 4: 85})
    assert found is not None
    assert (found.agreed, found.disagreed, found.is_unique) == (4, 0, True)
    assert found.bits > 10
    assert found.words == "minutes agree in all of 4 matches, as nobody else's"


def test_a_record_that_the_whole_team_shares_weighs_little() -> None:
    found = compared({day: 90 for day in range(1, 9)}, {day: 90 for day in range(1, 9)})
    assert found is not None
    assert not found.is_unique
    assert found.bits < 2


def test_a_rare_record_that_another_player_shares_weighs_little() -> None:
    rare = {1: 67, 2: 12, 3: 45, 4: 71, 5: 33, 6: 19}
    both = records_of({1: rare, **TEAM_MATES}, {50: rare, 51: rare, **TEAM_MATES})
    found = both.compare(both.sofasport[1], 50, both.count_agreeing(both.sofasport[1]))
    assert found is not None
    assert not found.is_unique
    assert found.bits <= 4


@given(
    st.dictionaries(st.integers(1, 9), st.integers(1, 90), max_size=9),
    st.dictionaries(st.integers(1, 9), st.integers(1, 90), max_size=9),
)
def test_minutes_of_others_than_the_supporters_never_speak_for_a_pair(ours: Played, theirs: Played) -> None:
    both = records_of({1: ours, **TEAM_MATES}, {50: theirs, **TEAM_MATES})
    record = both.sofasport.get(1, {})
    agreeing = both.count_agreeing(record)
    found = both.compare(record, 50, agreeing)
    if found is not None and found.bits > 0:
        assert 50 in both.supporters(record, agreeing)


def test_equal_goals_weigh_more_than_different_goals() -> None:
    minutes = {1: 90, 2: 90}
    scorer = compared(minutes, minutes, goals={(1, 1): 2, (50, 1): 2})
    other = compared(minutes, minutes, goals={(1, 1): 2})
    assert scorer is not None
    assert other is not None
    assert scorer.bits > other.bits + 3


def test_minutes_that_differ_by_one_or_two_agree() -> None:
    found = compared({1: 67, 2: 88}, {1: 66, 2: 90})
    assert found is not None
    assert (found.agreed, found.disagreed) == (2, 0)


def test_a_single_minute_in_one_source_only_is_not_compared() -> None:
    assert compared({1: 1}, {}) is None


def test_three_disagreeing_matches_in_a_row_contradict_and_two_do_not() -> None:
    played = {1: 90, 2: 67, 3: 12, 4: 85, 5: 90}
    two = compared(played, {1: 90, 2: 67, 3: 12})
    three = compared(played, {1: 90, 2: 67})
    after = {6: 33, 7: 90, 8: 21}
    mended = compared(played | after, {1: 90, 2: 67} | after)
    assert two is not None
    assert three is not None
    assert mended is not None
    assert (two.contradicts, three.contradicts, mended.contradicts) == (False, True, False)


def test_matches_that_only_one_source_has_are_not_compared() -> None:
    both = records_of({1: {1: 90, 2: 90}, **TEAM_MATES}, {50: {1: 90}, **{c: {1: 90} for c in TEAM_MATES}})
    found = both.compare(both.sofasport[1], 50, both.count_agreeing(both.sofasport[1]))
    assert found is not None
    assert found.disagreed == 0


def test_only_the_current_event_of_a_fixture_counts() -> None:
    records = playing_records(
        [AppearanceRow(101, 1, 90, 0), AppearanceRow(102, 1, 30, 0)],
        [FigureRow(1, 50, 90, 0, KICK_OFF)],
        [current(101, 1), current(102, 1, is_current=False)],
    )
    assert records.sofasport == {1: {1: (90, 0)}}
