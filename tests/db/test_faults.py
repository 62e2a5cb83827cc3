"""After a temporary fault the tables equal those of a run without faults. A lasting fault fails the run."""

import uuid
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
import requests

from dev.local.postgres import EmbeddedPostgres
from dev.pipelines import Pipelines, slots_of, units_of
from fpl_pulse.errors import AccessRefusedError, PagingError, RetryableError
from fpl_pulse.etl import events, heatmaps, reference
from fpl_pulse.etl.context import StepContext
from fpl_pulse.store.digest import TableDigest, different, digest
from tests.installations import FIRST_MONDAY

MONDAY = slots_of(FIRST_MONDAY)["update_fixture_mappings"]
TUESDAY = slots_of(FIRST_MONDAY)["collect_heatmaps"]


@pytest.fixture(autouse=True)
def _no_faults_afterwards(sandbox: str) -> Iterator[None]:
    """Remove injected faults: all tests of a session share the sandbox."""
    yield
    requests.post(f"{sandbox}/__sandbox__/scenario", json={"rules": []}, timeout=30).raise_for_status()


@pytest.fixture(scope="module")
def clean_monday(postgres: EmbeddedPostgres, _template: str, sandbox: str) -> dict[str, TableDigest]:
    """The digest of the tables after update_fixture_mappings without faults."""
    name = f"test_{uuid.uuid4().hex[:12]}"
    postgres.create_database(name, template=_template)
    with psycopg.connect(postgres.dsn(name), autocommit=True) as conn:
        Pipelines(conn, sandbox).run("update_fixture_mappings", MONDAY)
        clean = digest(conn)
    postgres.drop_database(name)
    return clean


def inject(pipelines: Pipelines, *rules: dict[str, Any]) -> None:
    """Replace the sandbox's faults by these; without rules there are none."""
    response = requests.post(f"{pipelines.source}/__sandbox__/scenario", json={"rules": list(rules)}, timeout=30)
    response.raise_for_status()


def page(fault: str, number: str = "1", **more: object) -> dict[str, Any]:
    """A rule that injects a fault into one page of the coming events."""
    query = {"course_events": "next", "page": number}
    return {"match": {"endpoint": "seasons/events", "query": query}, "fault": fault, **more}


INCOMPLETE_LISTS = [
    (page("missing_page"), "the page before announced this page, but it does not exist"),
    (page("repeated_page"), "SofaSport sent the same page twice"),
    (page("http_503", "2"), "status 503"),
    (page("truncated_json", "2"), "JSON"),
    (page("error_body", "3"), "status 200 without data"),
    ({"match": {"endpoint": "seasons/events"}, "fault": "endless_pages"}, "announced this page, but it does not exist"),
]


def test_an_incomplete_list_fails_the_run_loads_nothing_and_is_complete_after_a_clear(
    pipelines: Pipelines, clean_monday: dict[str, TableDigest]
) -> None:
    for rule, message in INCOMPLETE_LISTS:
        inject(pipelines, rule)
        with pytest.raises(RetryableError, match=message):
            events.fetch_sofasport_events(after_reference(pipelines))
        assert pipelines.one("select count(*) from pulse.sofasport_events") == 0
    inject(pipelines)
    pipelines.run("update_fixture_mappings", MONDAY)
    assert different(clean_monday, digest(pipelines.conn)) == []


def test_pages_fetched_before_an_outage_are_not_fetched_again(pipelines: Pipelines) -> None:
    inject(pipelines, page("http_503", "3"))
    with pytest.raises(RetryableError, match="503"):
        pipelines.run("update_fixture_mappings", MONDAY)
    inject(pipelines)
    pipelines.run("update_fixture_mappings", MONDAY)
    rows = pipelines.conn.execute(
        "select resource, count(*) from pulse.api_calls where endpoint = 'seasons/events' and outcome = 'fetched'"
        " group by 1"
    ).fetchall()
    assert len(rows) > 4
    assert {count for _, count in rows} == {1}


def test_a_repeated_page_is_an_error_and_is_fetched_again(pipelines: Pipelines) -> None:
    inject(pipelines, page("repeated_page", times=1))
    with pytest.raises(PagingError):
        events.fetch_sofasport_events(after_reference(pipelines))
    assert events.fetch_sofasport_events(after_reference(pipelines))["events"] == 380 + 1


def after_reference(pipelines: Pipelines) -> StepContext:
    """A new run of update_fixture_mappings whose first step, the FPL reference, is done."""
    context = pipelines.context("update_fixture_mappings", MONDAY)
    reference.fetch_fpl_reference(context)
    return context


@pytest.mark.parametrize("status", ["401", "403"])
def test_a_refused_key_fails_at_once_and_what_was_fetched_is_kept(loaded: Pipelines, status: str) -> None:
    before = digest(loaded.conn)
    event_id = int(loaded.one("select min(event_id) from pulse.sofasport_heatmaps"))
    loaded.conn.execute("delete from pulse.sofasport_heatmaps where event_id = %s", (event_id,))
    loaded.forget("endpoint = 'events/player-heatmap' and event_id = %s", event_id)
    loaded.conn.execute("delete from pulse.revisions where table_name = 'sofasport_heatmaps'")
    context = loaded.context("collect_heatmaps", TUESDAY)
    planned = heatmaps.plan_heatmaps(context)
    due = loaded.conn.execute(
        "select player_id from pulse.sofasport_lineup_players where event_id = %s and minutes > 0 order by 1",
        (units_of(planned)[0],),
    ).fetchall()
    refused_player = str(due[len(due) // 2][0])
    inject(
        loaded,
        {"match": {"endpoint": "events/player-heatmap", "query": {"player_id": refused_player}}, "fault": status},
    )
    with pytest.raises(AccessRefusedError, match=r"connection sofasport_api"):
        heatmaps.fetch_heatmaps(context, **planned[0])
    refusals = (
        "select count(*) from pulse.api_calls where run_id = %s and outcome in ('AccessRefusedError', 'PlanError')"
    )
    assert loaded.one(refusals, context.run.run_id) == 1, "the call was retried"
    assert 1 < loaded.calls(context)["events/player-heatmap"] < len(due)
    inject(loaded)
    second = loaded.run("collect_heatmaps", TUESDAY)
    fetched_twice = loaded.conn.execute(
        "select resource from pulse.api_calls where run_id in (%s, %s) and outcome = 'fetched' group by 1"
        " having count(*) > 1",
        (context.run.run_id, second.run.run_id),
    ).fetchall()
    assert fetched_twice == []
    assert different(before, digest(loaded.conn)) == []
