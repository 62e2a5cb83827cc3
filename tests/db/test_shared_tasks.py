"""A fetch task of several matches: one that fails does not stop the others, an outage stops all of them."""

import threading
import time
from collections.abc import Callable, Iterator
from datetime import date

import pytest
import requests

from dev.pipelines import Pipelines, slots_of, units_of
from fpl_pulse.api.calls import Resource
from fpl_pulse.api.http import ApiClient
from fpl_pulse.errors import AccessRefusedError, BadRequestError, FplPulseError, QuotaSpentError, RetryableError
from fpl_pulse.etl import lineups
from fpl_pulse.etl.context import MAX_LABEL, StepContext
from fpl_pulse.etl.fetching import CALLS_AT_ONCE, FAILURES_IN_A_ROW

SLOTS = slots_of(date(2025, 9, 1))


@pytest.fixture
def context(small: Pipelines) -> StepContext:
    """A run of `update_lineups` in the second week, with its results refreshed."""
    context = small.context("update_lineups", SLOTS["update_lineups"])
    lineups.refresh_results(context)
    return context


FailFor = Callable[[FplPulseError, set[int]], list[int]]


@pytest.fixture
def fail_for(context: StepContext, monkeypatch: pytest.MonkeyPatch) -> FailFor:
    """A function that lets the calls for some matches fail, and returns the list of requested matches."""
    get = context.apis["sofasport"].get
    requested: list[int] = []

    def install(error: FplPulseError, matches: set[int]) -> list[int]:
        def get_or_fail(resource: Resource, purpose: str) -> object:
            event_id = int(resource.params["event_id"])
            requested.append(event_id)
            if event_id in matches:
                raise error
            return get(resource, purpose)

        monkeypatch.setattr(context.apis["sofasport"], "get", get_or_fail)
        return requested

    return install


@pytest.mark.parametrize("error", [RetryableError("an outage"), BadRequestError("unexpected status 400")])
def test_a_match_that_fails_does_not_stop_the_others_and_a_retry_makes_only_its_call(
    small: Pipelines, context: StepContext, fail_for: FailFor, monkeypatch: pytest.MonkeyPatch, error: FplPulseError
) -> None:
    matches = units_of(lineups.plan_matches(context))
    assert len(matches) > 3
    fail_for(error, {matches[1]})
    with pytest.raises(type(error), match=str(error)):
        lineups.fetch_lineup(context, matches)
    rows = small.conn.execute(
        "select event_id, outcome from pulse.planned_calls where run_id = %s", (context.run.run_id,)
    )
    assert dict(rows.fetchall()) == {one: "failed" if one == matches[1] else "fetched" for one in matches}
    monkeypatch.undo()
    assert lineups.fetch_lineup(context, matches) == 1


def test_two_failures_in_a_row_are_an_outage_and_stop_the_task(context: StepContext, fail_for: FailFor) -> None:
    matches = units_of(lineups.plan_matches(context))
    requested = fail_for(RetryableError("an outage"), set(matches))
    with pytest.raises(RetryableError):
        lineups.fetch_lineup(context, matches)
    assert requested == matches[:2]


@pytest.mark.parametrize(
    "error", [AccessRefusedError("key"), QuotaSpentError("quota"), RetryableError("wait", retry_after_s=300.0)]
)
def test_a_failure_that_concerns_the_source_stops_the_task_at_once(
    context: StepContext, fail_for: FailFor, error: FplPulseError
) -> None:
    matches = units_of(lineups.plan_matches(context))
    requested = fail_for(error, set(matches))
    with pytest.raises(type(error)):
        lineups.fetch_lineup(context, matches)
    assert requested == matches[:1]


