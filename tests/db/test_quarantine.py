"""Bad records are quarantined with their raw answer, and cost neither their match nor anybody else."""

from typing import Any

import pytest

from fpl_pulse.api import sofasport
from fpl_pulse.api.calls import Resource
from fpl_pulse.etl import events, heatmaps, lineups, season_statistics
from fpl_pulse.etl.match_statistics import COUNT_COLUMNS
from tests.db.conftest import Pipelines
from tests.db.faults import (
    Fault,
    as_other_number,
    as_text,
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
from tests.db.test_never_worse import TUESDAY, WEDNESDAY, body_of

VICTIM = 3
"""Which entry of the away side is spoilt: a starter."""


def null_where_absent(entry: dict[str, Any]) -> None:
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
    "new keys of the person": within("player", brandNew=[1]),
    "nulls": null_where_absent,
    "a birth date of 1970": within("player", dateOfBirthTimestamp=0),
    "a birth date before any player's": within("player", dateOfBirthTimestamp=-2_000_000_000),
    "no name": within("player", name=None),
    "no country": within("player", country=None),
}


@pytest.mark.parametrize("fault", HARMLESS.values(), ids=HARMLESS)
def test_a_player_written_in_another_way_is_the_same_player(
    loaded: Pipelines, event_id: int, fault: Fault
) -> None:
    before, resource = match_rows(loaded), sofasport.lineups(event_id)
    body = body_of(loaded, resource)
    fault(body["away"]["players"][VICTIM])
    for is_first in (False, True):
        if is_first:
            forget(loaded, event_id)
        response_id = store(loaded, resource, body)
        lineups.load_lineups(loaded.context("update_lineups", TUESDAY))
        assert match_rows(loaded) == before
        assert rejections(loaded, resource, response_id) == []


BAD_STATISTICS: dict[str, tuple[Fault, str]] = {
    "negative minutes": (within("statistics", minutesPlayed=-1), "minutesPlayed"),
    "too many minutes": (within("statistics", minutesPlayed=900), "minutesPlayed"),
    "a rating above ten": (within("statistics", rating=10.5), "rating"),
    "a rating below nought": (within("statistics", rating="-0.5"), "rating"),
    "half a touch": (within("statistics", touches=12.5), "touches"),
    "a word for a number": (within("statistics", goals="many"), "goals"),
    "an object for a number": (within("statistics", totalShots={"total": 1}), "totalShots"),
}
BAD_ENTRIES: dict[str, tuple[Fault, str]] = {
    "no player": (without("player"), "player: Field required"),
    "a null for a player": (changed(player=None), "player: Field required"),
    "no id": (lambda entry: entry["player"].pop("id"), "player.id: Field required"),
    "an id of nought": (within("player", id=0), "player.id"),
    "an unknown position": (changed(position="X"), "position"),
    "statistics as a list": (changed(statistics=[1]), "statistics"),
    "a birth date in milliseconds": (within("player", dateOfBirthTimestamp=10**12), "dateOfBirthTimestamp"),
    "nothing but a number": (lambda entry: entry.clear(), "player: Field required"),
}


@pytest.mark.parametrize(
    ("fault", "reason", "is_entry"),
    [
        *(pytest.param(*bad, False, id=name) for name, bad in BAD_STATISTICS.items()),
        *(pytest.param(*bad, True, id=name) for name, bad in BAD_ENTRIES.items()),
    ],
)
def test_a_bad_player_is_quarantined_and_the_rest_of_the_match_goes_in(
    loaded: Pipelines, event_id: int, fault: Fault, reason: str, is_entry: bool
) -> None:
    before, resource = match_rows(loaded), sofasport.lineups(event_id)
    body = body_of(loaded, resource)
    entry = body["away"]["players"][VICTIM]
    player_id = entry["player"]["id"]
    fault(entry)
    place = f"away.players[{VICTIM}]" if is_entry else f"away.players.{player_id}"

    # As a later answer it takes nothing away, of him or of anybody, ...
    response_id = store(loaded, resource, body)
    assert lineups.load_lineups(loaded.context("update_lineups", TUESDAY)) == {"loaded": 1}
    assert match_rows(loaded) == before
    (rejected,) = rejections(loaded, resource, response_id)
    assert (rejected.path, rejected.is_of_the_answer) == (place, True)
    assert reason in rejected.reason

    # ... and as the first one it costs only him.
    forget(loaded, event_id)
    store(loaded, resource, body)
    lineups.load_lineups(loaded.context("update_lineups", TUESDAY))
    after = match_rows(loaded)
    his, side = (event_id, player_id), (event_id, "away")
    players, stored = after["sofasport_lineup_players"], before["sofasport_lineup_players"]
    if is_entry:
        assert his not in players
    else:
        nothing = dict.fromkeys(["minutes", "rating", *COUNT_COLUMNS.values()])
        assert players[his].items() >= {**nothing, "is_starter": True}.items()
        assert players[his]["statistics"] == {}
    assert {key: row for key, row in players.items() if key != his} == {
        key: row for key, row in stored.items() if key != his
    }
    fewer = {
        "with_minutes": before["sofasport_lineups"][side]["with_minutes"] - 1,
        "starters": 10 if is_entry else 11,
    }
    assert after["sofasport_lineups"] == before["sofasport_lineups"] | {
        side: before["sofasport_lineups"][side] | fewer
    }


