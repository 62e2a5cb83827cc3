"""The stored plan: one row for each planned call, read by the fetch tasks and the check, continued by retries."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
import requests

from dev.pipelines import ENDINGS, FETCHES, PLANS, Pipelines, one_by_one, slots_of, with_one_unit
from fpl_pulse.api import sofasport
from fpl_pulse.api.calls import Resource
from fpl_pulse.errors import RetryableError
from fpl_pulse.etl import heatmaps, lineups, thresholds
from fpl_pulse.etl.queries import query
from fpl_pulse.etl.selection import Selection
from fpl_pulse.store import archive
from tests.installations import FIRST_MONDAY

SLOTS = slots_of(date(2025, 9, 1))


def plan_of(small: Pipelines, run_id: str, event_id: int | None = None) -> dict[str | None, int]:
    """Outcome -> how many planned calls of a run have it, of one match where given; None stands for open calls."""
    rows = small.conn.execute(
        "select outcome, count(*) from pulse.planned_calls where run_id = %(run_id)s"
        " and (%(event_id)s::int is null or event_id = %(event_id)s) group by 1",
        {"run_id": run_id, "event_id": event_id},
    )
    return dict(rows.fetchall())


@pytest.mark.parametrize("dag_id", list(PLANS))
def test_every_planned_call_of_a_run_ends_with_an_outcome(small: Pipelines, dag_id: str) -> None:
    if dag_id != "update_lineups":
        small.run("update_lineups", SLOTS["update_lineups"])
    context = small.run(dag_id, SLOTS[dag_id])
    outcomes = plan_of(small, context.run.run_id)
    forecast = small.one("select calls_forecast from pulse.pipeline_runs where run_id = %s", context.run.run_id)
    # The forecast also counts what the run requested before it planned: the page of past events.
    pages = small.calls(context).get(sofasport.EVENTS, 0)
    assert pages == (1 if dag_id == "update_lineups" else 0)
    planned = sum(outcomes.values())
    assert planned == forecast - pages > 0
    assert outcomes.keys() <= {"fetched", "no_data"}
    in_view = small.conn.execute(
        "select planned, fetched, no_data, skipped, superseded, failed, open from pulse.run_plans where run_id = %s",
        (context.run.run_id,),
    ).fetchall()
    assert in_view == [(planned, outcomes["fetched"], outcomes.get("no_data", 0), 0, 0, 0, 0)]


@pytest.mark.parametrize("dag_id", list(PLANS))
def test_a_refresh_of_a_past_week_requests_again_what_a_newer_run_has_fetched(small: Pipelines, dag_id: str) -> None:
    later = slots_of(date(2025, 9, 8))
    for earlier in dict.fromkeys(("update_lineups", dag_id)):
        small.run(earlier, later[earlier])
    context = small.run(dag_id, SLOTS[dag_id], Selection(gameweeks=(1,), refresh=True))
    outcomes = plan_of(small, context.run.run_id)
    assert sum(outcomes.values()) > 0
    assert outcomes.keys() <= {"fetched", "no_data"}


def test_a_retry_makes_only_the_calls_that_are_still_open(small: Pipelines, monkeypatch: pytest.MonkeyPatch) -> None:
    small.run("update_lineups", SLOTS["update_lineups"])
    context = small.context("collect_heatmaps", SLOTS["collect_heatmaps"])
    task = with_one_unit(heatmaps.plan_heatmaps(context))
    rows = small.conn.execute(
        "select player_id from pulse.planned_calls where run_id = %s and event_id = %s",
        (context.run.run_id, task["event_ids"][0]),
    )
    planned = {player_id for (player_id,) in rows}
    assert len(planned) > 5
    client = context.apis["sofasport"]
    get = client.get
    requested: list[int] = []

    def get_and_note(resource: Resource, purpose: str) -> object:
        requested.append(int(resource.params["player_id"]))
        return get(resource, purpose)

    def fail_at_the_fifth_player(resource: Resource, purpose: str) -> object:
        if len({*requested, resource.params["player_id"]}) == 5:
            raise RetryableError("an outage")
        return get_and_note(resource, purpose)

    monkeypatch.setattr(client, "get", fail_at_the_fifth_player)
    with pytest.raises(RetryableError, match="an outage"):
        heatmaps.fetch_heatmaps(context, **task)
    made = set(requested)
    assert len(made) == 4
    outcomes = plan_of(small, context.run.run_id, task["event_ids"][0])
    assert (outcomes["failed"], outcomes[None]) == (1, len(planned) - 5)
    requested.clear()
    monkeypatch.setattr(client, "get", get_and_note)
    heatmaps.fetch_heatmaps(context, **task)
    assert set(requested) == planned - made
    outcomes = plan_of(small, context.run.run_id, task["event_ids"][0])
    assert outcomes.keys() <= {"fetched", "no_data"}
    assert sum(outcomes.values()) == len(planned)
    calls = small.one(
        "select count(distinct resource) from pulse.api_calls where run_id = %s and event_id = %s and status > 0",
        context.run.run_id,
        task["event_ids"][0],
    )
    assert calls == len(planned)


def test_a_new_plan_after_a_clear_keeps_fetched_calls_and_reopens_the_others(small: Pipelines) -> None:
    small.run("update_lineups", SLOTS["update_lineups"])
    context = small.context("collect_heatmaps", SLOTS["collect_heatmaps"])
    first, *others = one_by_one(heatmaps.plan_heatmaps(context))
    heatmaps.fetch_heatmaps(context, **first)
    fetched = plan_of(small, context.run.run_id)
    assert one_by_one(heatmaps.plan_heatmaps(context)) == others
    assert plan_of(small, context.run.run_id) == fetched


def test_a_response_that_cannot_be_loaded_is_requested_again_when_the_run_is_cleared(small: Pipelines) -> None:
    context = small.context("update_lineups", SLOTS["update_lineups"])
    lineups.refresh_results(context)
    task = one_by_one(lineups.plan_matches(context))[-1]
    lineups.fetch_lineup(context, **task)
    break_archived_lineups(small, task["event_ids"][0])
    lineups.load_lineups(context)
    assert plan_of(small, context.run.run_id)["failed"] == 1
    assert lineups.fetch_lineup(context, **task) == 1
    lineups.load_lineups(context)
    outcome = "select outcome from pulse.raw_resources where endpoint = 'events/lineups' and event_id = %s"
    assert small.one(outcome, task["event_ids"][0]) == "fetched"


def break_archived_lineups(small: Pipelines, event_id: int) -> None:
    small.conn.execute(
        "update pulse.raw_responses set body = '{}', sha256 = 'of another body' where response_id ="
        " (select response_id from pulse.raw_resources where endpoint = %s and event_id = %s)",
        (sofasport.LINEUPS, event_id),
    )


def test_the_plan_of_the_run_that_fetched_shows_what_another_run_could_not_load(small: Pipelines) -> None:
    earlier = small.context("update_lineups", SLOTS["update_lineups"])
    lineups.refresh_results(earlier)
    task = one_by_one(lineups.plan_matches(earlier))[-1]
    lineups.fetch_lineup(earlier, **task)
    assert plan_of(small, earlier.run.run_id)["fetched"] == 1
    break_archived_lineups(small, task["event_ids"][0])
    lineups.load_lineups(small.context("update_lineups", SLOTS["update_lineups"]))
    assert plan_of(small, earlier.run.run_id)["failed"] == 1


def with_a_new_parameter(resource_of: Callable[..., Resource]) -> Callable[..., Resource]:
    """The same resource, requested with one more parameter."""

    def changed(*args: Any) -> Resource:  # noqa: ANN401 - as the function takes them
        resource = resource_of(*args)
        query = resource.params if resource.query is None else resource.query
        params = {**resource.params, "locale": "en"}
        return Resource(resource.api, resource.endpoint, resource.path, params, {**query, "locale": "en"})

    return changed


def test_a_new_parameter_of_a_resource_fetches_nothing_again(small: Pipelines, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("lineups", "heatmap", "season_statistics", "attributes", "squad"):
        monkeypatch.setattr(sofasport, name, with_a_new_parameter(getattr(sofasport, name)))
    contexts = small.week(FIRST_MONDAY)
    requested = {endpoint for context in contexts.values() for endpoint in small.calls(context)}
    assert requested <= {"seasons/events"}


def test_a_response_with_a_new_parameter_is_stored_under_the_same_resource(small: Pipelines) -> None:
    event_id = small.one("select min(event_id) from pulse.sofasport_lineups")
    changed = with_a_new_parameter(sofasport.lineups)(event_id)
    before = small.one("select count(*) from pulse.raw_resources")
    archive.store_response(small.conn, changed, {"new": True}, SLOTS["update_lineups"])
    archive.store_no_data(small.conn, changed, SLOTS["update_lineups"])
    assert small.one("select count(*) from pulse.raw_resources") == before
    assert (
        small.one("select count(*) from pulse.raw_resources where event_id = %s and player_id is null", event_id) == 1
    )


def test_a_response_with_a_new_parameter_replaces_the_rejections_of_the_same_resource(
    small: Pipelines, monkeypatch: pytest.MonkeyPatch
) -> None:
    context = small.context("update_lineups", SLOTS["update_lineups"])
    lineups.refresh_results(context)
    task = one_by_one(lineups.plan_matches(context))[-1]
    lineups.fetch_lineup(context, **task)
    break_archived_lineups(small, task["event_ids"][0])
    lineups.load_lineups(context)
    rejections = (
        "select count(*) from pulse.rejected_records join pulse.raw_resources using (resource_id) where event_id = %s"
    )
    assert small.one(rejections, task["event_ids"][0]) == 1
    monkeypatch.setattr(sofasport, "lineups", with_a_new_parameter(sofasport.lineups))
    lineups.fetch_lineup(context, **task)
    lineups.load_lineups(context)
    assert small.one(rejections, task["event_ids"][0]) == 0


def test_a_skipped_call_for_a_heatmap_that_is_stored_excuses_no_other_heatmap(small: Pipelines) -> None:
    context = small.context("collect_heatmaps", SLOTS["collect_heatmaps"], Selection(gameweeks=(1,), refresh=True))
    context.most_calls = 3
    heatmaps.plan_heatmaps(context)
    matches = context.query(query("heatmap_coverage"), season=context.season(), settling=thresholds.SETTLING_TIME)
    assert plan_of(small, context.run.run_id)["skipped"] > 50
    assert (matches.skipped <= matches.with_minutes - matches.heatmaps).all()


def test_the_check_reads_skipped_calls_from_the_stored_plan(small: Pipelines) -> None:
    small.run("update_lineups", SLOTS["update_lineups"])
    context = small.context("collect_heatmaps", SLOTS["collect_heatmaps"])
    context.most_calls = 3
    for op_kwargs in PLANS["collect_heatmaps"](context):
        FETCHES["collect_heatmaps"](context, **op_kwargs)
    assert plan_of(small, context.run.run_id)["skipped"] > 50
    context.most_calls = None
    for step in ENDINGS["collect_heatmaps"]:
        step(context)
    assert "partial run" in small.one("select message from pulse.pipeline_runs where run_id = %s", context.run.run_id)


@pytest.fixture(autouse=True)
def _no_limits(small_league: str) -> None:
    """Reset the sandbox's quota and rate limit."""
    requests.post(f"{small_league}/__sandbox__/reset", json={"all": True}, timeout=30).raise_for_status()
