"""The API on a real Postgres with a week of the small league, over real HTTP."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import psycopg
import pytest

from dev.pipelines import Pipelines
from fpl_pulse.web.app import create_app
from fpl_pulse.web.database import Database
from fpl_pulse.web.tokens import require_token
from tests.web.browsing import pages_on
from tests.web.serving import TOKEN, Client, served


def connector(conn: psycopg.Connection[Any]) -> Callable[[], psycopg.Connection[Any]]:
    """Opens connections to the database of another connection."""
    return lambda: psycopg.connect(conn.info.dsn, password=conn.info.password, connect_timeout=5)


def api_on(stack: ExitStack, connect: Callable[[], psycopg.Connection[Any]]) -> Client:
    """A client of the API on a database. The server stops with the stack."""
    database = Database(connect)
    stack.callback(database.close)
    return stack.enter_context(served(create_app(database, require_token(TOKEN))))


@pytest.fixture(scope="module")
def api(unchanged: Pipelines) -> Iterator[Client]:
    """For tests that only read."""
    with ExitStack() as stack:
        yield api_on(stack, connector(unchanged.conn))


@pytest.fixture
def changing(small: Pipelines) -> Iterator[tuple[Pipelines, Client]]:
    """An installation whose data a test changes, and the API on it."""
    with ExitStack() as stack:
        yield small, api_on(stack, connector(small.conn))


@pytest.fixture(scope="module")
def pages(unchanged: Pipelines) -> Iterator[Client]:
    """The pages, for tests that only read."""
    with pages_on(connector(unchanged.conn)) as client:
        yield client


@pytest.fixture
def changing_pages(small: Pipelines) -> Iterator[tuple[Pipelines, Client]]:
    """An installation whose data a test changes, and the pages on it, for a user who may decide."""
    with pages_on(connector(small.conn)) as client:
        yield small, client
