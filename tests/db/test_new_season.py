"""FPL's summer: the new season is accepted as a whole, before SofaSport has it, and the old one does not return."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
import requests

from dev.hostile.corruption import NO_DATA, Corruption, Intercepted, Payload, Reply
from dev.hostile.weeks import Installation
from dev.pipelines import Pipelines
from dev.sandbox.season import Season as SandboxSeason
from fpl_pulse.etl.rebuild import rebuild
from fpl_pulse.week import PIPELINES
from tests.db.faults import TUESDAY

YEAR = timedelta(days=364)
MONDAY = date(2026, 7, 20)
NEXT_MONDAY = date(2026, 7, 27)
NEW, NEW_ID = "2026-27", 99_001
BOOTSTRAP, FIXTURES = "fpl/bootstrap-static", "fpl/fixtures"
PROMOTED = (18, 19, 20)
"""FPL's numbers of the clubs that are relegated, and replaced by others."""


def later(text: str | None) -> str | None:
    return text and (datetime.fromisoformat(text.replace("Z", "+00:00")) + YEAR).isoformat().replace("+00:00", "Z")


def club(team_id: int) -> int:
    """The clubs are numbered in another order."""
    return 21 - team_id


def new_bootstrap(payload: Payload, _: Intercepted) -> Payload:
    for event in payload["events"]:
        event.update(deadline_time=later(event["deadline_time"]), finished=False, data_checked=False, is_current=False)
    codes = {team["id"]: team["code"] + 500 * (team["id"] in PROMOTED) for team in payload["teams"]}
    for team in payload["teams"]:
        name = f"Promoted {team['id']}" if team["id"] in PROMOTED else team["name"]
        team.update(code=codes[team["id"]], name=name, id=club(team["id"]))
    for element in payload["elements"]:
        code = element["code"] + 800_000 * (element["team"] in PROMOTED)
        element.update(
            code=code, id=3_000 - element["id"], team_code=codes[element["team"]], team=club(element["team"])
        )
        element.update(minutes=0, total_points=0, goals_scored=0, assists=0)
    return payload


def new_fixtures(payload: Payload, _: Intercepted) -> Payload:
    for fixture in payload:
        fixture.update(code=fixture["code"] + 5_000, kickoff_time=later(fixture["kickoff_time"]), minutes=0, stats=[])
        fixture.update(team_h=club(fixture["team_h"]), team_a=club(fixture["team_a"]))
        fixture.update(team_h_score=None, team_a_score=None)
        fixture.update(started=False, finished=False, finished_provisional=False)
    return payload


@pytest.fixture(autouse=True)
def sandbox_of_one_season(sandbox: str, no_limits_afterwards: None) -> None:
    """The sandbox opens its own next season as late as it can: here the responses are changed."""
    body = {"fpl_opens_at": "2026-08-10T00:00:00Z", "sofasport_opens_at": "2026-08-10T00:00:00Z"}
    requests.post(f"{sandbox}/__sandbox__/summer", json=body, timeout=30).raise_for_status()


OPENED = (Corruption(BOOTSTRAP, new_bootstrap), Corruption(FIXTURES, new_fixtures))


def with_new_season(payload: Payload, _: Intercepted) -> Payload:
    payload["seasons"].insert(0, {"id": NEW_ID, "year": "26/27", "name": "Premier League 26/27"})
    return payload


def new_events(course: str) -> Callable[[Payload, Intercepted], Payload | Reply]:
    """SofaSport's coming events: those of the season before, a year later."""

    def change(_: Payload, request: Intercepted) -> Payload | Reply:
        if course == "last":
            return NO_DATA
        page = request.fetch(
            f"/v1/seasons/events?seasons_id={SandboxSeason.sofasport_season_id}&unique_tournament_id=17&course_events=last"
            f"&page={request.params['page']}"
        )
        for event in page["events"]:
            event["season"].update(id=NEW_ID, year="26/27")
            event.update(id=event["id"] + 900_000, status={"code": 0, "type": "notstarted"}, homeScore={}, awayScore={})
            event["startTimestamp"] += int(YEAR.total_seconds())
        return page

    return change


