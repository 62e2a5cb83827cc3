"""A week full of faults ends with the tables of a week without; `make soak` does it with ten weeks of a real season."""

from collections.abc import Iterator

import psycopg
import pytest
import requests

from dev.local.postgres import EmbeddedPostgres
from fpl_pulse.store.digest import TableDigest, different, digest
from tests.db.conftest import FIRST_MONDAY, Pipelines
from tests.db.soaking import PASSING, Soak

CONTROL = "/__sandbox__"
REFUSED_KEY = {
    "match": {"endpoint": "players/attribute-overviews"}, "fault": "401", "times": 1, "probability": 0.005,
}  # fmt: skip
"""One week hardly ever has a refused key by chance, and only such a fault needs a clear."""


@pytest.fixture
def soak(pipelines: Pipelines) -> Iterator[Soak]:
    """A soak on an empty database; the sandbox is reset afterwards."""
    yield Soak(pipelines, CONTROL)
    requests.post(f"{pipelines.source}{CONTROL}/reset", json={"all": True}, timeout=30).raise_for_status()


@pytest.fixture
def without_faults(postgres: EmbeddedPostgres, first_week: str) -> dict[str, TableDigest]:
    """The digest of the tables after the same week without faults."""
    with psycopg.connect(postgres.dsn(first_week), autocommit=True) as conn:
        return digest(conn)


def test_a_week_of_faults_ends_with_the_digest_of_a_week_without(
    soak: Soak, without_faults: dict[str, TableDigest]
) -> None:
    figures = soak.weeks([FIRST_MONDAY], [REFUSED_KEY, *PASSING])
    print(*figures.lines(), sep="\n")
    assert different(without_faults, soak.digest()) == []
    assert soak.fetched_twice() == 0
    assert figures.faults.total() >= 60
    assert len(figures.faults) >= 10
    assert figures.cleared_runs > 0
    assert figures.retried_tasks > 0
