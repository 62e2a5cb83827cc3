"""Wrong requests, a broken database and bugs: a sentence, and nothing of the inside."""

import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import psycopg
import pytest
import requests
from fastapi import APIRouter

from dev.local.postgres import EmbeddedPostgres
from dev.pipelines import Pipelines
from fpl_pulse.store.readers import create_reader
from fpl_pulse.store.views import SCHEMAS
from fpl_pulse.web import database, turns
from fpl_pulse.web.app import create_app
from fpl_pulse.web.database import Database
from fpl_pulse.web.tokens import require_token
from tests.web.conftest import api_on, connector
from tests.web.serving import TOKEN, Client, served

WRONG = (
    "/api/players/-1/", "/api/players/1.5/", "/api/players/1e3/", "/api/players/9999999999/", "/api/players/NaN/",
    "/api/players/%00/", "/api/players/%D9%A1/", "/api/players/1%20or%201=1/", "/api/players/code:/",
    "/api/players/code:code:1/", "/api/players/%F0%9F%91%8D/", "/api/matches/0/", "/api/matches/x/",
    "/api/players/?limit=0", "/api/players/?limit=201", "/api/players/?limit=x", "/api/players/?offset=-1",
    "/api/players/?season=2025", "/api/players/?season=2025-26%00", "/api/players/?season=%D9%A2025-26",
    "/api/players/?position=Libero", "/api/players/?search=", "/api/players/?team=" + "x" * 101,
    "/api/matches/?gameweek=0", "/api/coverage/?gameweek=100", "/api/sofasport/player/1/heatmap/0/",
    "/api/sofasport/player/1/match-stats/-1/", "/api/sofasport/compare/radar/",
    "/api/players/?limit=1_0", "/api/players/?limit=%2B5", "/api/players/?limit=5.0", "/api/players/?offset=%201",
    "/api/players/?limit=%D9%A3", "/api/players/?offset=" + "9" * 5000, "/api/players/?limit=", "/api/matches/1_0/",
    "/api/matches/1.0/", "/api/matches/+1/", "/api/coverage/?gameweek=1_0", "/api/sofasport/player/1/heatmap/+1/",
    "/api/players/?limit=3&limit=4", "/api/players/?season=2025-26&season=2025-26", "/api/seasons/?x=1&x=1",
    "/api/coverage/?gameweek=1&gameweek=", "/openapi.json?a=1&b=1&a=1", "/api/week-status/?" + "a=&" * 20_000,
)  # fmt: skip
INSIDES = ("select ", "psycopg", "Traceback", "pulse.", ".py", "relation", "statement timeout", "127.0.0.1", "password")


def assert_is_problem(response: Any, status: int) -> None:  # noqa: ANN401
    assert response.status_code == status, response.text
    assert response.headers["Content-Type"] == "application/problem+json"
    assert response.json().keys() == {"type", "title", "status", "detail", "error"}
    assert [word for word in INSIDES if word in response.text] == []
    assert response.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("path", WRONG)
def test_a_wrong_value_is_refused_by_its_name(api: Client, path: str) -> None:
    response = api.get(path)
    assert_is_problem(response, 422)
    assert ": " in response.json()["detail"]


def test_a_long_name_is_not_repeated_in_whole(api: Client) -> None:
    response = api.get(f"/api/players/?{'<' * 5000}=1&{'<' * 5000}=1")
    assert_is_problem(response, 422)
    assert len(response.text) < 400


def test_a_request_without_the_token_does_not_learn_what_is_wrong_with_it(api: Client) -> None:
    assert requests.get(f"{api.address}/api/players/?limit=1&limit=2", timeout=10).status_code == 401


@pytest.mark.parametrize("was_used", [True, False])
def test_a_closed_database_opens_no_connection(unchanged: Pipelines, was_used: bool) -> None:
    opened: list[psycopg.Connection[Any]] = []
    connect = connector(unchanged.conn)

    def counted() -> psycopg.Connection[Any]:
        opened.append(connect())
        return opened[-1]

    store = Database(counted)
    with served(create_app(store, require_token(TOKEN))) as api:
        if was_used:
            assert api.json("/api/seasons/")
        store.close()
        # A pool may have opened a second one meanwhile, for a request that found the first not ready yet.
        before = len(opened)
        assert_is_problem(api.get("/api/seasons/"), 503)
    assert len(opened) == before
    assert all(conn.closed for conn in opened)


def test_a_request_that_is_served_while_the_database_closes_gets_its_response(unchanged: Pipelines) -> None:
    store = Database(connector(unchanged.conn))
    with store.reading() as reader:
        store.close()
        assert reader.records("seasons")
    assert reader.conn.closed


def test_a_club_with_a_zero_byte_is_no_club(api: Client) -> None:
    assert_is_problem(api.get("/api/players/?team=a%00b"), 404)


def test_a_database_without_a_season_says_what_stores_one(dsn: str) -> None:
    with ExitStack() as stack:
        api = api_on(stack, lambda: psycopg.connect(dsn))
        response = api.get("/api/players/")
        assert_is_problem(response, 404)
        assert "No season is stored yet" in response.json()["detail"]
        assert api.json("/api/seasons/") == []


