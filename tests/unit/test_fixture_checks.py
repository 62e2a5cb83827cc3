"""FPL's fixtures and players beside the stored ones."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from fpl_pulse.api.payloads_fpl import Element, Fixture
from fpl_pulse.errors import PayloadError
from fpl_pulse.etl.fixture_checks import check_fixtures
from fpl_pulse.etl.reference_checks import StoredFixture, StoredPlayer, StoredSeason, other_people
from fpl_pulse.season import Season

NOW = datetime(2025, 9, 1, tzinfo=UTC)
DEADLINES = {1: datetime(2025, 8, 15, tzinfo=UTC), 2: datetime(2025, 8, 22, tzinfo=UTC)}
STATS = [
    {"identifier": "goals_scored", "h": [{"element": 1, "value": 2}], "a": []},
    {"identifier": "own_goals", "h": [], "a": []},
]
PLAYED: dict[str, Any] = {
    "id": 7, "code": 2007, "event": 1, "kickoff_time": "2025-08-16T14:00:00Z", "team_h": 1, "team_a": 2,
    "team_h_score": 2, "team_a_score": 0, "started": True, "finished_provisional": True, "finished": True,
    "minutes": 90, "stats": STATS,
}  # fmt: skip
STORED = StoredFixture(7, 2007, 1, 11, 12, finished_provisional=True, finished=True, stats=STATS)


def rejected(**changes: object) -> list[str]:
    """The reasons against the one fixture, with changed values."""
    record = PLAYED | changes
    _, found = check_fixtures(
        [(record, Fixture.model_validate(record))],
        Season("2025-26"),
        StoredSeason({}, {}, {7: STORED}, frozenset()),
        club_codes={1: 11, 2: 12},
        deadlines=DEADLINES,
        as_of=NOW,
    )
    return [one.reason for one in found]


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({}, None),
        ({"finished": False}, "not finished yet"),
        ({"stats": []}, "its statistics are missing"),
        ({"stats": [{"name": "goals_scored", "h": [], "a": []}]}, "its statistics are missing"),
        ({"event": 2}, "was played in gameweek 1, and is listed in gameweek 2"),
        ({"team_h_score": 4}, "the goals in stats are 2-0"),
        ({"team_h_score": None}, "team_h_score or team_a_score is missing"),
        ({"code": 2008}, "the stored one is 2007"),
        # A fixture that is annulled or postponed.
        (
            {"event": None, "kickoff_time": None, "finished": False, "finished_provisional": False, "started": None},
            None,
        ),
    ],
)
def test_a_played_fixture_keeps_its_gameweek_and_its_end(changes: dict[str, object], reason: str | None) -> None:
    reasons = rejected(**changes)
    assert len(reasons) == (reason is not None)
    assert reason is None or reason in reasons[0]


def test_a_fixture_may_move_to_the_gameweek_in_which_it_is_played() -> None:
    assert rejected(event=2, kickoff_time="2025-08-23T14:00:00Z") == []


def test_a_club_that_plays_itself_is_refused_with_the_others_kept() -> None:
    assert rejected(team_a=1) == ["team_h and team_a are the same club"]


NUMBERS = range(1, 10)


def element(number: int, **names: str | None) -> Element:
    return Element.model_validate(
        {"id": number, "code": 100 + number, "team": 1, "team_code": 11, "element_type": 3, **names}
    )


BORN = date(2000, 1, 1)
PEOPLE = {
    number: StoredPlayer(number, 100 + number, 11, f"Ann{number} Bee{number} Bee{number}", BORN) for number in NUMBERS
}


def test_many_other_names_are_other_people() -> None:
    same = [element(number, first_name="X", second_name=f"Bée{number}", web_name=None) for number in NUMBERS]
    assert other_people(same, PEOPLE) is None
    nameless = [element(number) for number in NUMBERS]
    assert other_people(nameless, PEOPLE) is None
    others = [element(number, second_name="Nobody") for number in NUMBERS]
    assert other_people(others[:5], PEOPLE) is None
    found = other_people(others, PEOPLE)
    assert found is not None
    assert found.sentence.startswith(
        "9 players have another name than the stored one (at most 5): Ann1 Bee1 Bee1 -> Nobody"
    )


def test_many_other_birth_dates_are_other_people() -> None:
    same = [element(number, birth_date="2000-01-01") for number in NUMBERS]
    assert other_people(same, PEOPLE) is None
    others = [element(number, birth_date="2001-01-01") for number in NUMBERS]
    assert other_people(others[:5], PEOPLE) is None
    found = other_people(others, PEOPLE)
    assert found is not None
    assert found.what == "players have another birth date than the stored one"
    unknown = {number: replace(player, birth_date=None) for number, player in PEOPLE.items()}
    assert other_people(others, unknown) is None


def test_a_response_in_which_many_fixtures_are_shown_as_coming_is_an_old_one() -> None:
    records = [
        PLAYED | {"id": number, "code": 2000 + number, "team_h": number, "team_a": number + 1, "event": 1}
        | {"finished": False, "finished_provisional": False, "started": False, "stats": []}
        for number in range(1, 6)
    ]  # fmt: skip
    stored = {
        number: StoredFixture(number, 2000 + number, 1, 10 + number, 11 + number, True, True, [])
        for number in range(1, 6)
    }
    with pytest.raises(PayloadError, match="5 fixtures that were played are shown as coming"):
        check_fixtures(
            [(record, Fixture.model_validate(record)) for record in records],
            Season("2025-26"),
            StoredSeason({}, {}, stored, frozenset()),
            club_codes={number: 10 + number for number in range(1, 7)},
            deadlines=DEADLINES,
            as_of=NOW,
        )
