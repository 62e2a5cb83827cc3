"""Fixtures for installations that have data: the first week of the sandbox's season, run once in each test process."""

import uuid
from collections.abc import Iterator
from datetime import UTC, date, datetime

import psycopg
import pytest

from dev.local.postgres import EmbeddedPostgres
from dev.pipelines import Pipelines
from dev.sandbox.process import running_sandbox

FIRST_MONDAY = date(2025, 8, 25)
LOADED = "template_first_week"
SMALL = "template_small_first_week"


@pytest.fixture(scope="session")
def sandbox() -> Iterator[str]:
    """The URL of a sandbox that runs for this test session only."""
    with running_sandbox(datetime(2025, 8, 25, 1, tzinfo=UTC)) as address:
        yield address


@pytest.fixture(scope="session")
def first_week(postgres: EmbeddedPostgres, _template: str, sandbox: str) -> str:
    """The name of a database with the week of 25 August loaded: gameweeks 1 and 2."""
    postgres.create_database(LOADED, template=_template)
    with psycopg.connect(postgres.dsn(LOADED), autocommit=True) as connection:
        Pipelines(connection, sandbox).week(FIRST_MONDAY)
    return LOADED


@pytest.fixture
def loaded(postgres: EmbeddedPostgres, first_week: str, sandbox: str) -> Iterator[Pipelines]:
    """The pipelines on a copy of the database in which the first week is loaded."""
    name = f"test_{uuid.uuid4().hex[:12]}"
    postgres.create_database(name, template=first_week)
    with psycopg.connect(postgres.dsn(name), autocommit=True) as connection:
        yield Pipelines(connection, sandbox)
    postgres.drop_database(name)


@pytest.fixture(scope="session")
def small_league() -> Iterator[str]:
    """The URL of a sandbox whose league has six clubs: a run takes a fraction of the time."""
    with running_sandbox(datetime(2025, 8, 25, 1, tzinfo=UTC), clubs=6) as address:
        yield address


@pytest.fixture(scope="session")
def small_first_week(postgres: EmbeddedPostgres, _template: str, small_league: str) -> str:
    """The name of a database with the week of 25 August of the small league."""
    postgres.create_database(SMALL, template=_template)
    with psycopg.connect(postgres.dsn(SMALL), autocommit=True) as connection:
        Pipelines(connection, small_league).week(FIRST_MONDAY)
    return SMALL


@pytest.fixture(scope="module")
def unchanged(postgres: EmbeddedPostgres, small_first_week: str, small_league: str) -> Iterator[Pipelines]:
    """As `small`, one copy for all tests of a module that only read."""
    name = f"test_{uuid.uuid4().hex[:12]}"
    postgres.create_database(name, template=small_first_week)
    with psycopg.connect(postgres.dsn(name), autocommit=True) as connection:
        connection.execute("set default_transaction_read_only = on")
        yield Pipelines(connection, small_league)
    postgres.drop_database(name)


@pytest.fixture
def small(postgres: EmbeddedPostgres, small_first_week: str, small_league: str) -> Iterator[Pipelines]:
    """The pipelines on a copy of the database in which the first week of the small league is loaded."""
    name = f"test_{uuid.uuid4().hex[:12]}"
    postgres.create_database(name, template=small_first_week)
    with psycopg.connect(postgres.dsn(name), autocommit=True) as connection:
        yield Pipelines(connection, small_league)
    postgres.drop_database(name)
