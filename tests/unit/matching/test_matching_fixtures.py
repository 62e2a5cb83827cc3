"""SofaSport events matched to FPL fixtures."""

from __future__ import annotations

import datetime as dt
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fpl_pulse.matching.fixtures import match_fixtures
from fpl_pulse.matching.rows import Candidate, EventRow, FixtureRow, Stage

TEAM_CODES = {100: 1, 200: 2, 300: 3}
FIXTURES = [
    (10, 1, 2, "2025-10-20T19:00Z"),
    (11, 2, 1, "2026-03-01T15:00Z"),
    (12, 1, 3, None),
    (13, 3, 2, "2026-05-24T15:00Z"),
]
Event = tuple[int, int, int, str | None, Stage]


def _at(text: str | None) -> dt.datetime | None:
    return dt.datetime.fromisoformat(text) if text else None


def _match(
    events: list[Event], fixtures: list[tuple[int, int, int, str | None]] = FIXTURES, *, is_finished: bool = True
) -> dict[int, Candidate]:
    found = match_fixtures(
        [EventRow(event_id, home, away, _at(start), stage) for event_id, home, away, start, stage in events],
        [FixtureRow(fixture_id, home, away, _at(kickoff), is_finished) for fixture_id, home, away, kickoff in fixtures],
        TEAM_CODES,
    )
    return {candidate.sofasport_id: candidate for candidate in found}


def _current(found: dict[int, Candidate]) -> list[int]:
    return [event_id for event_id, candidate in found.items() if candidate.is_current]


def _fixtures(found: dict[int, Candidate]) -> list[int | None]:
    return [candidate.fpl_id for candidate in found.values()]


def test_home_and_away_identify_the_fixture() -> None:
    found = _match([(1, 100, 200, "2025-10-20T19:00Z", "ended"), (2, 200, 100, "2026-03-01T15:00Z", "not_started")])
    assert _fixtures(found) == [10, 11]
    assert _current(found) == [1, 2]
    assert [candidate.confidence for candidate in found.values()] == [1.0, 1.0]


def test_the_played_event_is_current_and_not_its_stale_duplicate() -> None:
    found = _match([(1, 100, 200, "2025-10-18T14:00Z", "postponed"), (2, 100, 200, "2025-10-20T19:00Z", "ended")])
    assert _fixtures(found) == [10, 10]
    assert _current(found) == [2]


def test_the_played_event_is_current_with_a_lower_id_and_another_time() -> None:
    found = _match([(1, 100, 200, "2025-10-18T14:00Z", "ended"), (2, 100, 200, "2025-10-20T19:00Z", "postponed")])
    assert _current(found) == [1]


@pytest.mark.parametrize(
    ("furthest", "behind"),
    [
        ("ended", "in_progress"),
        ("ended", "not_started"),
        ("in_progress", "not_started"),
        ("not_started", "postponed"),
        ("not_started", "interrupted"),
        ("in_progress", "called_off"),
        ("not_started", "unknown"),
    ],
)
def test_the_event_that_has_got_furthest_is_current(furthest: Stage, behind: Stage) -> None:
    found = _match([(1, 100, 200, "2025-10-01T19:00Z", furthest), (2, 100, 200, "2025-10-20T19:00Z", behind)])
    assert _current(found) == [1]


def test_the_replay_of_an_abandoned_match_is_current() -> None:
    found = _match(
        [(9, 100, 200, "2025-10-20T19:00Z", "called_off"), (2, 100, 200, "2025-11-20T19:00Z", "not_started")]
    )
    assert _current(found) == [2]


def test_a_match_that_ended_but_is_to_be_played_for_fpl_is_not_current() -> None:
    found = _match([(1, 100, 200, "2025-08-20T19:00Z", "ended")], is_finished=False)
    assert found[1].fpl_id == 10
    assert "not_played_for_fpl" in found[1].evidence
    assert _current(found) == []


def test_a_match_that_just_ended_is_current_before_fpl_has_finished_it() -> None:
    assert _current(_match([(1, 100, 200, "2025-10-20T19:00Z", "ended")], is_finished=False)) == [1]


def test_a_match_with_an_exchanged_venue_is_the_fixture_of_that_day() -> None:
    found = _match([(1, 200, 100, "2025-10-20T19:00Z", "ended"), (2, 200, 100, "2026-03-01T15:00Z", "not_started")])
    assert _fixtures(found) == [10, 11]
    assert "clubs_exchanged" in found[1].evidence
    assert _current(found) == [1, 2]


def test_of_two_ended_events_the_one_with_lineups_is_current() -> None:
    events = [
        EventRow(event_id, 100, 200, _at("2025-10-20T19:00Z"), "ended", has_lineups=event_id == 1)
        for event_id in (1, 2)
    ]
    fixtures = [FixtureRow(10, 1, 2, _at("2025-10-20T19:00Z"), is_finished=True)]
    assert [row.is_current for row in match_fixtures(events, fixtures, TEAM_CODES)] == [True, False]


