"""SofaSport's id of the season is verified by its events, and looked up again when it does not hold."""

from datetime import timedelta
from typing import Any

import pytest

from dev.hostile.corruption import Corruption, Intercepted, Payload
from dev.hostile.weeks import Installation
from dev.pipelines import Pipelines, slots_of
from dev.sandbox.season import Season as SandboxSeason
from fpl_pulse.etl.rebuild import rebuild
from fpl_pulse.etl.season_id import strange_events
from fpl_pulse.season import Season
from tests.installations import FIRST_MONDAY

WRONG = 4711
MONDAY = slots_of(FIRST_MONDAY)["update_fixture_mappings"]
MONDAY_ONLY = ["update_fixture_mappings"]
LIST, EVENTS = "unique-tournaments/seasons", "seasons/events"
OF_WRONG_ID = {"seasons_id": str(WRONG)}


def wrong_first(payload: Payload, _: Intercepted) -> Payload:
    payload["seasons"].insert(0, {"id": WRONG, "year": "25/26", "name": "another competition"})
    return payload


def only_wrong(payload: Payload, _: Intercepted) -> Payload:
    payload["seasons"] = [{"id": WRONG, "year": "25/26", "name": "another competition"}]
    return payload


def of_last_season(_: Payload, request: Intercepted) -> Payload:
    """What SofaSport has for the wrong id: events of a year ago."""
    query = f"unique_tournament_id=17&course_events={request.params['course_events']}&page={request.params['page']}"
    page = request.fetch(f"/v1/{EVENTS}?seasons_id={SandboxSeason.sofasport_season_id}&{query}")
    for event in page["events"]:
        event["season"].update(id=WRONG, year="24/25")
        event["startTimestamp"] -= 364 * 24 * 3600
    return page


def stored_id(pipelines: Pipelines) -> int | None:
    return pipelines.one("select season_id from pulse.sofasport_seasons where season = '2025-26'")  # type: ignore[no-any-return]


@pytest.mark.parametrize(
    "corruptions",
    [[Corruption(LIST, wrong_first)], [Corruption(LIST, wrong_first), Corruption(EVENTS, of_last_season, OF_WRONG_ID)]],
    ids=["without events", "with events of another season"],
)
def test_a_wrong_id_that_is_listed_first_is_not_kept(pipelines: Pipelines, corruptions: list[Corruption]) -> None:
    outcomes = Installation.of(pipelines).week(FIRST_MONDAY, corruptions, only=MONDAY_ONLY)
    assert outcomes["update_fixture_mappings"].is_green
    assert stored_id(pipelines) == SandboxSeason.sofasport_season_id
    assert pipelines.one("select count(*) from pulse.sofasport_events") > 370
    assert rebuild(pipelines.context("rebuild_from_raw", MONDAY), rehearse=True).different == []


def test_the_id_is_looked_up_again_while_none_holds(pipelines: Pipelines) -> None:
    installation = Installation.of(pipelines)
    wrong = [Corruption(LIST, only_wrong), Corruption(EVENTS, of_last_season, OF_WRONG_ID)]
    outcomes = installation.week(FIRST_MONDAY, wrong, only=MONDAY_ONLY)
    sentence = outcomes["update_fixture_mappings"].sentence
    assert "SofaSport lists the Premier League season 25/26 without its events (4711: " in sentence
    assert "season 24/25" in sentence or "season id" in sentence
    assert stored_id(pipelines) is None
    outcomes = installation.week(FIRST_MONDAY + timedelta(weeks=1), only=MONDAY_ONLY)
    assert outcomes["update_fixture_mappings"].is_green
    assert stored_id(pipelines) == SandboxSeason.sofasport_season_id


def test_a_stored_id_whose_events_are_of_another_season_is_replaced(small: Pipelines) -> None:
    small.conn.execute("update pulse.sofasport_seasons set season_id = %s", (WRONG,))
    corruption = Corruption(EVENTS, of_last_season, OF_WRONG_ID)
    events = small.one("select count(*) from pulse.sofasport_events")
    outcomes = Installation.of(small).week(FIRST_MONDAY + timedelta(weeks=1), [corruption], only=MONDAY_ONLY)
    assert outcomes["update_fixture_mappings"].is_green
    assert stored_id(small) == SandboxSeason.sofasport_season_id
    assert small.one("select count(*) from pulse.sofasport_events") == events


def test_a_page_of_another_competition_changes_neither_id_nor_events(small: Pipelines) -> None:
    def of_a_cup(payload: Payload, _: Intercepted) -> Payload:
        for event in payload["events"]:
            event["tournament"]["uniqueTournament"].update(id=19, name="FA Cup")
            event["homeScore"] = event["awayScore"] = {"current": 9}
        return payload

    installation = Installation.of(small)
    outcomes = installation.week(FIRST_MONDAY + timedelta(weeks=1), [Corruption(EVENTS, of_a_cup)], only=MONDAY_ONLY)
    assert not outcomes["update_fixture_mappings"].is_green
    assert "tournament 19 (FA Cup)" in outcomes["update_fixture_mappings"].sentence
    assert stored_id(small) == SandboxSeason.sofasport_season_id
    assert small.one("select count(*) from pulse.sofasport_events where home_score = 9 and away_score = 9") == 0
    outcomes = installation.week(FIRST_MONDAY + timedelta(weeks=2), only=MONDAY_ONLY)
    assert outcomes["update_fixture_mappings"].is_green


@pytest.mark.parametrize(
    ("record", "reason"),
    [
        ({"season": {"id": 1, "year": "25/26"}}, None),
        ({}, None),
        ({"season": {"id": 2}}, "season id 2"),
        ({"season": {"id": 1, "year": "24/25"}}, "season 24/25"),
        ({"tournament": {"uniqueTournament": {"id": 19, "name": "FA Cup"}}}, "tournament 19 (FA Cup)"),
        ({"startTimestamp": 1_724_000_000}, "a start on 2024-08-18"),
        ({"startTimestamp": 1_755_284_400}, None),
        ({"startTimestamp": None, "season": None, "tournament": []}, None),
    ],
)
def test_what_an_event_says_about_its_season(record: dict[str, Any], reason: str | None) -> None:
    found = strange_events([record], Season("2025-26"), 1)
    assert found == (reason and f"1 of 1 events are of another season: {reason}")
