"""What several of these suites compare with."""

from collections.abc import Iterator
from datetime import timedelta

import psycopg
import pytest

from dev.hostile.weeks import Installation
from dev.local.postgres import EmbeddedPostgres
from dev.pipelines import Pipelines
from tests.installations import FIRST_MONDAY

FAULT_WEEK = FIRST_MONDAY + timedelta(weeks=1)
CLEAN_WEEKS = [FAULT_WEEK + timedelta(weeks=1), FAULT_WEEK + timedelta(weeks=2)]


@pytest.fixture(scope="session")
def never_saw_the_fault(postgres: EmbeddedPostgres, first_week: str, sandbox: str) -> Iterator[Pipelines]:
    """An installation after the fault week and the clean weeks, without a fault."""
    postgres.create_database("never_saw_the_fault", template=first_week)
    with psycopg.connect(postgres.dsn("never_saw_the_fault"), autocommit=True) as conn:
        clean = Pipelines(conn, sandbox)
        for monday in [FAULT_WEEK, *CLEAN_WEEKS]:
            assert all(one.is_green for one in Installation.of(clean).week(monday).values())
        yield clean
