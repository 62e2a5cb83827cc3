"""The sandbox as a server: keys, limits, errors, control."""

import os
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from fastapi.testclient import TestClient

from dev.sandbox.app import make_app
from dev.sandbox.limits import Limits
from dev.sandbox.world import World

KEY = "key-of-the-tests"
SEASONS = "/v1/unique-tournaments/seasons?unique_tournament_id=17"
PROJECT = Path(__file__).parents[3]
IMPORT_PATH = f"{PROJECT / 'include'}{os.pathsep}{PROJECT}"
HEADERS = {"x-rapidapi-key": KEY, "x-rapidapi-host": "sandbox"}


def limited(world: World, limits: Limits) -> TestClient:
    return TestClient(make_app(world, KEY, limits), client=("127.0.0.1", 1), headers=HEADERS)


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 401),
        ({"x-rapidapi-host": "h"}, 401),
        ({"x-rapidapi-key": KEY}, 403),
        ({"x-rapidapi-key": "wrong", "x-rapidapi-host": "h"}, 403),
        (HEADERS, 200),
    ],
)
def test_the_key_is_checked(headers: dict[str, str], status: int, world: World) -> None:
    response = TestClient(make_app(world, KEY)).get(SEASONS, headers=headers)
    assert response.status_code == status
    assert list(response.json()) == (["data"] if status == 200 else ["message"])


def test_requests_over_the_rate_limit_are_refused_and_use_no_quota(world: World) -> None:
    client = limited(world, Limits(per_second=3, quota=100))
    responses = [client.get(SEASONS) for _ in range(6)]
    assert [response.status_code for response in responses] == [200, 200, 200, 429, 429, 429]
    assert "rate limit per second" in responses[-1].json()["message"]
    assert responses[-1].headers["x-ratelimit-requests-remaining"] == "97"
    assert client.get("/__sandbox__/stats").json()["most_admitted_in_one_second"] == 3


def test_a_used_quota_refuses_requests_until_the_next_month_of_the_clock(world: World) -> None:
    client = limited(world, Limits(quota=2))
    client.post("/__sandbox__/clock", json={"as_of": "2025-10-30T00:00:00Z"})
    responses = [client.get(SEASONS) for _ in range(3)]
    assert [response.status_code for response in responses] == [200, 200, 429]
    assert "MONTHLY quota" in responses[-1].json()["message"]
    assert responses[-1].headers["x-ratelimit-requests-limit"] == "2"
    assert responses[-1].headers["x-ratelimit-requests-reset"] == str(2 * 24 * 3600)
    client.post("/__sandbox__/clock", json={"as_of": "2025-11-01T00:00:00Z"})
    assert client.get(SEASONS).status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "/v1/teams/players",
        "/v1/teams/players?team_id=x",
        "/v1/teams/players?team_id=-1",
        "/v1/seasons/events?seasons_id=1&unique_tournament_id=17&course_events=sideways",
        "/v1/players/statistics/result?seasons_id=1&unique_tournament_id=17&player_id=1&player_stat_type=home",
    ],
)
def test_wrong_or_missing_parameters_are_400_with_a_message(path: str, client: TestClient) -> None:
    response = client.get(path)
    assert response.status_code == 400
    assert "parameter" in response.json()["message"]


def test_missing_data_and_unknown_endpoints_have_different_404s(client: TestClient) -> None:
    assert client.get("/v1/teams/players?team_id=1").json() == {"error": {"code": 404, "message": "Not Found"}}
    unknown = client.get("/v1/teams/trophies")
    assert unknown.status_code == 404
    assert unknown.json()["message"] == "Endpoint '/v1/teams/trophies' does not exist"


def test_a_page_after_the_last_is_404(client: TestClient) -> None:
    query = "/v1/seasons/events?seasons_id=88214&unique_tournament_id=17&course_events=last&page="
    assert client.get(query + "2").json()["data"]["hasNextPage"] is False
    assert client.get(query + "3").status_code == 404


def test_the_same_time_gives_the_same_bytes(client: TestClient) -> None:
    paths = ["/api/bootstrap-static/", "/api/event/7/live/", SEASONS]
    first = [client.get(path).content for path in paths]
    client.post("/__sandbox__/clock", json={"as_of": "2026-01-01T00:00:00Z"})
    assert client.get(paths[0]).content != first[0]
    client.post("/__sandbox__/clock", json={"as_of": "2025-10-13T01:00:00Z"})
    assert [client.get(path).content for path in paths] == first


def test_limits_can_be_changed_and_reset(client: TestClient) -> None:
    changed = client.post("/__sandbox__/limits", json={"rps": 5, "latency_ms": 1}).json()
    assert (changed["rps"], changed["quota"], changed["latency_ms"]) == (5, None, 1)
    client.post("/__sandbox__/clock", json={"as_of": "2026-02-01T00:00:00Z"})
    client.get("/api/event-status/")
    kept = client.post("/__sandbox__/reset", json={}).json()
    assert (kept["rps"], kept["as_of"]) == (5, "2026-02-01T00:00:00Z")
    assert client.get("/__sandbox__/stats").json()["requests"] == 0
    back = client.post("/__sandbox__/reset", json={"all": True}).json()
    assert (back["rps"], back["as_of"]) == (None, "2025-10-13T01:00:00Z")


