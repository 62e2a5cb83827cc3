"""SofaSport events matched to FPL fixtures."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fpl_pulse.matching.fixtures import match_fixtures

TEAMS = pd.DataFrame({"sofasport_team_id": [100, 200, 300], "fpl_team_code": [1, 2, 3]})
FIXTURES = [
    (10, 1, 2, "2025-10-20T19:00Z"),
    (11, 2, 1, "2026-03-01T15:00Z"),
    (12, 1, 3, None),
    (13, 3, 2, "2026-05-24T15:00Z"),
]
Event = tuple[int, int, int, str | None, int | None]


def _events(events: list[Event]) -> pd.DataFrame:
    frame = pd.DataFrame(
        events, columns=["event_id", "home_team_id", "away_team_id", "start_at", "status_code"]
    )
    return frame.assign(start_at=pd.to_datetime(frame["start_at"], utc=True))


def _match(events: list[Event], fixtures: list[tuple[int, int, int, str | None]] = FIXTURES) -> pd.DataFrame:
    planned = pd.DataFrame(fixtures, columns=["fixture_id", "home_team_code", "away_team_code", "kickoff_at"])
    planned = planned.assign(kickoff_at=pd.to_datetime(planned["kickoff_at"], utc=True))
    return match_fixtures(_events(events), planned, TEAMS).set_index("event_id")


def _current(found: pd.DataFrame) -> list[int]:
    return [int(event) for event in found.index[found["is_current"]]]


def test_home_and_away_identify_the_fixture() -> None:
    found = _match([(1, 100, 200, "2025-10-20T19:00Z", 100), (2, 200, 100, "2026-03-01T15:00Z", 0)])
    assert found["fixture_id"].tolist() == [10, 11]
    assert found["is_current"].all()
    assert found["confidence"].tolist() == [1.0, 1.0]


def test_of_a_stale_duplicate_and_the_played_match_the_played_one_is_current() -> None:
    found = _match([(1, 100, 200, "2025-10-18T14:00Z", 60), (2, 100, 200, "2025-10-20T19:00Z", 100)])
    assert found["fixture_id"].tolist() == [10, 10]
    assert _current(found) == [2]


def test_the_played_match_is_current_even_with_the_lower_id_and_the_wrong_time() -> None:
    found = _match([(1, 100, 200, "2025-10-18T14:00Z", 100), (2, 100, 200, "2025-10-20T19:00Z", 60)])
    assert _current(found) == [1]


@pytest.mark.parametrize(
    ("furthest", "behind"), [(100, 7), (110, 31), (120, 0), (6, 0), (0, 60), (0, 90), (7, 70), (60, None)]
)
def test_the_event_that_has_gone_furthest_is_current(furthest: int, behind: int | None) -> None:
    found = _match([(1, 100, 200, "2025-10-01T19:00Z", furthest), (2, 100, 200, "2025-10-20T19:00Z", behind)])
    assert _current(found) == [1]


def test_an_abandoned_match_gives_way_to_its_replay() -> None:
    found = _match([(9, 100, 200, "2025-10-20T19:00Z", 90), (2, 100, 200, "2025-11-20T19:00Z", 0)])
    assert _current(found) == [2]


def test_among_equals_the_one_nearest_to_the_kick_off_is_current() -> None:
    found = _match([(1, 100, 200, "2025-10-20T18:00Z", 0), (2, 100, 200, "2025-10-27T19:00Z", 0)])
    assert _current(found) == [1]


def test_among_full_equals_the_highest_id_is_current() -> None:
    found = _match([(1, 100, 200, "2025-10-20T19:00Z", 0), (2, 100, 200, "2025-10-20T19:00Z", 0)])
    assert _current(found) == [2]


def test_a_postponed_match_with_a_single_event_keeps_its_link() -> None:
    found = _match([(1, 100, 200, "2025-10-20T19:00Z", 60)])
    assert found.loc[1, "fixture_id"] == 10
    assert _current(found) == [1]


def test_a_moved_fixture_keeps_its_link() -> None:
    before = _match([(1, 100, 200, "2025-10-20T19:00Z", 0)])
    after = _match([(1, 100, 200, "2026-02-11T19:45Z", 0)])
    assert before["fixture_id"].tolist() == after["fixture_id"].tolist() == [10]
    assert after.loc[1, "status"] == "linked"


def test_a_fixture_without_a_kick_off_is_linked() -> None:
    found = _match([(1, 100, 300, "2026-01-10T15:00Z", 60), (2, 100, 300, None, 0)])
    assert found["fixture_id"].tolist() == [12, 12]
    assert _current(found) == [2]


def test_an_event_of_an_unlinked_club_is_in_review() -> None:
    found = _match([(1, 100, 999, "2025-10-20T19:00Z", 0)])
    assert found.loc[1, "status"] == "review"
    assert found["fixture_id"].isna().all()
    assert _current(found) == []


def test_an_event_without_a_fixture_has_no_counterpart() -> None:
    assert _match([(1, 200, 300, "2025-10-20T19:00Z", 0)]).loc[1, "status"] == "no_counterpart"


def test_an_event_of_another_season_is_in_review() -> None:
    found = _match([(1, 100, 200, "2024-10-20T19:00Z", 100), (2, 100, 200, "2025-10-20T19:00Z", 0)])
    assert found.loc[1, "status"] == "review"
    assert _current(found) == [2]


def test_clubs_that_meet_in_two_fixtures_are_in_review() -> None:
    found = _match([(1, 100, 200, "2025-10-20T19:00Z", 0)], [*FIXTURES, (14, 1, 2, None)])
    assert found.loc[1, "status"] == "review"


def test_the_same_row_twice_counts_once() -> None:
    assert len(_match([(1, 100, 200, "2025-10-20T19:00Z", 0)] * 2)) == 1


def test_a_time_without_a_zone_is_refused() -> None:
    events = _events([(1, 100, 200, "2025-10-20T19:00Z", 0)])
    fixtures = pd.DataFrame(
        [(10, 1, 2, pd.NaT)], columns=["fixture_id", "home_team_code", "away_team_code", "kickoff_at"]
    )
    with pytest.raises(ValueError, match="has no time zone"):
        match_fixtures(events.assign(start_at=pd.Timestamp("2025-10-20 19:00")), fixtures, TEAMS)


def test_one_fpl_team_for_two_sofasport_teams_is_refused() -> None:
    links = pd.DataFrame({"sofasport_team_id": [100, 200], "fpl_team_code": [1, 1]})
    fixtures = pd.DataFrame(columns=["fixture_id", "home_team_code", "away_team_code", "kickoff_at"])
    with pytest.raises(ValueError, match="one FPL team for two SofaSport teams"):
        match_fixtures(_events([]), fixtures, links)


def test_no_events_give_no_rows() -> None:
    assert _match([]).empty


_EVENT = st.tuples(
    st.sampled_from([100, 200, 300, 999]),
    st.sampled_from([100, 200, 300]),
    st.sampled_from(["2025-10-20T19:00Z", "2025-11-20T19:00Z", "2026-02-11T19:45Z", None]),
    st.sampled_from([0, 7, 60, 70, 90, 100, None]),
)


@given(st.lists(_EVENT, max_size=8), st.randoms(use_true_random=False))
def test_order_does_not_matter_and_every_fixture_has_one_current_event(
    drawn: list[tuple[int, int, str | None, int | None]],
    random: object,
) -> None:
    events: list[Event] = [(number, *event) for number, event in enumerate(drawn, start=1)]
    shuffled = list(events)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    found = _match(events)
    pd.testing.assert_frame_equal(found, _match(shuffled))
    linked = found[found["status"] == "linked"]
    assert linked.groupby("fixture_id")["is_current"].sum().eq(1).all()
    assert not found.loc[found["status"] != "linked", "is_current"].any()
