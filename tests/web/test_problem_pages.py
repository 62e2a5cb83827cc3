"""A browser gets a page about a problem, a program gets JSON."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
import requests
from starlette.exceptions import HTTPException

from dev.pipelines import Pipelines
from fpl_pulse.web import turns
from fpl_pulse.web.app import MOST_DRAWINGS, create_app
from fpl_pulse.web.database import MOST_CONNECTIONS, Database
from fpl_pulse.web.people import People
from tests.web.browsing import ANN, TOKENS, pages_on, text_of
from tests.web.serving import Client, served

BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
HOSTILE = "/week/<script>alert(1)</script>/"


def unreachable() -> psycopg.Connection[object]:
    raise psycopg.OperationalError("no such host: secret.example")


def refuse() -> None:
    raise HTTPException(401, "Not authenticated")


@pytest.mark.parametrize("path", ["/nothing/", HOSTILE, "/matches/999999999999/", "/static/nothing.css"])
def test_an_unknown_address_is_a_page_for_a_browser(pages: Client, path: str) -> None:
    response = pages.get(path, headers=BROWSER)
    assert response.status_code in (404, 422)
    assert response.headers["Content-Type"] == "text/html; charset=utf-8"
    assert response.headers["Cache-Control"] == "no-store"
    assert "default-src 'none'" in response.headers["Content-Security-Policy"]
    assert "To the page of the week" in text_of(response.text)
    assert "<script>alert" not in response.text


@pytest.mark.parametrize(("path", "headers"), [("/nothing/", {}), ("/api/nothing/", BROWSER)])
def test_a_program_and_the_api_get_json(pages: Client, path: str, headers: dict[str, str]) -> None:
    response = pages.get(path, headers=headers)
    assert (response.status_code, response.headers["Content-Type"]) == (404, "application/problem+json")


def test_the_links_of_the_page_are_relative_at_any_depth(pages: Client) -> None:
    for path, up in (("/nothing", "./"), ("/nothing/", "../"), ("/a/b/c/", "../../../"), ("/a/b/c", "../../")):
        assert f'href="{up}week/"' in pages.get(path, headers=BROWSER).text, path


@pytest.mark.parametrize("connect", [unreachable])
def test_a_database_that_cannot_be_reached_is_a_sentence(connect: Callable[[], psycopg.Connection[object]]) -> None:
    with pages_on(connect) as client:
        response = client.get("/week/", headers=BROWSER)
    assert response.status_code == 503
    assert "The database cannot be reached" in text_of(response.text)
    assert "secret.example" not in response.text


def test_who_is_not_logged_in_gets_a_page_without_data() -> None:
    database = Database(unreachable)
    app = create_app(database, refuse, People(lambda: ANN, unreachable, TOKENS))
    with served(app) as client:
        for path in ("/week/", "/static/pulse.css", "/pictures/matches/1/players/1.png"):
            response = requests.get(client.address + path, headers=BROWSER, timeout=10)
            assert response.status_code == 401
            assert "Log in to Airflow" in text_of(response.text)
    database.close()


def test_a_browser_gets_a_page_when_the_server_is_busy(
    changing_pages: tuple[Pipelines, Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    installation, client = changing_pages
    monkeypatch.setattr(turns, "WAIT_FOR_TURN_S", 0.2)
    with installation.conn.transaction(), ThreadPoolExecutor(MOST_CONNECTIONS) as threads:
        installation.conn.execute("lock table pulse.fpl_players in access exclusive mode")
        waiting = [threads.submit(client.get, "/players/") for _ in range(MOST_CONNECTIONS - MOST_DRAWINGS)]
        time.sleep(0.5)
        response = requests.get(f"{client.address}/week/", headers=BROWSER, timeout=30)
        installation.conn.execute("rollback")
        assert [one.result().status_code for one in waiting] == [200] * len(waiting)
    assert (response.status_code, response.headers["Retry-After"]) == (503, "5")
    assert response.headers["Content-Type"] == "text/html; charset=utf-8"
    assert "Not available now The server is busy" in text_of(response.text)
