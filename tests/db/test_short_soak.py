"""A week with injected faults must end with the tables of a week without. `make soak` does this for ten real weeks."""

from collections.abc import Iterator

import psycopg
import pytest
import requests

from dev.local.postgres import EmbeddedPostgres
from dev.pipelines import Pipelines
from fpl_pulse.store.digest import TableDigest, different, digest
from tests.db.soaking import PASSING, Soak
from tests.installations import FIRST_MONDAY

CONTROL = "/__sandbox__"
UNAUTHORIZED = {
    "match": {"endpoint": "players/attribute-overviews"}, "fault": "401", "times": 1, "probability": 0.005,
}  # fmt: skip
"""One week rarely contains a refused key by chance. This rule makes sure that a run has to be cleared."""


@pytest.fixture
def soak(pipelines: Pipelines) -> Iterator[Soak]:
    """A soak on an empty database. The sandbox is reset afterwards."""
    yield Soak(pipelines, CONTROL)
    requests.post(f"{pipelines.source}{CONTROL}/reset", json={"all": True}, timeout=30).raise_for_status()


@pytest.fixture
def clean(postgres: EmbeddedPostgres, first_week: str) -> dict[str, TableDigest]:
    """The digest of the tables after a week without faults."""
    with psycopg.connect(postgres.dsn(first_week), autocommit=True) as conn:
        return digest(conn)


def test_a_week_with_faults_ends_with_the_digest_of_a_week_without(soak: Soak, clean: dict[str, TableDigest]) -> None:
    figures = soak.weeks([FIRST_MONDAY], [UNAUTHORIZED, *PASSING])
    print(*figures.lines(), sep="\n")
    assert different(clean, soak.digest()) == []
    assert soak.fetched_twice() == []
    assert figures.faults.total() >= 60
    assert len(figures.faults) >= 10
    assert figures.cleared_runs > 0
    assert figures.retried_tasks > 0
