"""An invalid record is recorded with its raw response; all other records of the response are loaded."""

from datetime import timedelta
from typing import Any

import pytest

from dev.pipelines import Pipelines, units_of
from fpl_pulse.api import sofasport
from fpl_pulse.api.calls import Resource
from fpl_pulse.etl import heatmaps, lineups, season_statistics
from fpl_pulse.etl.match_statistics import KEY_OF
from tests.db.faults import (
    TUESDAY,
    WEDNESDAY,
    Fault,
    as_other_number,
    as_text,
    body_of,
    changed,
    forget,
    match_rows,
    outcome_of,
    rejections,
    rewritten,
    rows_of,
    store,
    within,
    without,
)

CORRUPT_ENTRY = 3
"""The index of the away side's entry that the tests corrupt: a starter."""


def null_where_absent(entry: dict[str, Any]) -> None:
    """Set absent keys to null."""
    counts = ("goals", "ownGoals", "goalAssist", "saves", "fouls", "keyPass")
    entry["statistics"] |= {key: None for key in counts if key not in entry["statistics"]}
    entry["player"] |= {"country": None} if "country" not in entry["player"] else {}
    entry.setdefault("captain", None)


@pytest.fixture
def event_id(loaded: Pipelines) -> int:
    """A match of the first gameweek."""
    return int(loaded.one("select min(event_id) from pulse.sofasport_lineups"))


HARMLESS: dict[str, Fault] = {
    "numbers as strings": rewritten(as_text),
    "floats for whole numbers": rewritten(as_other_number),
    "new keys": changed(brandNew={"a": 1}, statisticsType=None),
    "new keys of the player": within("player", brandNew=[1]),
    "nulls": null_where_absent,
    "a birth date of 1970": within("player", dateOfBirthTimestamp=0),
    "a birth date before any player's": within("player", dateOfBirthTimestamp=-2_000_000_000),
    "no name": within("player", name=None),
    "no country": within("player", country=None),
}


@pytest.mark.parametrize("fault", HARMLESS.values(), ids=HARMLESS)
def test_another_notation_of_a_players_values_changes_nothing(loaded: Pipelines, event_id: int, fault: Fault) -> None:
    before, resource = match_rows(loaded), sofasport.lineups(event_id)
    body = body_of(loaded, resource)
    fault(body["away"]["players"][CORRUPT_ENTRY])
    for is_first_response in (False, True):
        if is_first_response:
            forget(loaded, event_id)
        response_id = store(loaded, resource, body)
        lineups.load_lineups(loaded.context("update_lineups", TUESDAY))
        assert match_rows(loaded) == before
        assert rejections(loaded, resource, response_id) == []


INVALID_STATISTICS: dict[str, tuple[Fault, str]] = {
    "negative minutes": (within("statistics", minutesPlayed=-1), "minutesPlayed"),
    "too many minutes": (within("statistics", minutesPlayed=900), "minutesPlayed"),
    "a rating above ten": (within("statistics", rating=10.5), "rating"),
    "a rating below zero": (within("statistics", rating="-0.5"), "rating"),
    "half a touch": (within("statistics", touches=12.5), "touches"),
    "a word for a number": (within("statistics", goals="many"), "goals"),
    "an object for a number": (within("statistics", totalShots={"total": 1}), "totalShots"),
}
INVALID_ENTRIES: dict[str, tuple[Fault, str]] = {
    "no player": (without("player"), "player: Field required"),
    "a null for a player": (changed(player=None), "player: Field required"),
    "no id": (lambda entry: entry["player"].pop("id"), "player.id: Field required"),
    "an id of zero": (within("player", id=0), "player.id"),
    "statistics as a list": (changed(statistics=[1]), "statistics"),
    "no keys": (lambda entry: entry.clear(), "player: Field required"),
}


