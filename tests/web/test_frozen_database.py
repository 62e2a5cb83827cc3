"""A database that neither responds nor refuses: requests end within the time that docs/api.md states."""

import os
import signal
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from typing import Any

import psycopg
import pytest
import requests

from dev.pipelines import Pipelines
from fpl_pulse.web import database
from tests.web.conftest import api_on, connector
from tests.web.frozen import Proxy, proxy_to
from tests.web.serving import Client


@pytest.fixture
def limits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Small limits. A request that reaches none of them ends by the last, after two seconds."""
    monkeypatch.setattr(database, "CHECK_LIMIT_S", 0.3)
    monkeypatch.setattr(database, "WAIT_FOR_CONNECTION_S", 1.0)
    monkeypatch.setattr(database, "REQUEST_LIMIT_S", 2.0)


@contextmanager
def api_through_a_proxy(installation: Pipelines) -> Iterator[tuple[Client, Proxy]]:
    info = installation.conn.info
    with ExitStack() as stack:
        proxy = stack.enter_context(proxy_to(info.port))
        connect = lambda: psycopg.connect(info.dsn, password=info.password, port=proxy.port, connect_timeout=2)  # noqa: E731
        yield api_on(stack, connect), proxy


def assert_is_outage(response: requests.Response, within_s: float) -> None:
    assert response.status_code == 503, response.text
    assert response.headers["Retry-After"]
    assert response.elapsed.total_seconds() < within_s


@pytest.mark.usefixtures("limits")
def test_a_connection_that_froze_while_it_was_idle_ends_a_request_soon(unchanged: Pipelines) -> None:
    with api_through_a_proxy(unchanged) as (api, proxy):
        assert api.json("/api/seasons/")
        proxy.freeze()
        with ThreadPoolExecutor(6) as threads:
            for response in threads.map(lambda _: requests.get(
                f"{api.address}/api/seasons/", headers=api.headers, timeout=20
            ), range(6)):  # fmt: skip
                assert_is_outage(response, within_s=6)
        assert requests.get(f"{api.address}/api/seasons/", timeout=5).status_code == 401
        proxy.thaw()
        assert_recovers(api)


@pytest.mark.usefixtures("limits")
def test_a_database_process_that_freezes_while_it_works_ends_the_request(changing: tuple[Pipelines, Client]) -> None:
    installation, _ = changing
    with ExitStack() as stack:
        api = api_on(stack, connector(installation.conn))
        assert api.json("/api/seasons/")
        with ThreadPoolExecutor(1) as threads, installation.conn.transaction():
            installation.conn.execute("lock table pulse.fpl_players in access exclusive mode")
            waiting = threads.submit(api.get, "/api/players/")
            (pid,) = waiting_process(installation.conn)
            os.kill(pid, signal.SIGSTOP)
            try:
                assert_is_outage(waiting.result(), within_s=4)
            finally:
                os.kill(pid, signal.SIGCONT)
        assert_recovers(api)


@pytest.mark.usefixtures("limits")
def test_a_database_that_freezes_while_connections_are_opened_is_used_again_later(
    unchanged: Pipelines, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "RECONNECT_S", 1.0)
    with api_through_a_proxy(unchanged) as (api, proxy):
        proxy.freeze()
        for _ in range(4):
            assert_is_outage(requests.get(f"{api.address}/api/seasons/", headers=api.headers, timeout=20), within_s=4)
        proxy.thaw()
        assert_recovers(api)


def waiting_process(conn: psycopg.Connection[Any]) -> tuple[int]:
    """The process of the database that waits for a lock."""
    for _ in range(100):
        row = conn.execute("select pid from pg_stat_activity where wait_event_type = 'Lock'").fetchone()
        if row:
            return (int(row[0]),)
        time.sleep(0.05)
        conn.execute("select pg_stat_clear_snapshot()")
    raise AssertionError("No process waits")


def assert_recovers(api: Client) -> None:
    """Soon the API serves again, and it keeps serving."""
    deadline = time.monotonic() + 10
    while api.get("/api/seasons/").status_code != 200:
        assert time.monotonic() < deadline, "The API does not recover"
        time.sleep(0.1)
    assert [api.get("/api/seasons/").status_code for _ in range(8)] == [200] * 8