def test_a_failure_that_a_retry_can_help_is_raised_before_one_that_it_cannot(
    context: StepContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    matches = units_of(lineups.plan_matches(context))
    errors: dict[int, FplPulseError] = {matches[0]: BadRequestError("400"), matches[1]: RetryableError("an outage")}

    def fail(resource: Resource, _purpose: str) -> object:
        raise errors[int(resource.params["event_id"])]

    monkeypatch.setattr(context.apis["sofasport"], "get", fail)
    with pytest.raises(RetryableError, match="an outage"):
        lineups.fetch_lineup(context, matches)


@pytest.fixture
def opened(small: Pipelines, context: StepContext) -> list[StepContext]:
    """Lets the context open others beside it; lists the opened ones."""
    contexts: list[StepContext] = []

    def open_beside() -> StepContext:
        contexts.append(small.open_beside(context))
        return contexts[-1]

    context.open_beside = open_beside
    return contexts


@pytest.fixture
def slow_source(small: Pipelines) -> Iterator[None]:
    """The source takes a moment for each response."""
    limits = f"{small.source}/__sandbox__/limits"
    requests.post(limits, json={"latency_ms": 100}, timeout=30).raise_for_status()
    yield
    requests.post(limits, json={"latency_ms": 0}, timeout=30).raise_for_status()


OVERLAPS = """
    select max(at_once) from (
        select count(*) filter (where other.called_at <= one.called_at
                                and one.called_at < other.called_at + other.seconds * interval '1 second') as at_once
        from pulse.api_calls as one join pulse.api_calls as other using (run_id, endpoint)
        where run_id = %s and endpoint = 'events/lineups' group by one.call_id) as calls
"""


@pytest.mark.usefixtures("slow_source")
def test_a_task_makes_several_calls_at_the_same_time_and_each_once(
    small: Pipelines, context: StepContext, opened: list[StepContext]
) -> None:
    matches = units_of(lineups.plan_matches(context))
    assert lineups.fetch_lineup(context, matches) == len(matches)
    assert small.one(OVERLAPS, context.run.run_id) == CALLS_AT_ONCE
    assert small.calls(context)["events/lineups"] == len(matches)
    assert len(opened) == CALLS_AT_ONCE - 1
    assert all(one.conn.closed for one in opened)
    assert lineups.fetch_lineup(context, matches) == 0
    assert len(opened) == CALLS_AT_ONCE - 1, "a task without calls opens nothing"


@pytest.mark.usefixtures("slow_source")
@pytest.mark.parametrize("error", [RetryableError("an outage"), AccessRefusedError("key")])
def test_calls_at_the_same_time_stop_together_when_the_source_fails(
    context: StepContext, opened: list[StepContext], monkeypatch: pytest.MonkeyPatch, error: FplPulseError
) -> None:
    matches = units_of(lineups.plan_matches(context))
    requested = []

    def fail(_client: ApiClient, resource: Resource, _purpose: str) -> object:
        requested.append(resource)
        time.sleep(0.05)
        raise error

    monkeypatch.setattr(ApiClient, "get", fail)
    with pytest.raises(type(error)):
        lineups.fetch_lineup(context, matches)
    assert len(requested) <= CALLS_AT_ONCE + FAILURES_IN_A_ROW - 1 < len(matches)
    assert all(one.conn.closed for one in opened)


def test_an_unexpected_error_beside_the_task_ends_it(
    context: StepContext, opened: list[StepContext], monkeypatch: pytest.MonkeyPatch
) -> None:
    matches = units_of(lineups.plan_matches(context))
    get = ApiClient.get

    def fail_beside(client: ApiClient, resource: Resource, purpose: str) -> object:
        if threading.current_thread() is not threading.main_thread():
            raise ZeroDivisionError
        time.sleep(0.05)
        return get(client, resource, purpose)

    monkeypatch.setattr(ApiClient, "get", fail_beside)
    with pytest.raises(ZeroDivisionError):
        lineups.fetch_lineup(context, matches)
    assert opened
    assert all(one.conn.closed for one in opened)
    monkeypatch.undo()
    assert lineups.fetch_lineup(context, matches) > len(matches) / 2, "the others did not stop"


def test_the_label_names_one_match_in_words_and_several_by_codes(context: StepContext) -> None:
    matches = units_of(lineups.plan_matches(context))
    one, several = context.label_for(event_ids=matches[:1]), context.label_for(event_ids=matches[:3])
    assert one.startswith("GW")
    assert "\N{EN DASH}" in one
    assert several.count("GW") == 3
    assert several.count(", ") == 2
    assert len(several.split(", ")[0]) < len(one)
    many = context.label_for(event_ids=matches * 20)
    assert len(many) <= MAX_LABEL
    assert many.endswith(f" and {20 * len(matches) - 3} more")
    assert context.label_for(event_ids=[1]) == "1"


def test_the_label_of_clubs_has_their_names_or_codes(small: Pipelines, context: StepContext) -> None:
    rows = small.conn.execute("select team_id, name, name_code from pulse.sofasport_teams order by 1 limit 2")
    (first, name, code), (second, _, other_code) = rows.fetchall()
    assert context.label_for(team_ids=[first]) == name
    assert context.label_for(team_ids=[second, first]) == f"{other_code}, {code}"