@pytest.mark.parametrize(
    ("fault", "reason", "is_entry"),
    [
        *(pytest.param(*fault, False, id=name) for name, fault in INVALID_STATISTICS.items()),
        *(pytest.param(*fault, True, id=name) for name, fault in INVALID_ENTRIES.items()),
    ],
)
def test_an_invalid_player_is_recorded_and_the_rest_of_the_match_is_loaded(
    loaded: Pipelines, event_id: int, fault: Fault, reason: str, is_entry: bool
) -> None:
    before, resource = match_rows(loaded), sofasport.lineups(event_id)
    body = body_of(loaded, resource)
    entry = body["away"]["players"][CORRUPT_ENTRY]
    player_id = entry["player"]["id"]
    fault(entry)
    path = f"away.players[{CORRUPT_ENTRY}]" if is_entry else f"away.players.{player_id}.{reason}"

    # As a later response it changes no stored row.
    response_id = store(loaded, resource, body)
    assert lineups.load_lineups(loaded.context("update_lineups", TUESDAY)) == {"loaded": 1}
    assert match_rows(loaded) == before
    (rejected,) = rejections(loaded, resource, response_id)
    assert (rejected.path, rejected.is_of_response) == (path, True)
    assert reason in rejected.reason

    # As the first response it leaves out only this player or this figure.
    forget(loaded, event_id)
    store(loaded, resource, body)
    lineups.load_lineups(loaded.context("update_lineups", TUESDAY))
    after = match_rows(loaded)
    key, side = (event_id, player_id), (event_id, "away")
    players, stored = after["sofasport_lineup_players"], before["sofasport_lineup_players"]
    if is_entry:
        assert key not in players
    else:
        column = next(column for column, name in KEY_OF.items() if name == reason)
        known = {name: value for name, value in stored[key]["statistics"].items() if name != reason}
        assert players[key] == stored[key] | {column: None, "statistics": known}
    assert {**players, key: None} == {**stored, key: None}
    lost = int(is_entry or reason == "minutesPlayed")
    fewer = {
        "with_minutes": before["sofasport_lineups"][side]["with_minutes"] - lost,
        "starters": 10 if is_entry else 11,
    }
    assert after["sofasport_lineups"] == before["sofasport_lineups"] | {side: before["sofasport_lineups"][side] | fewer}


def test_an_unexpected_team_id_is_stored_as_shown_and_the_side_decides_the_team(
    loaded: Pipelines, event_id: int
) -> None:
    before, resource = match_rows(loaded), sofasport.lineups(event_id)
    body = body_of(loaded, resource)
    entry = body["away"]["players"][CORRUPT_ENTRY]
    entry["teamId"] = 424242
    response_id = store(loaded, resource, body)
    lineups.load_lineups(loaded.context("update_lineups", TUESDAY))
    player = before["sofasport_lineup_players"][event_id, entry["player"]["id"]]
    player["shown_team_id"] = 424242
    assert match_rows(loaded) == before
    assert rejections(loaded, resource, response_id) == []


def test_an_unknown_statistic_is_stored_and_changes_nothing_else(loaded: Pipelines, event_id: int) -> None:
    before, resource = match_rows(loaded), sofasport.lineups(event_id)
    body = body_of(loaded, resource)
    entry = body["away"]["players"][CORRUPT_ENTRY]
    entry["statistics"]["pressures"] = 9
    store(loaded, resource, body)
    lineups.load_lineups(loaded.context("update_lineups", TUESDAY))
    before["sofasport_lineup_players"][event_id, entry["player"]["id"]]["statistics"]["pressures"] = 9
    assert match_rows(loaded) == before


def test_a_player_who_is_listed_twice_is_stored_once_and_reported(loaded: Pipelines, event_id: int) -> None:
    before, resource = match_rows(loaded), sofasport.lineups(event_id)
    body = body_of(loaded, resource)
    entry = body["away"]["players"][CORRUPT_ENTRY]
    body["away"]["players"].append(entry | {"substitute": True, "statistics": {}})
    for is_first_response in (False, True):
        if is_first_response:
            forget(loaded, event_id)
        response_id = store(loaded, resource, body)
        lineups.load_lineups(loaded.context("update_lineups", TUESDAY))
        assert match_rows(loaded) == before
        (rejected,) = rejections(loaded, resource, response_id)
        assert rejected.path == f"away.players.{entry['player']['id']}"
        assert rejected.is_of_response
        assert "listed twice" in rejected.reason


@pytest.fixture
def heatmap(loaded: Pipelines) -> Resource:
    """A heatmap with many points."""
    row = loaded.conn.execute(
        "select event_id, player_id from pulse.sofasport_heatmaps order by point_count desc, 1, 2 limit 1"
    ).fetchone()
    assert row is not None
    return sofasport.heatmap(*row)


POINTS: dict[str, tuple[object, bool]] = {
    "beyond the goal line": ({"x": 101, "y": 5}, False),
    "beyond the touchline": ({"x": 5, "y": -1}, False),
    "without y": ({"x": 5}, False),
    "a null for x": ({"x": None, "y": 5}, False),
    "between two points": ({"x": 50.4, "y": 5}, True),
    "no point": (None, False),
    "numbers as strings": ({"x": "50", "y": "5"}, True),
    "whole floats": ({"x": 50.0, "y": 5.0}, True),
    "new keys": ({"x": 50, "y": 5, "count": 3, "z": 1}, True),
}


