"""The shapes of the payloads: lenient where the APIs vary, strict where wrong data would be stored."""

import re
from datetime import date
from typing import Any

import pytest
from pydantic import BaseModel, ValidationError

from fpl_pulse.api import payloads_fpl, payloads_sofasport
from fpl_pulse.api.fields import FieldClass
from fpl_pulse.api.payloads_fpl import Element, Fixture, FplTeam, Gameweek, LiveElement
from fpl_pulse.api.payloads_sofasport import Event, HeatmapPoint, LineupEntry, MatchStatistics, Person, Team
from fpl_pulse.api.records import accept, accept_nearly_all, require_list
from fpl_pulse.errors import PayloadError
from fpl_pulse.etl.people import birth_date

EVENT: dict[str, Any] = {
    "id": 1,
    "homeTeam": {"id": 2, "name": "Home"},
    "awayTeam": {"id": 3, "name": "Away"},
    "status": {"code": 0, "type": "notstarted"},
    "homeScore": {},
    "awayScore": {},
    "somethingNew": {"deep": [1]},
}
GAMEWEEK: dict[str, Any] = {
    "id": 1,
    "name": "Gameweek 1",
    "deadline_time": "2025-08-15T17:30:00Z",
    "finished": False,
    "data_checked": False,
    "is_current": False,
}
FPL_TEAM: dict[str, Any] = {"id": 1, "code": 3, "name": "Arsenal", "short_name": "ARS"}
ELEMENT: dict[str, Any] = {
    "id": 1,
    "code": 2,
    "first_name": "",
    "second_name": "B",
    "web_name": "B",
    "team_code": 3,
    "element_type": 1,
    "total_points": -4,
    "minutes": 0,
    "goals_scored": 0,
    "assists": 0,
}
FIXTURE: dict[str, Any] = {
    "id": 1,
    "code": 2,
    "event": None,
    "kickoff_time": None,
    "team_h": 1,
    "team_a": 2,
    "finished_provisional": False,
    "finished": False,
    "minutes": 0,
}
COUNTED = ("minutes", "goals_scored", "assists", "own_goals", "yellow_cards", "red_cards", "penalties_saved",
           "penalties_missed", "bonus")  # fmt: skip
WHOLE_GAMEWEEK = ("clean_sheets", "goals_conceded", "saves", "starts", "bps", "expected_goals", "expected_assists",
                  "expected_goals_conceded")  # fmt: skip
LIVE: dict[str, Any] = {
    "id": 1,
    "stats": dict.fromkeys(COUNTED, 0) | {"expected_goals": "0.56", "bps": -7, "in_dreamteam": False},
    "explain": [{"fixture": 61, "stats": [{"identifier": "minutes", "value": 90, "points": 2}]}],
}
MODELS = [
    model
    for module in (payloads_fpl, payloads_sofasport)
    for model in vars(module).values()
    if isinstance(model, type) and issubclass(model, BaseModel)
]


def live(**stats: object) -> dict[str, Any]:
    return LIVE | {"stats": LIVE["stats"] | stats}


def explained(**line: object) -> dict[str, Any]:
    return LIVE | {"explain": [{"fixture": 61, "stats": [{"identifier": "minutes", "value": 0} | line]}]}


def test_an_event_may_lack_its_start_its_round_and_its_scores() -> None:
    event = Event.model_validate(EVENT)
    assert event.start_timestamp is None
    assert event.round_info.round is None
    assert event.home_score.current is None


def test_a_bad_record_is_rejected_with_path_and_reason_and_the_others_are_accepted() -> None:
    good, rejected = accept(Event, [EVENT, {**EVENT, "id": -5}, EVENT | {"id": 9}], "events")
    assert [event.id for _, event in good] == [1, 9]
    assert [(bad.path, bad.record["id"]) for bad in rejected] == [("events[1]", -5)]
    assert "id" in rejected[0].reason


@pytest.mark.parametrize("records", [None, 5, {"id": 1}, "text"])
def test_anything_but_a_list_is_rejected_as_a_whole(records: object) -> None:
    good, rejected = accept(Event, records, "events")
    assert good == []
    assert [(bad.path, bad.record) for bad in rejected] == [("events", records)]


@pytest.mark.parametrize("point", [{"x": 101, "y": 5}, {"x": 5}, {"x": None, "y": 5}, {"x": 1e6, "y": 5}, [5], "5,5"])
def test_a_point_off_the_pitch_is_rejected(point: object) -> None:
    good, rejected = accept(HeatmapPoint, [point, {"x": 0, "y": 100}], "points")
    assert len(good) == 1
    assert len(rejected) == 1


def test_two_equal_heatmap_points_are_both_accepted() -> None:
    good, _ = accept(HeatmapPoint, [{"x": 5, "y": 5}, {"x": 5, "y": 5}], "points")
    assert len(good) == 2


