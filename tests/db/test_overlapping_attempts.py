"""Airflow can start an attempt while the process of an earlier one still runs: no call is made twice."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date

import psycopg
import pytest

from dev.local.postgres import EmbeddedPostgres
from dev.pipelines import FETCHES, PLANS, Pipelines, slots_of, with_one_unit
from fpl_pulse.api.calls import Resource
from fpl_pulse.errors import RetryableError
from fpl_pulse.etl import heatmaps
from fpl_pulse.etl.context import StepContext
from fpl_pulse.store import overlap

SLOTS = slots_of(date(2025, 9, 1))
REMEDY = "Clear this task when that attempt's process has ended"


@dataclass
class EarlierAttempt:
    """A fetch that goes on although Airflow has given it up. It stops in its second call until it may go on."""

    context: StepContext
    in_second_call: threading.Event = field(default_factory=threading.Event)
    may_go_on: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        client = self.context.apis["sofasport"]
        get: Callable[[Resource, str], object] = client.get
        calls: list[Resource] = []

        def get_slowly(resource: Resource, purpose: str) -> object:
            calls.append(resource)
            if len(calls) == 2:
                self.in_second_call.set()
                assert self.may_go_on.wait(30)
            return get(resource, purpose)

        client.get = get_slowly  # type: ignore[method-assign]


@contextmanager
def second_process(postgres: EmbeddedPostgres, small: Pipelines) -> Iterator[Pipelines]:
    """The pipelines over a database session of their own, as another process has it."""
    with psycopg.connect(postgres.dsn(small.conn.info.dbname), autocommit=True) as conn:
        yield Pipelines(conn, small.source)


def calls_made_twice(small: Pipelines, run_id: str) -> int:
    """The calls beyond the first one for a resource. An empty response is requested twice on purpose."""
    return int(
        small.one(
            "select count(*) - count(distinct resource) from pulse.api_calls"
            " where run_id = %s and api = 'sofasport' and outcome in ('fetched', 'no_data')",
            run_id,
        )
    )


@pytest.mark.parametrize("replans", [False, True], ids=["a retry", "a clear of the run"])
def test_an_attempt_waits_for_an_earlier_one_that_still_makes_its_calls(
    small: Pipelines, postgres: EmbeddedPostgres, caplog: pytest.LogCaptureFixture, *, replans: bool
) -> None:
    caplog.set_level("INFO")
    small.run("update_lineups", SLOTS["update_lineups"])
    context = small.context("collect_heatmaps", SLOTS["collect_heatmaps"])
    task = with_one_unit(heatmaps.plan_heatmaps(context))
    attempt = EarlierAttempt(context)

    def next_attempt(process: Pipelines) -> None:
        again = process.context("collect_heatmaps", SLOTS["collect_heatmaps"], run_id=context.run.run_id)
        for op_kwargs in heatmaps.plan_heatmaps(again) if replans else [task]:
            heatmaps.fetch_heatmaps(again, **op_kwargs)

    with second_process(postgres, small) as process, ThreadPoolExecutor() as pool:
        earlier = pool.submit(heatmaps.fetch_heatmaps, context, **task)
        assert attempt.in_second_call.wait(30)
        later = pool.submit(next_attempt, process)
        _, still_running = wait([later], timeout=1)
        attempt.may_go_on.set()
        assert still_running == {later}
        assert earlier.result(timeout=30) > 2
        later.result(timeout=60)
    assert calls_made_twice(small, context.run.run_id) == 0
    assert "An earlier attempt still makes calls of this run; waiting until it has ended" in caplog.text


def test_a_wait_that_is_too_long_ends_with_what_to_do(
    small: Pipelines, postgres: EmbeddedPostgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(overlap, "MAX_WAIT_S", 0.1)
    small.run("update_lineups", SLOTS["update_lineups"])
    context = small.context("collect_heatmaps", SLOTS["collect_heatmaps"])
    task = with_one_unit(heatmaps.plan_heatmaps(context))
    (event_id,) = task["event_ids"]
    with second_process(postgres, small) as process:
        again = process.context("collect_heatmaps", SLOTS["collect_heatmaps"], run_id=context.run.run_id)
        with overlap.only_attempt(context.conn, context.run, heatmaps.CALLS.endpoint, event_id=event_id):
            with pytest.raises(RetryableError, match=REMEDY):
                heatmaps.fetch_heatmaps(again, **task)
            with pytest.raises(RetryableError, match=REMEDY):
                heatmaps.plan_heatmaps(again)
        assert heatmaps.fetch_heatmaps(again, **task) > 0


@pytest.mark.parametrize("dag_id", list(PLANS))
def test_a_lock_ends_with_the_step_that_holds_it(small: Pipelines, dag_id: str) -> None:
    if dag_id != "update_lineups":
        small.run("update_lineups", SLOTS["update_lineups"])
    context = small.context(dag_id, SLOTS[dag_id])
    for op_kwargs in PLANS[dag_id](context)[:1]:
        FETCHES[dag_id](context, **op_kwargs)
    assert small.one("select count(*) from pg_locks where locktype = 'advisory'") == 0