def test_a_foreign_team_id_is_shown_and_the_side_decides(loaded: Pipelines, event_id: int) -> None:
    before, resource = match_rows(loaded), sofasport.lineups(event_id)
    body = body_of(loaded, resource)
    entry = body["away"]["players"][VICTIM]
    entry["teamId"] = 424242
    response_id = store(loaded, resource, body)
    lineups.load_lineups(loaded.context("update_lineups", TUESDAY))
    his = before["sofasport_lineup_players"][event_id, entry["player"]["id"]]
    his["shown_team_id"] = 424242
    assert match_rows(loaded) == before
    assert rejections(loaded, resource, response_id) == []


def test_new_statistics_are_kept_and_move_nothing_else(loaded: Pipelines, event_id: int) -> None:
    before, resource = match_rows(loaded), sofasport.lineups(event_id)
    body = body_of(loaded, resource)
    entry = body["away"]["players"][VICTIM]
    entry["statistics"]["pressures"] = 9
    store(loaded, resource, body)
    lineups.load_lineups(loaded.context("update_lineups", TUESDAY))
    before["sofasport_lineup_players"][event_id, entry["player"]["id"]]["statistics"]["pressures"] = 9
    assert match_rows(loaded) == before


def test_a_player_who_is_listed_twice_counts_once_and_is_reported(loaded: Pipelines, event_id: int) -> None:
    before, resource = match_rows(loaded), sofasport.lineups(event_id)
    body = body_of(loaded, resource)
    entry = body["away"]["players"][VICTIM]
    body["away"]["players"].append(entry | {"substitute": True, "statistics": {}})
    for is_first in (False, True):
        if is_first:
            forget(loaded, event_id)
        response_id = store(loaded, resource, body)
        lineups.load_lineups(loaded.context("update_lineups", TUESDAY))
        assert match_rows(loaded) == before
        (rejected,) = rejections(loaded, resource, response_id)
        assert rejected.path == f"away.players.{entry['player']['id']}"
        assert rejected.is_of_the_answer
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
    "without a width": ({"x": 5}, False),
    "a null for a length": ({"x": None, "y": 5}, False),
    "between two points": ({"x": 50.5, "y": 5}, False),
    "no point": (None, False),
    "numbers as strings": ({"x": "50", "y": "5"}, True),
    "whole floats": ({"x": 50.0, "y": 5.0}, True),
    "new keys": ({"x": 50, "y": 5, "count": 3, "z": 1}, True),
}