def test_a_rotated_key_is_the_only_one_that_is_accepted(client: TestClient) -> None:
    assert client.get(SEASONS).status_code == 200
    client.post("/__sandbox__/key", json={"key": "a-rotated-key"})
    assert client.get(SEASONS).status_code == 403
    assert client.get(SEASONS, headers={"x-rapidapi-key": "a-rotated-key"}).status_code == 200
    assert client.post("/__sandbox__/key", json={"key": ""}).status_code == 400


def test_stats_count_by_endpoint_and_status(client: TestClient) -> None:
    client.get("/api/element-summary/3/")
    client.get("/api/element-summary/4/")
    client.get("/v1/teams/players?team_id=1")
    client.get(SEASONS, headers={"x-rapidapi-key": "wrong"})
    stats = client.get("/__sandbox__/stats").json()
    assert stats["endpoints"]["/api/element-summary/{element_id:int}/"] == {"200": 2}
    assert stats["endpoints"]["/v1/teams/players"] == {"404": 1}
    assert stats["endpoints"]["/v1/unique-tournaments/seasons"] == {"403": 1}
    assert stats["most_in_one_second"] == {"all": 4, "sofasport": 2, "fpl": 2}


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"as_of": "yesterday"},
        {"as_of": "2025-10-13T01:00:00"},
        {"as_of": "2031-01-01T00:00:00Z"},
        {"as_of": "2025-10-13T01:00:00Z", "speed": 2},
    ],
)
def test_an_invalid_clock_is_400_and_changes_nothing(body: dict[str, object], client: TestClient) -> None:
    assert client.post("/__sandbox__/clock", json=body).status_code == 400
    assert client.get("/__sandbox__/clock").json()["as_of"] == "2025-10-13T01:00:00Z"


def test_control_is_for_this_machine_only_by_default(world: World) -> None:
    far = ("192.0.2.7", 1)
    closed = TestClient(make_app(world, KEY), client=far)
    assert closed.get("/__sandbox__/truth").status_code == 403
    opened = TestClient(make_app(world, KEY, control_from_anywhere=True), client=far)
    assert opened.get("/__sandbox__/truth").status_code == 200


def command(*arguments: str, key: str | None = KEY) -> list[str]:
    return [sys.executable, "-m", "dev.sandbox", *(["--api-key", key] if key else []), *arguments]


@pytest.fixture(scope="module")
def environment() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name != "FPL_PULSE_SANDBOX_KEY"}
    return {**kept, "PYTHONPATH": IMPORT_PATH}


@pytest.fixture(scope="module")
def address(environment: dict[str, str]) -> Iterator[str]:
    """The address of a real sandbox with its key from the environment."""
    with subprocess.Popen(
        command("--port", "0", key=None),
        stdout=subprocess.PIPE,
        text=True,
        env={**environment, "FPL_PULSE_SANDBOX_KEY": KEY},
    ) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        found = re.search(r"http://[\d.:]+", line)
        assert found, line
        yield found[0]
        process.terminate()


def test_a_real_server_responds_and_accepts_control_requests(address: str) -> None:
    with httpx.Client(base_url=address, headers=HEADERS) as client:
        response = client.get(SEASONS)
        assert response.json()["data"]["seasons"][0]["year"] == "25/26"
        assert response.headers["x-ratelimit-requests-remaining"].isdigit()
        assert client.get("/__sandbox__/clock").json()["as_of"] == "2025-10-13T01:00:00Z"
        assert len(client.get("/api/fixtures/").json()) == 380


def test_a_port_in_use_is_one_line_and_status_2(environment: dict[str, str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        done = subprocess.run(command("--port", port), capture_output=True, text=True, env=environment, check=False)
    assert done.returncode == 2
    assert f"127.0.0.1:{port}" in done.stderr
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["--port", "http"], "--port"),
        (["--as-of", "2025-10-13"], "zone"),
        (["--rps", "0"], "--rps"),
        (["--as-of", "2031-01-01T00:00:00Z"], "clock"),
        (["--nonsense"], "--nonsense"),
    ],
)
def test_invalid_arguments_are_one_line_and_status_2(
    arguments: list[str], word: str, capsys: pytest.CaptureFixture[str]
) -> None:
    from dev.sandbox.__main__ import main

    try:
        status = main(["--api-key", KEY, "--port", "0", *arguments])
    except SystemExit as stopped:
        status = int(str(stopped.code))
    text = capsys.readouterr().err
    assert status == 2
    assert word in text
    assert text.count("\n") == 1


def test_without_a_key_it_does_not_start(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    from dev.sandbox.__main__ import main

    monkeypatch.delenv("FPL_PULSE_SANDBOX_KEY", raising=False)
    with pytest.raises(SystemExit, match="2"):
        main(["--port", "0"])
    assert "FPL_PULSE_SANDBOX_KEY" in capsys.readouterr().err
