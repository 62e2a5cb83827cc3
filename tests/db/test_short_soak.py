"""Weeks full of faults end as weeks without any."""

import uuid
from collections.abc import Iterator
from datetime import timedelta

import psycopg
import pytest
import requests

from fpl_pulse.local.postgres import EmbeddedPostgres
from fpl_pulse.store.digest import TableDigest, different
from tests.db.conftest import FIRST_MONDAY, Pipelines
from tests.db.soaking import PASSING, Soak

MONDAYS = [FIRST_MONDAY, FIRST_MONDAY + timedelta(weeks=1)]
CONTROL = "/__sandbox__"


@pytest.fixture
def soak(pipelines: Pipelines) -> Iterator[Soak]:
    """A soak on an empty database; afterwards the sandbox is as it was."""
    yield Soak(pipelines, CONTROL)
    requests.post(f"{pipelines.source}{CONTROL}/reset", json={"all": True}, timeout=30).raise_for_status()


@pytest.fixture(scope="module")
def clean(postgres: EmbeddedPostgres, _template: str, sandbox: str) -> dict[str, TableDigest]:
    """What the weeks leave when nothing goes wrong."""
    name = f"test_{uuid.uuid4().hex[:12]}"
    postgres.create_database(name, template=_template)
    try:
        with psycopg.connect(postgres.dsn(name), autocommit=True) as conn:
            quiet = Soak(Pipelines(conn, sandbox), CONTROL)
            figures = quiet.weeks(MONDAYS, [])
            assert (figures.faults.total(), figures.cleared_runs, figures.retried_tasks) == (0, 0, 0)
            return quiet.digest()
    finally:
        postgres.drop_database(name)


def test_two_weeks_of_faults_end_in_the_digest_of_two_quiet_weeks(
    soak: Soak, clean: dict[str, TableDigest]
) -> None:
    figures = soak.weeks(MONDAYS, PASSING)
    print(*figures.lines(), sep="\n")
    assert different(clean, soak.digest()) == []
    assert soak.answered_twice() == 0
    assert figures.faults.total() >= 60
    assert len(figures.faults) >= 10
    assert figures.cleared_runs > 0
    assert figures.retried_tasks > 0