def test_a_database_that_has_not_been_upgraded(postgres: EmbeddedPostgres) -> None:
    postgres.create_database("test_without_views")
    with ExitStack() as stack:
        api = api_on(stack, lambda: psycopg.connect(postgres.dsn("test_without_views")))
        response = api.get("/api/seasons/")
        assert_is_problem(response, 503)
        assert "upgrade" in response.json()["detail"]
    postgres.drop_database("test_without_views")


def test_a_database_that_is_down_and_comes_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "WAIT_FOR_CONNECTION_S", 1.0)
    server = EmbeddedPostgres(tmp_path / "postgres", durable=False)
    try:
        server.start()
        from fpl_pulse.store.schema import upgrade

        upgrade(server.dsn("postgres"))
        with ExitStack() as stack:
            api = api_on(stack, lambda: psycopg.connect(server.dsn("postgres"), connect_timeout=2))
            assert api.json("/api/seasons/") == []
            server.stop()
            response = api.get("/api/seasons/")
            assert_is_problem(response, 503)
            assert int(response.headers["Retry-After"]) > 0
            server.start()
            assert api.json("/api/seasons/") == []
    finally:
        server.stop()
        server.remove()


def test_a_slow_statement_ends(changing: tuple[Pipelines, Client], monkeypatch: pytest.MonkeyPatch) -> None:
    installation, _ = changing
    monkeypatch.setattr(database, "STATEMENT_TIMEOUT_MS", 100)
    with ExitStack() as stack:
        api = api_on(stack, connector(installation.conn))
        assert api.get("/api/seasons/").status_code == 200
        with installation.conn.transaction():
            installation.conn.execute("lock table pulse.fpl_players in access exclusive mode")
            response = api.get("/api/players/")
        assert_is_problem(response, 503)
        assert "too long" in response.json()["detail"]
        assert api.get("/api/players/").status_code == 200


def test_an_unexpected_error_shows_nothing(unchanged: Pipelines) -> None:
    router = APIRouter()

    @router.get("/api/bug/")
    def bug() -> None:
        raise ValueError("select secret from pulse.passwords")

    store = Database(connector(unchanged.conn))
    app = create_app(store, require_token(TOKEN))
    app.include_router(router)
    with served(app) as api:
        assert_is_problem(api.get("/api/bug/"), 500)
    store.close()


def test_requests_cannot_write(unchanged: Pipelines) -> None:
    store = Database(connector(unchanged.conn))
    with store.reading() as reader, pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
        reader.conn.execute("delete from pulse.alerts")
    store.close()


def test_the_reader_of_the_views_is_enough(small: Pipelines) -> None:
    create_reader(small.conn, "only-for-tests-1", SCHEMAS)
    try:
        with ExitStack() as stack:
            api = api_on(
                stack, lambda: psycopg.connect(small.conn.info.dsn, user="pulse_reader", password="only-for-tests-1")
            )
            element = api.json("/api/players/?limit=1")["items"][0]["element_id"]
            match = api.json("/api/matches/?limit=1")["items"][0]["fixture_id"]
            for path in (
                f"/api/players/{element}/", f"/api/players/{element}/matches/", f"/api/matches/{match}/",
                "/api/gameweeks/", "/api/coverage/", "/api/week-status/",
            ):  # fmt: skip
                api.json(path)
            for old in ("radar", "season-stats", "heatmap/1", "match-stats/1"):
                assert api.get(f"/api/sofasport/player/{element}/{old}/").status_code in {200, 404}
    finally:
        small.conn.execute("drop owned by pulse_reader; drop role pulse_reader")


def test_a_burst_of_requests_is_served(unchanged: Pipelines) -> None:
    with ExitStack() as stack:
        api = api_on(stack, connector(unchanged.conn))
        with ThreadPoolExecutor(120) as threads:
            answers = list(threads.map(lambda _: requests.get(
                f"{api.address}/api/gameweeks/", headers={"Authorization": f"Bearer {TOKEN}"}, timeout=60
            ).status_code, range(120)))  # fmt: skip
    assert Counter(answers) == {200: 120}


def test_a_request_that_waits_too_long_for_its_turn_is_refused(
    changing: tuple[Pipelines, Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    installation, api = changing
    monkeypatch.setattr(turns, "WAIT_FOR_TURN_S", 0.2)
    with installation.conn.transaction(), ThreadPoolExecutor(4) as threads:
        installation.conn.execute("lock table pulse.fpl_players in access exclusive mode")
        waiting = [threads.submit(api.get, "/api/players/") for _ in range(4)]
        time.sleep(0.5)
        response = requests.get(f"{api.address}/api/seasons/", headers=api.headers, timeout=30)
        installation.conn.execute("rollback")
        assert [one.result().status_code for one in waiting] == [200] * 4
    assert_is_problem(response, 503)
    assert "busy" in response.json()["detail"]


def test_a_match_without_a_kick_off_time_is_shown(changing: tuple[Pipelines, Client]) -> None:
    installation, api = changing
    row = installation.conn.execute("select element_id, fixture_id from fpl.heatmaps where gameweek = 1 limit 1")
    element, fixture = row.fetchone() or (0, 0)
    installation.conn.execute("update pulse.fpl_fixtures set kickoff_at = null where fixture_id = %s", [fixture])
    for address in ("heatmap/1", "match-stats/1"):
        assert api.json(f"/api/sofasport/player/{element}/{address}/")["matches"][0]["kickoff_at"] is None
