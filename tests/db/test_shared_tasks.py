"""A fetch task of several matches: one that fails does not stop the others, an outage stops all of them."""

from collections.abc import Callable
from datetime import date

import pytest

from dev.pipelines import Pipelines, slots_of, units_of
from fpl_pulse.api.calls import Resource
from fpl_pulse.errors import AccessRefusedError, BadRequestError, FplPulseError, QuotaSpentError, RetryableError
from fpl_pulse.etl import lineups
from fpl_pulse.etl.context import MAX_LABEL, StepContext

SLOTS = slots_of(date(2025, 9, 1))


@pytest.fixture
def context(loaded: Pipelines) -> StepContext:
    """A run of `update_lineups` in the second week, with its results refreshed."""
    context = loaded.context("update_lineups", SLOTS["update_lineups"])
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
    loaded: Pipelines, context: StepContext, fail_for: FailFor, monkeypatch: pytest.MonkeyPatch, error: FplPulseError
) -> None:
    matches = units_of(lineups.plan_matches(context))
    assert len(matches) > 3
    fail_for(error, {matches[1]})
    with pytest.raises(type(error), match=str(error)):
        lineups.fetch_lineup(context, matches)
    rows = loaded.conn.execute(
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


def test_the_label_names_one_match_in_words_and_several_by_codes(context: StepContext) -> None:
    matches = units_of(lineups.plan_matches(context))
    one, several = context.label_for(event_ids=matches[:1]), context.label_for(event_ids=matches[:3])
    assert one.startswith("GW")
    assert "\N{EN DASH}" in one
    assert several.count("GW") == 3
    assert several.count(", ") == 2
    assert len(several.split(", ")[0]) < len(one)
    assert len(context.label_for(event_ids=matches * 20)) <= MAX_LABEL
    assert context.label_for(event_ids=[1]) == "1"


def test_the_label_of_clubs_has_their_names_or_codes(loaded: Pipelines, context: StepContext) -> None:
    rows = loaded.conn.execute("select team_id, name, name_code from pulse.sofasport_teams order by 1 limit 2")
    (first, name, code), (second, _, other_code) = rows.fetchall()
    assert context.label_for(team_ids=[first]) == name
    assert context.label_for(team_ids=[second, first]) == f"{other_code}, {code}"