@pytest.mark.parametrize(("point", "is_good"), POINTS.values(), ids=POINTS)
def test_a_bad_point_costs_one_point(
    loaded: Pipelines, heatmap: Resource, point: object, is_good: bool
) -> None:
    key = (heatmap.params["event_id"], heatmap.params["player_id"])
    before = rows_of(loaded, "sofasport_heatmaps", "event_id", "player_id")
    points = [*body_of(loaded, heatmap), {"x": 50, "y": 5}]
    response_id = store(loaded, heatmap, [*points[:-1], point])
    heatmaps.load_heatmaps(loaded.context("collect_heatmaps", TUESDAY))
    after = rows_of(loaded, "sofasport_heatmaps", "event_id", "player_id")
    good = points if is_good else points[:-1]
    assert after[key]["points"] == [{"x": at["x"], "y": at["y"]} for at in good]
    assert after[key]["point_count"] == len(good)
    assert {**after, key: None} == {**before, key: None}
    rejected = rejections(loaded, heatmap, response_id)
    assert [bad.path for bad in rejected] == ([] if is_good else [f"points[{len(points) - 1}]"])
    assert all(bad.is_of_the_answer for bad in rejected)


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
def test_bad_season_statistics_cost_no_other_player(
    loaded: Pipelines, totals: list[Resource], fault: Fault, reason: str | None
) -> None:
    before = rows_of(loaded, "sofasport_season_statistics", "player_id")
    spoilt, sound = (body_of(loaded, resource) for resource in totals)
    fault(spoilt["statistics"])
    sound["statistics"]["touches"] = 31_000
    response_id = store(loaded, totals[0], spoilt)
    store(loaded, totals[1], sound)
    season_statistics.load_season_statistics(loaded.context("update_season_stats", WEDNESDAY))
    other = before[(totals[1].params["player_id"],)]
    other["touches"] = other["statistics"]["touches"] = 31_000
    assert rows_of(loaded, "sofasport_season_statistics", "player_id") == before
    rejected = rejections(loaded, totals[0], response_id)
    assert [reason is not None and reason in bad.reason for bad in rejected] == [True] * (reason is not None)
    assert all(bad.is_of_the_answer for bad in rejected)
    assert outcome_of(loaded, totals[0]) == ("fetched" if reason is None else "rejected")


EVENTS: dict[str, tuple[Fault, str | None]] = {
    "numbers as strings": (rewritten(as_text, "id", "startTimestamp", "homeScore"), None),
    "floats for whole numbers": (rewritten(as_other_number, "id", "startTimestamp", "homeScore"), None),
    "no start": (without("startTimestamp"), None),
    "a start in 1970": (changed(startTimestamp=0), "startTimestamp"),
    "a start on the second day of 1970": (changed(startTimestamp=86_400), "startTimestamp"),
    "a start in the future of mankind": (changed(startTimestamp=10**12), "startTimestamp"),
    "an unknown status": (changed(status={"code": 999, "type": "new"}), "status 999"),
    "a negative status": (changed(status={"code": -1}), "status.code"),
    "a null for a status": (changed(status=None), "status: Field required"),
    "a negative score": (within("homeScore", current=-1), "homeScore.current"),
    "a null for a score": (changed(homeScore=None), "would take it back"),
    "no club": (without("homeTeam"), "homeTeam: Field required"),
}


@pytest.mark.parametrize(("fault", "reason"), EVENTS.values(), ids=EVENTS)
def test_a_bad_event_leaves_the_match_and_all_others_as_they_were(
    loaded: Pipelines, event_id: int, fault: Fault, reason: str | None
) -> None:
    columns = "select to_jsonb(kept) - 'updated_at' - 'details' from pulse.sofasport_events as kept order by event_id"
    before = loaded.conn.execute(columns.encode()).fetchall()
    resource = sofasport.events(loaded.one("select season_id from pulse.sofasport_seasons"), "last", 0)
    body = body_of(loaded, resource)
    fault(next(event for event in body["events"] if event["id"] == event_id))
    response_id = store(loaded, resource, body)
    context = loaded.context("update_lineups", TUESDAY)
    events.load_events(context, [(body, response_id)])
    assert loaded.conn.execute(columns.encode()).fetchall() == before
    rejected = rejections(loaded, resource, response_id)
    assert [reason is not None and reason in bad.reason for bad in rejected] == [True] * (reason is not None)
    assert all(bad.is_of_the_answer for bad in rejected)
    assert lineups.plan_matches(context) == []


@pytest.mark.parametrize("fault", [changed(startTimestamp=0), changed(status={"code": 999})])
def test_a_coming_match_with_a_fault_is_not_due(loaded: Pipelines, fault: Fault) -> None:
    resource = sofasport.events(loaded.one("select season_id from pulse.sofasport_seasons"), "next", 0)
    body = body_of(loaded, resource)
    fault(body["events"][0])
    response_id = store(loaded, resource, body)
    context = loaded.context("update_lineups", TUESDAY)
    events.load_events(context, [(body, response_id)])
    assert lineups.plan_matches(context) == []
    assert loaded.calls(context) == {}
    oldest = loaded.one("select extract(year from min(start_at)) from pulse.sofasport_events")
    assert oldest == 2025
