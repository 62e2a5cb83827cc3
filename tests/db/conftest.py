"""A connection as the steps have it: autocommit, on a fresh database with every migration applied."""

from collections.abc import Iterator

import psycopg
import pytest


@pytest.fixture
def conn(dsn: str) -> Iterator[psycopg.Connection]:
    """The store's connection, in autocommit mode."""
    with psycopg.connect(dsn, autocommit=True) as connection:
        yield connection
