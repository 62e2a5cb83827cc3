"""A week full of faults ends as a week without any; `make soak` does the same with ten weeks of a real season."""

from collections.abc import Iterator

import psycopg
import pytest
import requests

from dev.local.postgres import EmbeddedPostgres
from fpl_pulse.store.digest import TableDigest, different, digest
from tests.db.conftest import FIRST_MONDAY, Pipelines
from tests.db.soaking import PASSING, Soak

CONTROL = "/__sandbox__"
REFUSALS = {
    "match": {"endpoint": "players/attribute-overviews"}, "fault": "401", "times": 1, "probability": 0.005,
}  # fmt: skip
"""So few weeks hardly ever have a refused key by chance; somebody must have to clear."""


@pytest.fixture
def soak(pipelines: Pipelines) -> Iterator[Soak]:
    """A soak on an empty database; afterwards the sandbox is as it was."""
    yield Soak(pipelines, CONTROL)
    requests.post(f"{pipelines.source}{CONTROL}/reset", json={"all": True}, timeout=30).raise_for_status()


@pytest.fixture
def quiet(postgres: EmbeddedPostgres, first_week: str) -> dict[str, TableDigest]:
    """What the week leaves when nothing goes wrong."""
    with psycopg.connect(postgres.dsn(first_week), autocommit=True) as conn:
        return digest(conn)


def test_a_week_of_faults_ends_in_the_digest_of_a_quiet_week(
    soak: Soak, quiet: dict[str, TableDigest]
) -> None:
    figures = soak.weeks([FIRST_MONDAY], [REFUSALS, *PASSING])
    print(*figures.lines(), sep="\n")
    assert different(quiet, soak.digest()) == []
    assert soak.answered_twice() == 0
    assert figures.faults.total() >= 60
    assert len(figures.faults) >= 10
    assert figures.cleared_runs > 0
    assert figures.retried_tasks > 0