SOFASPORT_OPENED = (
    Corruption("unique-tournaments/seasons", with_new_season),
    Corruption("seasons/events", new_events("last"), {"seasons_id": str(NEW_ID), "course_events": "last"}),
    Corruption("seasons/events", new_events("next"), {"seasons_id": str(NEW_ID), "course_events": "next"}),
)


def season_of(pipelines: Pipelines) -> str:
    return str(pipelines.one("select season from pulse.fpl_seasons order by observed_at desc limit 1"))


def table(pipelines: Pipelines, name: str) -> list[Any]:
    return sorted(str(row) for row in pipelines.conn.execute(f"select to_jsonb(t) from pulse.{name} as t").fetchall())


@pytest.fixture
def old_rows(loaded: Pipelines) -> dict[str, list[Any]]:
    """The reference data of the season that is over."""
    return {name: table(loaded, name) for name in ("fpl_teams", "fpl_players", "fpl_gameweeks", "fpl_fixtures")}


def of_old_season(loaded: Pipelines, name: str) -> list[Any]:
    rows = loaded.conn.execute(f"select to_jsonb(t) from pulse.{name} as t where season = '2025-26'").fetchall()
    return sorted(str(row) for row in rows)


def test_fpl_opens_before_sofasport(loaded: Pipelines, old_rows: dict[str, list[Any]]) -> None:
    installation = Installation.of(loaded)
    outcomes = installation.week(MONDAY, OPENED)
    assert {dag_id: one.state for dag_id, one in outcomes.items()} == dict.fromkeys(PIPELINES, "success")
    assert season_of(loaded) == NEW
    assert loaded.one("select count(*) from pulse.sofasport_seasons where season = %s", NEW) == 0
    assert loaded.one("select count(*) from pulse.fpl_fixtures where season = %s", NEW) == 380
    outcomes = installation.week(NEXT_MONDAY, [*OPENED, *SOFASPORT_OPENED])
    assert {dag_id: one.state for dag_id, one in outcomes.items()} == dict.fromkeys(PIPELINES, "success")
    assert loaded.one("select season_id from pulse.sofasport_seasons where season = %s", NEW) == NEW_ID
    assert loaded.one("select count(*) from pulse.sofasport_events where season = %s", NEW) > 300
    assert loaded.one("select count(*) from pulse.fixture_mappings where season = %s", NEW) > 200
    assert {name: of_old_season(loaded, name) for name in old_rows} == old_rows
    assert rebuild(loaded.context("rebuild_from_raw", TUESDAY), rehearse=True).different == []


def test_last_seasons_fixtures_beside_the_new_bootstrap_are_refused(
    loaded: Pipelines, old_rows: dict[str, list[Any]]
) -> None:
    installation = Installation.of(loaded)
    outcomes = installation.week(MONDAY, OPENED[:1], only=["update_fixture_mappings"])
    sentence = outcomes["update_fixture_mappings"].sentence
    assert "most deadlines are of 2026-27" in sentence
    assert "most kick-offs of 2025-26" in sentence
    assert season_of(loaded) == "2025-26"
    assert {name: table(loaded, name) for name in old_rows} == old_rows
    outcomes = installation.week(NEXT_MONDAY, OPENED, only=["update_fixture_mappings"])
    assert outcomes["update_fixture_mappings"].is_green
    assert season_of(loaded) == NEW


def test_the_old_season_does_not_return(loaded: Pipelines) -> None:
    installation = Installation.of(loaded)
    installation.week(MONDAY, OPENED, only=["update_fixture_mappings"])
    new_rows = table(loaded, "fpl_fixtures")
    outcomes = installation.week(NEXT_MONDAY, only=["update_fixture_mappings"])
    assert "FPL serves 2025-26 again, but 2026-27 has begun" in outcomes["update_fixture_mappings"].sentence
    assert season_of(loaded) == NEW
    assert table(loaded, "fpl_fixtures") == new_rows
