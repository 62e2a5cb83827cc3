"""A source that was wrong for a week: two clean weeks later the tables are those of one that never saw it."""

from collections.abc import Iterator
from datetime import timedelta

import psycopg
import pytest

from dev.hostile.corruption import Corruption, Intercepted, Payload
from dev.hostile.weeks import Installation, differences
from dev.local.postgres import EmbeddedPostgres
from dev.pipelines import Pipelines
from tests.db.conftest import FIRST_MONDAY

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


def play(loaded: Pipelines, *corruptions: Corruption) -> None:
    installation = Installation.of(loaded)
    outcomes = installation.week(FAULT_WEEK, corruptions)
    for dag_id, outcome in outcomes.items():
        print(dag_id, outcome.state, outcome.sentence)
    assert all(one.corrupted for one in corruptions)
    for monday in CLEAN_WEEKS:
        outcomes = installation.week(monday)
        for dag_id, outcome in outcomes.items():
            print(dag_id, outcome.state, outcome.sentence)


def as_text(payload: Payload, _: Intercepted) -> Payload:
    payload["home"]["formation"] = 5
    return payload


def test_a_formation_that_is_no_text(loaded: Pipelines, never_saw_the_fault: Pipelines) -> None:
    play(loaded, Corruption("events/lineups", as_text))
    assert [str(one) for one in differences(loaded, never_saw_the_fault)] == []
