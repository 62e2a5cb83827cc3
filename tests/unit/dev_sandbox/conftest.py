"""One season for all sandbox tests, and HTTP requests to it without a socket."""

from collections.abc import Callable
from typing import Any

import pytest
from fastapi.testclient import TestClient

from dev.sandbox.app import make_app
from dev.sandbox.season import Season
from dev.sandbox.timestamps import timestamp
from dev.sandbox.world import World

KEY = "key-of-the-tests"
HEADERS = {"x-rapidapi-key": KEY, "x-rapidapi-host": "sandbox"}
AFTER_SEASON = "2026-06-05T00:00:00Z"
OCTOBER = "2025-10-13T01:00:00Z"

Ask = Callable[..., Any]


@pytest.fixture(scope="session")
def shared_world() -> World:
    """One world for all tests, because playing its matches takes time. Each test sets its clock."""
    return World(timestamp(AFTER_SEASON))


@pytest.fixture(scope="session")
def season(shared_world: World) -> Season:
    """The season with all matches played."""
    return shared_world.season


@pytest.fixture
def world(shared_world: World) -> World:
    """The world with its clock after the season."""
    shared_world.set_clock(timestamp(AFTER_SEASON))
    return shared_world


@pytest.fixture
def client(world: World) -> TestClient:
    """A client of a new app for the shared season, with the clock in October."""
    world.set_clock(timestamp(OCTOBER))
    return TestClient(make_app(world, KEY), client=("127.0.0.1", 50000), headers=HEADERS)


@pytest.fixture
def ask(client: TestClient) -> Ask:
    """A function that requests (path, as_of, parameters), checks the status and returns the JSON."""

    def request_json(path: str, as_of: str | None = None, **parameters: object) -> Any:  # noqa: ANN401 - JSON
        if as_of:
            assert client.post("/__sandbox__/clock", json={"as_of": as_of}).status_code == 200
        response = client.get(path, params={name: str(value) for name, value in parameters.items()})
        assert response.status_code == 200, (path, parameters, response.text)
        return response.json()

    return request_json


@pytest.fixture
def all_events(client: TestClient, ask: Ask) -> Callable[[str], list[dict[str, Any]]]:
    """A function that returns every event listed at a time, from all pages in both directions."""

    def read(as_of: str) -> list[dict[str, Any]]:
        seasons = ask("/v1/unique-tournaments/seasons", as_of, unique_tournament_id=17)["data"]["seasons"]
        found: list[dict[str, Any]] = []
        for course in ("last", "next"):
            page, more = 0, True
            while True:
                query = {
                    "unique_tournament_id": 17,
                    "seasons_id": seasons[0]["id"],
                    "course_events": course,
                    "page": page,
                }
                response = client.get("/v1/seasons/events", params={k: str(v) for k, v in query.items()})
                if response.status_code == 404:
                    assert not more or page == 0
                    break
                data = response.json()["data"]
                assert len(data["events"]) == 30 or not data["hasNextPage"]
                more = data["hasNextPage"]
                found += data["events"]
                page += 1
        return found

    return read