def test_of_two_events_at_one_stage_the_one_nearest_to_the_kick_off_is_current() -> None:
    found = _match(
        [(1, 100, 200, "2025-10-20T18:00Z", "not_started"), (2, 100, 200, "2025-10-27T19:00Z", "not_started")]
    )
    assert _current(found) == [1]


def test_of_two_equal_events_the_one_with_the_higher_id_is_current() -> None:
    found = _match(
        [(1, 100, 200, "2025-10-20T19:00Z", "not_started"), (2, 100, 200, "2025-10-20T19:00Z", "not_started")]
    )
    assert _current(found) == [2]


def test_a_postponed_match_with_a_single_event_keeps_its_link() -> None:
    found = _match([(1, 100, 200, "2025-10-20T19:00Z", "postponed")])
    assert found[1].fpl_id == 10
    assert _current(found) == [1]


def test_a_moved_fixture_keeps_its_link() -> None:
    before = _match([(1, 100, 200, "2025-10-20T19:00Z", "not_started")])
    after = _match([(1, 100, 200, "2026-02-11T19:45Z", "not_started")])
    assert _fixtures(before) == _fixtures(after) == [10]
    assert after[1].status == "linked"


def test_a_fixture_without_a_kick_off_is_linked() -> None:
    found = _match([(1, 100, 300, "2026-01-10T15:00Z", "postponed"), (2, 100, 300, None, "not_started")])
    assert _fixtures(found) == [12, 12]
    assert _current(found) == [2]


def test_an_event_of_an_unlinked_club_is_in_review() -> None:
    found = _match([(1, 100, 999, "2025-10-20T19:00Z", "not_started")])
    assert found[1].status == "review"
    assert _fixtures(found) == [None]
    assert _current(found) == []


def test_an_event_without_a_fixture_has_no_counterpart() -> None:
    assert _match([(1, 200, 300, "2025-10-20T19:00Z", "not_started")])[1].status == "no_counterpart"


def test_an_event_of_another_season_is_in_review() -> None:
    found = _match([(1, 100, 200, "2024-10-20T19:00Z", "ended"), (2, 100, 200, "2025-10-20T19:00Z", "not_started")])
    assert found[1].status == "review"
    assert _current(found) == [2]


def test_clubs_that_meet_in_two_fixtures_are_in_review() -> None:
    found = _match([(1, 100, 200, "2025-10-20T19:00Z", "not_started")], [*FIXTURES, (14, 1, 2, None)])
    assert found[1].status == "review"


def test_the_same_row_twice_counts_once() -> None:
    assert len(_match([(1, 100, 200, "2025-10-20T19:00Z", "not_started")] * 2)) == 1


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="2025-10-20 19:00:00 has no time zone"):
        _match([(1, 100, 200, "2025-10-20T19:00", "not_started")], [(10, 1, 2, None)])


def test_two_sofasport_teams_with_one_fpl_team_are_refused() -> None:
    with pytest.raises(
        ValueError, match=r"teams \[100, 200\] are linked to one FPL team, code 1. Reject the wrong link"
    ):
        match_fixtures([], [], {100: 1, 200: 1})


def test_one_id_in_two_different_rows_is_refused() -> None:
    events: list[Event] = [(1, 100, 200, None, stage) for stage in ("not_started", "ended")]
    with pytest.raises(ValueError, match="Event 1 is in two different rows"):
        _match(events)


def test_no_events_give_no_rows() -> None:
    assert _match([]) == {}


_EVENT = st.tuples(
    st.sampled_from([100, 200, 300, 999]),
    st.sampled_from([100, 200, 300]),
    st.sampled_from(["2025-10-20T19:00Z", "2025-11-20T19:00Z", "2026-02-11T19:45Z", None]),
    st.sampled_from(["not_started", "in_progress", "postponed", "called_off", "ended", "unknown"]),
)


@given(st.lists(_EVENT, max_size=8), st.randoms(use_true_random=False))
def test_order_does_not_matter_and_every_fixture_has_one_current_event(
    drawn: list[tuple[int, int, str | None, Stage]], random: object
) -> None:
    events: list[Event] = [(number, *event) for number, event in enumerate(drawn, start=1)]
    shuffled = list(events)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    found = _match(events)
    assert list(found.values()) == list(_match(shuffled).values())
    linked = {candidate.fpl_id for candidate in found.values() if candidate.status == "linked"}
    current = Counter(found[event].fpl_id for event in _current(found))
    assert current == dict.fromkeys(linked, 1)
    assert {found[event].status for event in _current(found)} <= {"linked"}
