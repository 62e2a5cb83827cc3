"""Clubs that their names do not settle are known by whom they play, where and when."""

from datetime import UTC, datetime, timedelta

import pandas as pd

from fpl_pulse.matching.calendars import settle_by_calendar

CLUBS = range(1, 9)
START = datetime(2025, 8, 16, 14, tzinfo=UTC)
UNSETTLED = (7, 8)


def kick_off(home: int, away: int) -> datetime:
    """Most matches have a kick-off of their own; every fifth is on one crowded Saturday afternoon."""
    number = home * 10 + away
    return START if number % 5 == 0 else START + timedelta(hours=number * 3)


PAIRS = [(home, away) for home in CLUBS for away in CLUBS if home != away]
EVENTS = pd.DataFrame(
    [
        {
            "event_id": home * 100 + away,
            "home_team_id": home,
            "away_team_id": away,
            "start_at": kick_off(home, away),
        }
        for home, away in PAIRS
    ]
)
FIXTURES = pd.DataFrame(
    [
        {
            "fixture_id": home * 100 + away,
            "home_team_code": home + 50,
            "away_team_code": away + 50,
            "kickoff_at": kick_off(home, away),
        }
        for home, away in PAIRS
    ]
)
LINKS = pd.DataFrame(
    [{"sofasport_team_id": club, "fpl_team_code": club + 50} for club in CLUBS if club not in UNSETTLED]
)


def teams() -> pd.DataFrame:
    frame = pd.DataFrame(
        [
            {
                "sofasport_team_id": club,
                "fpl_team_code": None,
                "status": "review",
                "method": "no_plausible_team",
                "confidence": 0.0,
                "evidence": "no_plausible_team",
            }
            for club in UNSETTLED
        ]
    )
    return frame.astype({"fpl_team_code": "Int64"})


def settled(frame: pd.DataFrame) -> dict[int, int]:
    linked = frame[frame.status == "linked"]
    return dict(zip(linked.sofasport_team_id, linked.fpl_team_code, strict=True))


def test_two_clubs_with_nicknames_for_names_are_told_apart_by_their_calendars() -> None:
    found = settle_by_calendar(teams(), LINKS, EVENTS, FIXTURES)
    assert settled(found) == {7: 57, 8: 58}
    assert set(found.method) == {"calendar"}


def test_a_few_moved_matches_do_not_hide_a_club() -> None:
    moved = FIXTURES.copy()
    moved.loc[moved.fixture_id.isin([701, 107]), "kickoff_at"] += pd.Timedelta(days=1)
    assert settled(settle_by_calendar(teams(), LINKS, EVENTS, moved)) == {7: 57, 8: 58}


def test_a_club_whose_calendar_nobody_has_stays_in_review() -> None:
    strange = FIXTURES.copy()
    is_seven = (strange.home_team_code == 57) | (strange.away_team_code == 57)
    strange.loc[is_seven, "kickoff_at"] += pd.Timedelta(days=400)
    assert settled(settle_by_calendar(teams(), LINKS, EVENTS, strange)) == {8: 58}


def test_two_clubs_with_the_same_calendar_are_not_guessed() -> None:
    same = FIXTURES.copy()
    same["kickoff_at"] = START
    events = EVENTS.copy()
    events["start_at"] = START
    assert settled(settle_by_calendar(teams(), LINKS, events, same)) == {}


def test_a_handful_of_matches_is_no_calendar() -> None:
    assert settled(settle_by_calendar(teams(), LINKS, EVENTS.head(9), FIXTURES)) == {}


def test_clubs_that_are_linked_stay_as_they_are() -> None:
    frame = teams().assign(status="linked", fpl_team_code=[99, 98])
    assert settled(settle_by_calendar(frame, LINKS, EVENTS, FIXTURES)) == {7: 99, 8: 98}


def test_a_pair_that_a_person_has_rejected_is_not_settled() -> None:
    settled = settle_by_calendar(teams(), LINKS, EVENTS, FIXTURES, {(7, 57)})
    linked = settled[settled.status == "linked"]
    assert linked.sofasport_team_id.tolist() == [8]
