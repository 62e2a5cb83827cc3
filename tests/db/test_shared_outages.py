"""An outage that lasts: the late retries of a run's tasks make few calls, and one bad match is not an outage."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from dev.hostile.corruption import Corruption, Reply
from dev.hostile.weeks import Installation
from dev.pipelines import Pipelines, slots_of, units_of
from fpl_pulse.api.calls import Resource
from fpl_pulse.errors import FplPulseError, OneItemError, QuotaPauseError, RetryableError
from fpl_pulse.etl import lineups
from fpl_pulse.etl.context import StepContext

SLOTS = slots_of(date(2025, 9, 1))
DOWN = RetryableError("status 503")

Requests = list[int]
BreakFor = Callable[[set[int] | None, FplPulseError], Requests]


@pytest.fixture
def late(small: Pipelines) -> StepContext:
    """A late retry of a run of `update_lineups`, with its results refreshed."""
    context = small.context("update_lineups", SLOTS["update_lineups"])
    lineups.refresh_results(context)
    return replace(context, is_late_retry=True)


@pytest.fixture
def break_for(late: StepContext, monkeypatch: pytest.MonkeyPatch) -> BreakFor:
    """A function that lets the calls for some matches fail, or for all; returns the list of requested matches."""
    get = late.apis["sofasport"].get

    def install(matches: set[int] | None, error: FplPulseError) -> Requests:
        requested: Requests = []

        def get_or_fail(resource: Resource, purpose: str) -> object:
            event_id = int(resource.params["event_id"])
            requested.append(event_id)
            if matches is None or event_id in matches:
                raise error
            return get(resource, purpose)

        monkeypatch.setattr(late.apis["sofasport"], "get", get_or_fail)
        return requested

    return install


def fails(context: StepContext, matches: list[int]) -> RetryableError:
    with pytest.raises(RetryableError) as raised:
        lineups.fetch_lineup(context, matches)
    return raised.value


def test_in_an_outage_one_task_makes_two_calls_and_the_others_none(late: StepContext, break_for: BreakFor) -> None:
    matches = units_of(lineups.plan_matches(late))
    tasks = [matches[:2], matches[2:4], matches[4:]]
    requested = break_for(None, DOWN)
    for task in tasks:
        fails(late, task)
    # No task but the first had looked itself within the last hour.
    assert requested == [*tasks[0], *tasks[1], *tasks[2][:2]]
    requested.clear()
    messages = [str(fails(late, task)) for task in tasks]
    assert requested == []
    assert all("the source is still down, as another task of this run found on" in message for message in messages)
    late.conn.execute("update pulse.planned_calls set finished_at = finished_at - interval '20 minutes'")
    assert [str(fails(late, task)) == "status 503" for task in tasks] == [True, False, False]
    assert requested == tasks[0]


def test_after_the_outage_every_task_goes_on(small: Pipelines, late: StepContext, break_for: BreakFor) -> None:
    matches = units_of(lineups.plan_matches(late))
    break_for(None, DOWN)
    fails(late, matches)
    late.conn.execute("update pulse.planned_calls set finished_at = finished_at - interval '20 minutes'")
    requested = break_for(set(), DOWN)
    assert lineups.fetch_lineup(late, matches[:2]) == 2
    assert lineups.fetch_lineup(late, matches[2:]) == len(matches) - 2
    assert sorted(requested) == sorted(matches)


def test_one_match_that_always_fails_is_not_an_outage(late: StepContext, break_for: BreakFor) -> None:
    matches = units_of(lineups.plan_matches(late))
    requested = break_for({matches[1]}, DOWN)
    error = fails(late, matches)
    assert isinstance(error, OneItemError)
    assert str(error).startswith("status 503 The source answers other calls")
    # The last call is the control: it repeats one that was answered.
    assert requested[-1] in set(matches) - {matches[1]}
    assert len(requested) == len(matches) + 1


def test_several_matches_that_always_fail_do_not_hide_each_other(late: StepContext, break_for: BreakFor) -> None:
    matches = units_of(lineups.plan_matches(late))
    bad = {matches[0], matches[-1]}
    break_for(bad, DOWN)
    for task in (matches[:3], matches[3:]):
        assert isinstance(fails(late, task), OneItemError)


def test_an_outage_in_the_middle_of_a_run_is_not_one_match(late: StepContext, break_for: BreakFor) -> None:
    matches = units_of(lineups.plan_matches(late))
    assert lineups.fetch_lineup(replace(late, is_late_retry=False), matches[:1]) == 1
    break_for(None, DOWN)
    assert not isinstance(fails(late, matches[1:]), OneItemError)


def test_a_spent_quota_of_an_hour_costs_one_call_for_all_tasks(small: Pipelines, late: StepContext) -> None:
    on_time = replace(late, is_late_retry=False)
    matches = units_of(lineups.plan_matches(on_time))
    spent = Corruption("events/lineups", lambda *_: Reply(429, {"message": "You have exceeded the HOURLY quota"}))
    Installation.of(small).source.corruptions = [spent]
    for match in matches:
        assert isinstance(fails(on_time, [match]), QuotaPauseError)
    assert spent.corrupted == 1
    # The hour may be over.
    late.conn.execute("update pulse.api_calls set called_at = called_at - interval '6 minutes'")
    fails(on_time, matches)
    assert spent.corrupted == 2


def test_a_wait_that_the_server_requested_is_not_one_match(late: StepContext, break_for: BreakFor) -> None:
    matches = units_of(lineups.plan_matches(late))
    lineups.fetch_lineup(late, matches[:1])
    requested = break_for(None, QuotaPauseError("the quota of this hour is spent", 3600))
    assert isinstance(fails(late, matches[1:]), QuotaPauseError)
    assert len(requested) == 1