@pytest.mark.parametrize(("point", "is_valid"), POINTS.values(), ids=POINTS)
def test_an_invalid_point_is_left_out_when_the_source_has_repeated_it(
    loaded: Pipelines, heatmap: Resource, point: object, is_valid: bool
) -> None:
    key = (heatmap.params["event_id"], heatmap.params["player_id"])
    before = rows_of(loaded, "sofasport_heatmaps", "event_id", "player_id")
    points = [*body_of(loaded, heatmap), {"x": 50, "y": 5}, {"x": 60, "y": 5}]
    body = [*points[:-2], point, points[-1]]
    response_id = store(loaded, heatmap, body)
    heatmaps.load_heatmaps(loaded.context("collect_heatmaps", TUESDAY))
    rejected = rejections(loaded, heatmap, response_id)
    paths = ["", f"points[{len(points) - 2}]"]
    assert [record.path for record in rejected] == ([] if is_valid else paths)
    assert all(record.is_of_response for record in rejected)
    if not is_valid:
        # Without some of its points a heatmap is another one.
        assert rows_of(loaded, "sofasport_heatmaps", "event_id", "player_id") == before
        assert outcome_of(loaded, heatmap) == "rejected"
        store(loaded, heatmap, body)
        heatmaps.load_heatmaps(loaded.context("collect_heatmaps", TUESDAY + timedelta(weeks=1)))
    after = rows_of(loaded, "sofasport_heatmaps", "event_id", "player_id")
    valid = points if is_valid else [*points[:-2], points[-1]]
    assert after[key]["points"] == [{"x": round(float(each["x"])), "y": int(each["y"])} for each in valid]
    assert after[key]["point_count"] == len(valid)
    assert {**after, key: None} == {**before, key: None}


def test_a_heatmap_with_too_many_points_is_rejected_with_their_number(loaded: Pipelines, heatmap: Resource) -> None:
    before = rows_of(loaded, "sofasport_heatmaps", "event_id", "player_id")
    response_id = store(loaded, heatmap, [{"x": 1, "y": 1}] * 100_000)
    heatmaps.load_heatmaps(loaded.context("collect_heatmaps", TUESDAY))
    (rejected,) = rejections(loaded, heatmap, response_id)
    assert "the heatmap has 100,000 points, and at most 2,000 are allowed" in rejected.reason
    assert outcome_of(loaded, heatmap) == "rejected"
    assert rows_of(loaded, "sofasport_heatmaps", "event_id", "player_id") == before


def test_a_heatmap_without_some_of_its_points_is_requested_again(loaded: Pipelines, heatmap: Resource) -> None:
    store(loaded, heatmap, [*body_of(loaded, heatmap), None])
    context = loaded.context("collect_heatmaps", TUESDAY)
    heatmaps.load_heatmaps(context)
    assert units_of(heatmaps.plan_heatmaps(context)) == [heatmap.params["event_id"]]


@pytest.fixture
def totals(loaded: Pipelines) -> list[Resource]:
    """Two players' season statistics."""
    season_id = loaded.one("select season_id from pulse.sofasport_seasons")
    players = loaded.conn.execute(
        "select player_id from pulse.sofasport_season_statistics where goals > 0 order by 1 limit 2"
    )
    return [sofasport.season_statistics(season_id, player_id) for (player_id,) in players]


TOTALS: dict[str, tuple[Fault, str | None]] = {
    "numbers as strings": (rewritten(as_text), None),
    "floats for whole numbers": (rewritten(as_other_number), None),
    "nulls": (changed(somethingNew=None), None),
    "negative minutes": (changed(minutesPlayed=-90), "minutesPlayed"),
    "a rating above ten": (changed(rating=10.01), "rating"),
    "a percentage above a hundred": (changed(accuratePassesPercentage=101), "accuratePassesPercentage"),
    "a word for a number": (changed(goals="many"), "goals"),
    "no appearances": (without("appearances"), "no statistics with appearances"),
    "a null for the minutes": (changed(minutesPlayed=None), "no statistics with appearances"),
}


@pytest.mark.parametrize(("fault", "reason"), TOTALS.values(), ids=TOTALS)
def test_invalid_season_statistics_do_not_affect_other_players(
    loaded: Pipelines, totals: list[Resource], fault: Fault, reason: str | None
) -> None:
    before = rows_of(loaded, "sofasport_season_statistics", "player_id")
    corrupt, valid = (body_of(loaded, resource) for resource in totals)
    fault(corrupt["statistics"])
    valid["statistics"]["touches"] = 31_000
    response_id = store(loaded, totals[0], corrupt)
    store(loaded, totals[1], valid)
    season_statistics.load_season_statistics(loaded.context("update_season_stats", WEDNESDAY))
    other = before[(totals[1].params["player_id"],)]
    other["touches"] = other["statistics"]["touches"] = 31_000
    assert rows_of(loaded, "sofasport_season_statistics", "player_id") == before
    rejected = rejections(loaded, totals[0], response_id)
    assert len(rejected) == (0 if reason is None else 1)
    assert all(record.is_of_response and str(reason) in record.reason for record in rejected)
    assert outcome_of(loaded, totals[0]) == ("fetched" if reason is None else "rejected")
