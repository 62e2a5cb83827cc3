"""The shapes of the answers: lenient where the APIs are loose, strict where data would be wrong."""

from datetime import date

import pytest

from fpl_pulse.api.payloads import Event, HeatmapPoint, LineupEntry, accept, require_list
from fpl_pulse.errors import PayloadError
from fpl_pulse.etl.events import birth_date
from fpl_pulse.etl.reference import season_of

EVENT = {
    "id": 1,
    "homeTeam": {"id": 2, "name": "Home"},
    "awayTeam": {"id": 3, "name": "Away"},
    "status": {"code": 0, "type": "notstarted"},
    "homeScore": {},
    "awayScore": {},
    "somethingNew": {"deep": [1]},
}


def test_an_event_may_lack_its_start_its_round_and_its_scores() -> None:
    event = Event.model_validate(EVENT)
    assert event.start_timestamp is None
    assert event.round_info.round is None
    assert event.home_score.current is None


def test_one_bad_record_does_not_cost_the_others_and_says_where_and_why() -> None:
    good, rejected = accept(Event, [EVENT, {**EVENT, "id": -5}, EVENT | {"id": 9}], "events")
    assert [event.id for _, event in good] == [1, 9]
    assert [(bad.place, bad.record["id"]) for bad in rejected] == [("events[1]", -5)]
    assert "id" in rejected[0].reason


@pytest.mark.parametrize("point", [{"x": 101, "y": 5}, {"x": 5}, {"x": None, "y": 5}, [5, 5], "5,5"])
def test_a_point_off_the_pitch_is_rejected(point: object) -> None:
    good, rejected = accept(HeatmapPoint, [point, {"x": 0, "y": 100}], "points")
    assert len(good) == 1
    assert len(rejected) == 1


def test_a_blank_position_is_unknown() -> None:
    entry = LineupEntry.model_validate({"player": {"id": 1, "name": "A", "position": ""}, "position": None})
    assert entry.position is None
    assert entry.player.position is None


def test_a_list_that_is_not_there_names_the_place() -> None:
    with pytest.raises(PayloadError, match="teams/players team_id=3: expected a list under 'players'"):
        require_list({"squad": []}, "players", "teams/players team_id=3")


def test_a_birth_date_of_1970_that_stands_for_unknown_is_missing() -> None:
    assert birth_date(0) is None
    assert birth_date(None) is None
    assert birth_date(-2_000_000_000) is None
    assert birth_date(877824000) == date(1997, 10, 26)
    assert birth_date(-86400) == date(1969, 12, 31)


def test_a_season_is_named_after_its_first_deadline() -> None:
    assert season_of(date(2025, 8, 15)) == "2025-26"
    assert season_of(date(2029, 8, 1)) == "2029-30"
    assert season_of(date(2020, 9, 12)) == "2020-21"
