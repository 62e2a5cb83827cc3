"""Functions that set the quota of the sandbox or of the ledger, and read what a run did with it."""

from datetime import date, datetime

import requests

from dev.pipelines import ENDINGS, FETCHES, PLANS, FetchTasks, Pipelines, slots_of
from fpl_pulse.etl.context import StepContext

SLOTS = slots_of(date(2025, 9, 1))
"""The slots of the week after the one that `loaded` holds."""


def set_quota(pipelines: Pipelines, quota: int | None) -> None:
    """Give the sandbox's subscription a quota, of which nothing is used yet."""
    requests.post(f"{pipelines.source}/__sandbox__/reset", timeout=30).raise_for_status()
    requests.post(f"{pipelines.source}/__sandbox__/limits", json={"quota": quota}, timeout=30).raise_for_status()


def set_recorded_quota(pipelines: Pipelines, calls: int | None, resets_in: str | None = "5 days") -> None:
    """Change the quota in all recorded calls, as if SofaSport's headers had said so."""
    pipelines.conn.execute(
        "update pulse.api_calls set quota_remaining = %s, quota_resets_at = clock_timestamp() + %s::interval"
        " where api = 'sofasport'",
        (calls, resets_in),
    )


def run_row(pipelines: Pipelines, context: StepContext) -> tuple[int, int, bool, str, str]:
    """The run in pipeline_runs: forecast, skipped calls, whether it is partial, state, message."""
    row = pipelines.conn.execute(
        "select calls_forecast, calls_skipped, is_partial, state, coalesce(message, '') from pulse.pipeline_runs"
        " where run_id = %s",
        (context.run.run_id,),
    ).fetchone()
    assert row is not None
    return row


def resources_requested(pipelines: Pipelines, context: StepContext) -> int:
    """The number of SofaSport resources that a run requested. A resource that is requested twice counts once."""
    calls = "select distinct endpoint, resource from pulse.api_calls where run_id = %s and api = 'sofasport'"
    return int(pipelines.one(f"select count(*) from ({calls}) as calls", context.run.run_id))


def fetch_all(context: StepContext, tasks: FetchTasks) -> None:
    """Run all planned fetch tasks, one after the other."""
    for op_kwargs in tasks:
        FETCHES[context.run.dag_id](context, **op_kwargs)


def run_with_limit(pipelines: Pipelines, dag_id: str, most_calls: int, as_of: datetime | None = None) -> StepContext:
    """Run a complete pipeline with the parameter most_calls."""
    context = pipelines.context(dag_id, as_of or SLOTS[dag_id])
    context.most_calls = most_calls
    fetch_all(context, PLANS[dag_id](context) if dag_id in PLANS else [])
    for step in ENDINGS[dag_id]:
        step(context)
    return context
