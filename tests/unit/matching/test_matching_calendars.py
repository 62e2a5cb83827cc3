"""Teams whose names are not enough are linked by their opponents and kick-offs."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from fpl_pulse.matching.calendars import settle_by_calendar
from fpl_pulse.matching.rows import Candidate, EventRow, FixtureRow, links_of

CLUBS = range(1, 9)
START = datetime(2025, 8, 16, 14, tzinfo=UTC)
UNSETTLED = (7, 8)


def kick_off(home: int, away: int) -> datetime:
    """Most matches have their own kick-off; every fifth is on one crowded Saturday afternoon."""
    number = home * 10 + away
    return START if number % 5 == 0 else START + timedelta(hours=number * 3)


PAIRS = [(home, away) for home in CLUBS for away in CLUBS if home != away]
EVENTS = [EventRow(home * 100 + away, home, away, kick_off(home, away), "ended") for home, away in PAIRS]
FIXTURES = [FixtureRow(home * 100 + away, home + 50, away + 50, kick_off(home, away)) for home, away in PAIRS]
LINKED = [
    Candidate(sofasport_id=club, fpl_id=club + 50, status="linked", method="name_equal", evidence="name_equal")
    for club in CLUBS
    if club not in UNSETTLED
]
IN_REVIEW = [
    Candidate(sofasport_id=club, status="review", method="no_plausible_team", evidence="no_plausible_team")
    for club in UNSETTLED
]
TEAMS = LINKED + IN_REVIEW


def settled(found: list[Candidate]) -> dict[int, int]:
    """The links of the two teams that were in review."""
    return {team: code for team, code in links_of(found).items() if team in UNSETTLED}


def test_two_clubs_with_nicknames_for_names_are_linked_by_their_calendars() -> None:
    found = settle_by_calendar(TEAMS, EVENTS, FIXTURES)
    assert settled(found) == {7: 57, 8: 58}
    assert {team.method for team in found if team.sofasport_id in UNSETTLED} == {"calendar"}
    assert found[: len(LINKED)] == LINKED


def test_a_few_moved_matches_do_not_prevent_a_link() -> None:
    moved = [
        replace(fixture, kickoff_at=kick_off(*divmod(fixture.fixture_id, 100)) + timedelta(days=1))
        if fixture.fixture_id in (701, 107)
        else fixture
        for fixture in FIXTURES
    ]
    assert settled(settle_by_calendar(TEAMS, EVENTS, moved)) == {7: 57, 8: 58}


def test_a_club_with_a_calendar_of_no_fpl_team_stays_in_review() -> None:
    strange = [
        replace(fixture, kickoff_at=kick_off(*divmod(fixture.fixture_id, 100)) + timedelta(days=400))
        if 57 in (fixture.home_team_code, fixture.away_team_code)
        else fixture
        for fixture in FIXTURES
    ]
    assert settled(settle_by_calendar(TEAMS, EVENTS, strange)) == {8: 58}


def test_two_clubs_with_the_same_calendar_are_not_linked() -> None:
    fixtures = [replace(fixture, kickoff_at=START) for fixture in FIXTURES]
    events = [replace(event, start_at=START) for event in EVENTS]
    assert settled(settle_by_calendar(TEAMS, events, fixtures)) == {}


def test_too_few_matches_are_not_compared() -> None:
    assert settled(settle_by_calendar(TEAMS, EVENTS[:9], FIXTURES)) == {}


def test_linked_clubs_keep_their_links() -> None:
    linked = [replace(team, status="linked", fpl_id=code) for team, code in zip(IN_REVIEW, (99, 98), strict=True)]
    assert settled(settle_by_calendar(LINKED + linked, EVENTS, FIXTURES)) == {7: 99, 8: 98}


def test_a_manually_rejected_pair_is_not_linked() -> None:
    assert settled(settle_by_calendar(TEAMS, EVENTS, FIXTURES, {(7, 57)})) == {8: 58}