def test_a_blank_position_is_unknown() -> None:
    entry = LineupEntry.model_validate({"player": {"id": 1, "name": "A", "position": ""}, "position": None})
    assert entry.position is None
    assert entry.player.position is None


def test_a_missing_list_is_reported_with_endpoint_and_parameters() -> None:
    with pytest.raises(PayloadError, match="teams/players team_id=3: expected a list under 'players'"):
        require_list({"squad": []}, "players", "teams/players team_id=3")


@pytest.mark.parametrize("good", [
    (Gameweek, GAMEWEEK), (FplTeam, FPL_TEAM), (Element, ELEMENT), (Fixture, FIXTURE), (LiveElement, LIVE),
    (LiveElement, live(expected_goals_conceded=None, starts=None)), (LiveElement, explained(value=-3, points=-6)),
], ids=lambda pair: pair[0].__name__)  # fmt: skip
def test_a_good_record_is_accepted(good: tuple[type[BaseModel], dict[str, Any]]) -> None:
    model, record = good
    model.model_validate(record)


@pytest.mark.parametrize(
    ("model", "record"),
    [
        (Gameweek, GAMEWEEK | {"highest_score": 2**31}),
        (Gameweek, GAMEWEEK | {"average_entry_score": -(2**31) - 1}),
        (Gameweek, GAMEWEEK | {"deadline_time": "2025-08-15T17:30:00"}),
        (Gameweek, GAMEWEEK | {"deadline_time": "0001-01-01T00:00:00+14:00"}),
        (FplTeam, FPL_TEAM | {"code": 2**31}),
        (Element, ELEMENT | {"total_points": 2**31}),
        (Element, ELEMENT | {"minutes": 2**31}),
        (Element, ELEMENT | {"now_cost": 2**31}),
        (Element, ELEMENT | {"goals_scored": 2**15}),
        (Element, ELEMENT | {"first_name": "x" * 201}),
        (Element, ELEMENT | {"known_name": "x" * 201}),
        (Fixture, FIXTURE | {"event": 2**15}),
        (Fixture, FIXTURE | {"team_h": 2**31}),
        (Fixture, FIXTURE | {"kickoff_time": "9999-12-31T23:59:59-05:00"}),
        (LiveElement, explained(value=2**15)),
        (LiveElement, explained(points=2**15)),
        (LiveElement, explained(identifier="x" * 201)),
        (LiveElement, LIVE | {"explain": LIVE["explain"] * 2}),
        (LiveElement, LIVE | {"explain": [{"fixture": 1, "stats": LIVE["explain"][0]["stats"] * 101}]}),
        *[(LiveElement, live(**{name: 2**15})) for name in (*COUNTED, *WHOLE_GAMEWEEK)],
        *[(LiveElement, live(**{name: None})) for name in COUNTED],
        *[(LiveElement, LIVE | {"stats": dict.fromkeys(set(COUNTED) - {name}, 0)}) for name in COUNTED],
        (LiveElement, LIVE | {"stats": None}),
        (LiveElement, live(expected_goals="NaN")),
        (LiveElement, live(expected_goals=float("inf"))),
        (MatchStatistics, {"expectedGoals": 1e6}),
        (MatchStatistics, {"expectedAssists": 1e4}),
        (MatchStatistics, {"expectedGoalsOnTarget": float("inf")}),
        (MatchStatistics, {"rating": float("nan")}),
        (MatchStatistics, {"touches": 2**15}),
        (Team, {"id": 1, "name": "a\ud800"}),
        (Person, {"id": 2**31, "name": "A"}),
    ],
)  # fmt: skip
def test_a_record_that_does_not_fit_its_columns_is_rejected(model: type[BaseModel], record: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        model.model_validate(record)


def test_the_largest_sum_of_points_in_a_fixture_fits_its_column() -> None:
    lines = [{"identifier": "goals_scored", "value": 1, "points": 300}] * 100
    element = LiveElement.model_validate(LIVE | {"explain": [{"fixture": 1, "stats": lines}]})
    assert sum(line.points for line in element.explain[0].stats) < 2**15


def test_a_name_loses_the_nul_character_that_postgres_refuses() -> None:
    team = Team.model_validate({"id": 1, "name": "Ars\0enal", "slug": "ars\0enal", "shortName": "\0"})
    assert (team.name, team.slug, team.short_name) == ("Arsenal", "arsenal", None)
    assert Element.model_validate(ELEMENT | {"first_name": "A\0"}).first_name == "A"


def test_official_figures_become_numbers() -> None:
    stats = LiveElement.model_validate(live(expected_goals="0.56", saves=3.0)).stats
    assert (stats.expected_goals, stats.saves, stats.bps, stats.starts) == (0.56, 3, -7, None)


def teams(count: int, bad: int) -> list[dict[str, Any]]:
    return [{"id": number if number > bad else -number, "name": "A"} for number in range(1, count + 1)]


def test_many_rejected_records_are_reported_as_a_changed_api() -> None:
    sentence = "7 of 20 records under 'elements' are invalid. First: elements[0]: id: "
    with pytest.raises(PayloadError, match=re.escape(sentence)):
        accept_nearly_all(Team, teams(20, bad=7), "elements", max_rejected_share=0.1)


@pytest.mark.parametrize(("count", "bad"), [(5, 3), (3, 3), (60, 6), (1, 1), (0, 0)])
def test_a_few_bad_records_are_tolerated(count: int, bad: int) -> None:
    good, rejected = accept_nearly_all(Team, teams(count, bad), "elements", max_rejected_share=0.1)
    assert (len(good), len(rejected)) == (count - bad, bad)


@pytest.mark.parametrize(("count", "bad"), [(5, 4), (60, 7)])
def test_one_bad_record_too_many_rejects_the_list(count: int, bad: int) -> None:
    with pytest.raises(PayloadError, match=f"{bad} of {count} records"):
        accept_nearly_all(Team, teams(count, bad), "elements", max_rejected_share=0.1)


def test_a_repeated_record_is_accepted_once() -> None:
    twice = [{"id": 1, "name": "A"}, {"id": 2, "name": "B"}, {"name": "A", "id": 1}, {"id": -1}, {"id": -1}]
    good, rejected = accept_nearly_all(Team, twice, "teams", max_rejected_share=0.1)
    assert [team.id for _, team in good] == [1, 2]
    assert [bad.path for bad in rejected] == ["teams[3]"]


def test_the_first_of_two_records_with_the_same_id_is_accepted() -> None:
    records = [FPL_TEAM, FPL_TEAM | {"name": "Other", "code": 8}, FPL_TEAM | {"id": 2}, FPL_TEAM | {"id": 3, "code": 9}]
    good, rejected = accept_nearly_all(FplTeam, records, "teams", max_rejected_share=0.1, unique=("id", "code"))
    assert [(team.id, team.name) for _, team in good] == [(1, "Arsenal"), (3, "Arsenal")]
    assert [(bad.path, bad.reason) for bad in rejected] == [
        ("teams[1]", "a second record with id 1; the first counts"),
        ("teams[2]", "a second record with code 3; the first counts"),
    ]


def test_an_object_instead_of_a_list_is_a_changed_api() -> None:
    with pytest.raises(PayloadError, match="expected a list under 'teams'"):
        accept_nearly_all(Team, {"0": {}}, "teams", max_rejected_share=0.1)


def test_an_implausible_birth_date_is_missing() -> None:
    assert birth_date(0) is None
    assert birth_date(None) is None
    assert birth_date(-2_000_000_000) is None
    assert birth_date(877824000) == date(1997, 10, 26)
    assert birth_date(-86400) == date(1969, 12, 31)


def test_an_invalid_description_or_figure_costs_only_itself() -> None:
    entry = {
        "player": {"id": 1, "name": 7, "jerseyNumber": "10A", "height": 183.5, "country": "England"},
        "position": "ST",
        "substitute": True,
    }
    ((_, accepted),), rejected = accept(LineupEntry, [entry], "home.players")
    person = accepted.player
    assert (person.name, person.jersey_number, person.height, accepted.position) == (None, None, 184, None)
    assert accepted.substitute
    assert {one.path for one in rejected} == {
        f"home.players[0].{key}" for key in ("player.name", "player.jerseyNumber", "player.country", "position")
    }
    assert all(one.is_part for one in rejected)
    assert any(one.reason.startswith('"ST" is no valid position: ') for one in rejected)
    ((_, figures),), (lost,) = accept(LiveElement, [live(bps="many")], "elements")
    assert (figures.stats.bps, figures.stats.minutes) == (None, 0)
    assert lost.reason.endswith("the figure counts as unknown")


def test_an_invalid_identity_rejects_the_record_whatever_else_is_invalid() -> None:
    good, rejected = accept(LineupEntry, [{"player": {"id": 0, "height": "tall"}}], "home.players")
    assert good == []
    assert [(one.path, one.is_part) for one in rejected] == [("home.players[0]", False)]


def test_records_of_which_a_part_is_invalid_do_not_make_a_changed_api() -> None:
    people = [{"id": number, "name": "A", "height": "tall"} for number in range(1, 21)]
    good, rejected = accept_nearly_all(Person, people, "players", max_rejected_share=0.1)
    assert (len(good), len(rejected)) == (20, 20)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_a_field_that_may_be_dropped_has_a_default(model: type[BaseModel]) -> None:
    for name, field in model.model_fields.items():
        if any(isinstance(one, FieldClass) for one in field.metadata):
            assert not field.is_required(), name
