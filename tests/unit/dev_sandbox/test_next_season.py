"""The season after the first one, and the summer between them."""

from collections.abc import Callable
from typing import Any

import pytest
from fastapi.testclient import TestClient

from dev.sandbox.season import Season
from dev.sandbox.world import World
from tests.unit.dev_sandbox.conftest import Ask

SEASONS = "/v1/unique-tournaments/seasons"
JUNE, OPEN, SEPTEMBER = "2026-06-20T01:00:00Z", "2026-07-20T01:00:00Z", "2026-09-14T01:00:00Z"
EARLY, LATE = "2026-07-10T00:00:00Z", "2026-07-30T00:00:00Z"


def opened(client: TestClient, fpl: str, sofasport: str) -> None:
    body = {"fpl_opens_at": fpl, "sofasport_opens_at": sofasport}
    assert client.post("/__sandbox__/summer", json=body).status_code == 200


def years(ask: Ask, as_of: str) -> list[str]:
    return [one["year"] for one in ask(SEASONS, as_of, unique_tournament_id=17)["data"]["seasons"]]


def first_deadline(ask: Ask, as_of: str) -> str:
    return str(ask("/api/bootstrap-static/", as_of)["events"][0]["deadline_time"])


def test_in_june_both_sources_show_the_old_season(ask: Ask) -> None:
    assert years(ask, JUNE)[0] == "25/26"
    bootstrap = ask("/api/bootstrap-static/", JUNE)
    assert all(event["finished"] for event in bootstrap["events"])
    assert first_deadline(ask, JUNE).startswith("2025-08")


@pytest.mark.parametrize(
    ("fpl", "sofasport", "expected"), [(EARLY, LATE, ("26/27", "25/26")), (LATE, EARLY, ("25/26", "26/27"))]
)
def test_each_source_opens_when_it_is_told_to(
    client: TestClient, ask: Ask, fpl: str, sofasport: str, expected: tuple[str, str]
) -> None:
    opened(client, fpl, sofasport)
    year_of_fpl = "26/27" if first_deadline(ask, OPEN).startswith("2026-08") else "25/26"
    assert (year_of_fpl, years(ask, OPEN)[0]) == expected
    assert client.post("/__sandbox__/reset", json={"all": True}).status_code == 200
    assert first_deadline(ask, OPEN).startswith("2026-08")


def test_a_source_cannot_open_before_july(client: TestClient) -> None:
    body = {"fpl_opens_at": JUNE, "sofasport_opens_at": OPEN}
    assert client.post("/__sandbox__/summer", json=body).status_code == 400


def test_fpl_numbers_clubs_and_players_anew_and_keeps_their_codes(ask: Ask) -> None:
    before, after = ask("/api/bootstrap-static/", JUNE), ask("/api/bootstrap-static/", OPEN)
    codes = [{team["code"]: team["id"] for team in one["teams"]} for one in (before, after)]
    assert len(codes[1].keys() - codes[0].keys()) == 3
    assert sorted(codes[1].values()) == [*range(1, 21)]
    elements = [{element["code"]: element["id"] for element in one["elements"]} for one in (before, after)]
    common = elements[0].keys() & elements[1].keys()
    assert 350 < len(common) < len(elements[1])
    assert sum(elements[0][code] == elements[1][code] for code in common) < 20
    assert len(set(elements[1].values())) == len(elements[1])
    assert all(element["minutes"] == 0 for element in after["elements"])


def test_the_next_season_has_a_full_calendar_with_other_codes_and_events(season: Season, world: World) -> None:
    coming = world.next_season
    assert len({(fixture.home, fixture.away) for fixture in coming.fixtures}) == 380
    for ids_of in (codes_of, events_of):
        assert not ids_of(season) & ids_of(coming)
    assert len({club.sofasport_id for club in (*season.clubs, *coming.clubs)}) == 23


def codes_of(season: Season) -> set[int]:
    return {fixture.code for fixture in season.fixtures}


def events_of(season: Season) -> set[int]:
    return {event.event_id for fixture in season.fixtures for event in fixture.events}


def test_people_stay_move_leave_and_arrive_and_two_have_another_id(season: Season, world: World) -> None:
    coming = world.next_season
    clubs: list[dict[int, int]] = [
        {person.element.code: one.clubs[person.spells[-1].club].fpl_code for person in one.people if person.element}
        for one in (season, coming)
    ]
    common = clubs[0].keys() & clubs[1].keys()
    assert sum(clubs[0][code] != clubs[1][code] for code in common) > 20
    assert len(clubs[1].keys() - common) > 90
    replaced = {
        person.number
        for person in coming.people
        if person.number < len(season.people)
        and {one.sofasport_id for one in person.profiles}
        != {one.sofasport_id for one in season.people[person.number].profiles}
    }
    assert len(replaced) == 2


def test_matches_of_the_next_season_are_played(
    client: TestClient, ask: Ask, all_events: Callable[[str], list[dict[str, Any]]]
) -> None:
    events = all_events(SEPTEMBER)
    played = [event for event in events if event["status"]["type"] == "finished"]
    assert len(played) >= 30
    assert {event["season"]["year"] for event in events} == {"26/27"}
    lineups = ask("/v1/events/lineups", SEPTEMBER, event_id=played[0]["id"])["data"]
    assert lineups["confirmed"]
    first = next(fixture for fixture in ask("/api/fixtures/", SEPTEMBER) if fixture["finished"])
    assert len(ask("/api/event/1/live/", SEPTEMBER)["elements"]) > 500
    assert first["event"] == 1
    old = ask("/v1/unique-tournaments/seasons", SEPTEMBER, unique_tournament_id=17)["data"]["seasons"][1]
    query = {"unique_tournament_id": 17, "seasons_id": old["id"], "course_events": "last", "page": 0}
    assert len(ask("/v1/seasons/events", SEPTEMBER, **query)["data"]["events"]) == 30


def test_the_truth_of_each_season_has_its_ids(ask: Ask) -> None:
    first, second = (ask("/__sandbox__/truth", season=one) for one in ("2025-26", "2026-27"))
    assert ask("/__sandbox__/truth") == first
    codes = [{row["fpl_code"]: row["sofasport_team_id"] for row in one["teams"]} for one in (first, second)]
    assert all(codes[0][code] == codes[1][code] for code in codes[0].keys() & codes[1].keys())
