"""Outages and refusals: those that end within the week leave no trace, and a week that was lost is repaired later.

The fault week and two clean weeks are played as Airflow's schedule does, without an operator.
"""

from collections.abc import Iterator
from datetime import date

import psycopg
import pytest

from dev.hostile.corruption import Change, Corruption, Reply
from dev.hostile.weeks import TRIES, Installation, Outcome, differences
from dev.local.postgres import EmbeddedPostgres
from dev.pipelines import Pipelines
from fpl_pulse.api.http import MAX_ATTEMPTS
from tests.db.convergence.conftest import CLEAN_WEEKS, FAULT_WEEK

PLAYED = ("update_fixture_mappings", "update_lineups", "collect_heatmaps")
"""The other two pipelines add nothing to these scenarios but time."""

HTML = {"Content-Type": "text/html"}
CHALLENGE = b"<!DOCTYPE html><html><head><title>Just a moment...</title></head></html>"
UNTIL_RED = TRIES * MAX_ATTEMPTS
"""So many failed calls end the retries of a task that makes one call after the other."""


def replies(reply: Reply) -> Change:
    return lambda *_: reply


def says(status: int, message: str, **headers: str) -> Change:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return replies(Reply(status, {"message": message}, {"Content-Type": "application/json", **named}))


def page(status: int, body: bytes = b"<html>cloudflare</html>") -> Change:
    return replies(Reply(status, body, HTML))


@pytest.fixture(scope="module")
def clean_week(postgres: EmbeddedPostgres, first_week: str, sandbox: str) -> Iterator[Pipelines]:
    """An installation after the fault week, without a fault."""
    yield from without_faults(postgres, first_week, sandbox, FAULT_WEEK)


@pytest.fixture(scope="module")
def clean_weeks(postgres: EmbeddedPostgres, first_week: str, sandbox: str) -> Iterator[Pipelines]:
    """An installation after the fault week and the clean weeks, without a fault."""
    yield from without_faults(postgres, first_week, sandbox, FAULT_WEEK, *CLEAN_WEEKS)


def without_faults(server: EmbeddedPostgres, first_week: str, sandbox: str, *mondays: date) -> Iterator[Pipelines]:
    name = f"without_outages_{len(mondays)}"
    server.create_database(name, template=first_week)
    with psycopg.connect(server.dsn(name), autocommit=True) as conn:
        clean = Pipelines(conn, sandbox)
        for monday in mondays:
            assert all(one.is_green for one in Installation.of(clean).week(monday, only=PLAYED).values())
        yield clean


def fault_week(loaded: Pipelines, *corruptions: Corruption) -> dict[str, Outcome]:
    outcomes = Installation.of(loaded).week(FAULT_WEEK, corruptions, only=PLAYED)
    assert all(one.corrupted for one in corruptions)
    return outcomes


PASSING = {
    "FPL is down for two tries": Corruption("fpl/bootstrap-static", page(503), times=2 * MAX_ATTEMPTS),
    # The retries end on Monday; Tuesday's run runs it once more.
    "FPL is down until Tuesday": Corruption("fpl/bootstrap-static", page(503), times=UNTIL_RED),
    "FPL updates the game": Corruption("fpl/*", replies(Reply(200, "The game is being updated.")), times=7),
    "FPL challenges a call": Corruption("fpl/fixtures", page(403, CHALLENGE), times=3),
    "the lineups are down until the heatmaps": Corruption("events/lineups", page(522), times=UNTIL_RED),
    "an hourly quota is spent": Corruption("events/lineups", says(429, "You have exceeded the HOURLY quota"), times=2),
    "the 20th heatmap is challenged": Corruption("events/player-heatmap", page(403, CHALLENGE), times=1),
    "a gateway times out": Corruption("events/player-heatmap", page(408), times=3),
    "a page with status 200": Corruption("events/player-heatmap", page(200, CHALLENGE), times=3),
    "a page with status 400": Corruption("events/player-heatmap", page(400), times=3),
    "a temporary redirect": Corruption(
        "events/player-heatmap", replies(Reply(302, b"", {"Location": "https://login.example"})), times=3
    ),
}


@pytest.mark.parametrize("name", PASSING)
def test_what_passes_within_the_week_leaves_no_trace(loaded: Pipelines, clean_week: Pipelines, name: str) -> None:
    outcomes = fault_week(loaded, PASSING[name])
    assert {dag_id: one.sentence for dag_id, one in outcomes.items() if not one.is_green} == {}
    assert [str(one) for one in differences(loaded, clean_week)] == []


LASTING = {
    "FPL is down all week": Corruption("fpl/*", page(503)),
    "SofaSport is down all week": Corruption("events/*", page(520)),
    "the key is refused all week": Corruption("events/*", says(401, "Invalid API key")),
    "the quota of the month is spent": Corruption("events/*", says(429, "You have exceeded the MONTHLY quota")),
    "heatmaps are challenged all week": Corruption("events/player-heatmap", page(403, CHALLENGE)),
    "refusals have status 200": Corruption("events/lineups", says(200, "You have exceeded the DAILY quota")),
}


@pytest.mark.parametrize("name", LASTING)
def test_after_a_week_that_was_lost_the_next_two_repair_it(
    loaded: Pipelines, clean_weeks: Pipelines, name: str
) -> None:
    outcomes = fault_week(loaded, LASTING[name])
    assert not all(one.is_green for one in outcomes.values())
    for monday in CLEAN_WEEKS:
        assert all(one.is_green for one in Installation.of(loaded).week(monday, only=PLAYED).values())
    assert [str(one) for one in differences(loaded, clean_weeks)] == []
