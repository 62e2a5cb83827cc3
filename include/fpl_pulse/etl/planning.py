"""The plan of a run: which calls are due, which of them the budget allows, and the fetch tasks that make them.

Every due row is one call to SofaSport with a rank; 1 is the most valuable. The plan is stored (`pulse.planned_calls`).
Fetch tasks read their share of it, the check reads which calls were skipped, and retries and clears continue it. A
skipped call stays due, so the next run makes it.
"""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from fpl_pulse.alerts.outbox import close_alerts, raise_alert
from fpl_pulse.api import sofasport
from fpl_pulse.api.calls import Resource
from fpl_pulse.errors import NoDataError, QuotaSpentError
from fpl_pulse.etl import thresholds
from fpl_pulse.etl.context import FetchCounts, StepContext
from fpl_pulse.etl.queries import query
from fpl_pulse.store import plans, runs
from fpl_pulse.store.connection import scalar
from fpl_pulse.store.plans import PlannedCall
from fpl_pulse.week import PIPELINES

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Quota:
    """What is left of SofaSport's quota."""

    calls: int
    resets_at: datetime | None
    """Wall clock at which the quota starts again; None when SofaSport does not say."""

    def __str__(self) -> str:
        if self.resets_at is None:
            return f"{self.calls:,} left"
        # The header counts whole seconds: rounding to the minute shows midnight as midnight.
        minute = self.resets_at.astimezone(UTC) + timedelta(seconds=30)
        return f"{self.calls:,} left until {minute.day} {minute:%b %H:%M} UTC"


def calls_left(context: StepContext) -> Quota | None:
    """What the ledger knows of the remaining quota; None when it is unknown or was reset since."""
    found = context.records(query("calls_left"))
    return Quota(int(found[0]["calls"]), found[0]["resets_at"]) if found else None


def plan_calls(
    context: StepContext,
    endpoint: str,
    purpose: str,
    due: Sequence[Mapping[str, Any]],
    unit: str,
    *,
    may_use_reserve: bool = False,
) -> list[dict[str, int]]:
    """Store the plan of a run and say which fetch tasks it needs.

    The forecast is logged and recorded in the run's row. A run whose budget does not allow every due call skips the
    least valuable ones and raises an alert.

    Args:
        context: the step's tools.
        endpoint: where the calls go, as in the archive.
        purpose: what the calls are for, in words.
        due: a row a call with its `rank` and ids, in the order in which the tasks should be listed.
        unit: the id that calls of one task share, `event_id` or `team_id`.
        may_use_reserve: whether the calls may use `thresholds.QUOTA_RESERVE_CALLS`.

    Returns:
        One {unit} a task, in the order of `due`; in a partial run the most valuable first.
    """
    affordable = _affordable(context, len(due), 0 if may_use_reserve else thresholds.QUOTA_RESERVE_CALLS)
    calls = [{name: row.get(name) for name in ("event_id", "player_id", "team_id", "rank", "reason")} for row in due]
    plans.replace_plan(context.conn, context.run, endpoint, purpose, calls, affordable)
    _report_skipped(context, max(0, len(due) - affordable))
    kept = due
    if affordable < len(due):
        kept = sorted((row for row in due if row["rank"] <= affordable), key=lambda row: int(row["rank"]))
    return [{unit: value} for value in dict.fromkeys(int(row[unit]) for row in kept)]


def fetch_planned(
    context: StepContext, endpoint: str, resource_of: Callable[[PlannedCall], Resource], **unit: int
) -> FetchCounts:
    """Make the planned calls of one task that are still open, the most valuable first.

    Args:
        context: the step's tools.
        endpoint: as in `plan_calls`.
        resource_of: what a planned call requests.
        unit: the task's `event_id` or `team_id`.

    Raises:
        RetryableError, StopError: from the call that failed; a retry goes on with it.
    """
    counts = FetchCounts()
    for call in plans.open_calls(context.conn, context.run, endpoint, **unit):
        counts += context.fetch_all([resource_of(call)], call.purpose, planned=call)
    return counts


def _affordable(context: StepContext, due: int, reserve: int) -> int:
    """How many of the due calls the remaining quota and the ceiling of a run allow; logs and records the forecast."""
    quota = calls_left(context)
    if quota is not None and due > quota.calls - reserve:
        _look_up_quota(context)
        quota = calls_left(context)
    known = f"{quota}, {reserve} of them in reserve" if quota else "the remaining quota is unknown"
    log.info("Forecast: %s calls to SofaSport; %s", f"{due:,}", known)
    run = context.run
    made = int(scalar(context.conn, query("calls_made"), {"dag_id": run.dag_id, "run_id": run.run_id}))
    limits = [quota.calls - reserve] if quota else []
    limits += [context.most_calls - made] if context.most_calls is not None else []
    affordable = max(0, min([due, *limits]))
    runs.forecast(context.conn, run, made + due, due - affordable)
    return affordable


def _look_up_quota(context: StepContext) -> None:
    """Make one cheap call before calls are skipped: it shows a larger plan, or a reset that no header announced.

    Without it a spent quota would stay spent for ever, since no call would be made that could tell otherwise.
    """
    try:
        context.apis["sofasport"].get(sofasport.seasons(), "remaining quota")
    except (NoDataError, QuotaSpentError) as response:
        log.info("%s", response)


def _report_skipped(context: StepContext, skipped: int) -> None:
    pipeline = context.run.dag_id
    if skipped:
        raise_alert(
            context.conn,
            context.run,
            "run_partial",
            pipeline,
            f"{pipeline} skips calls: SofaSport's quota, or the ceiling of a run, does not allow all that are due."
            " Skipped calls stay due and the next run makes them; pulse.run_plans shows how many. If this repeats, the"
            " RapidAPI plan is too small.",
            once=True,
        )
        log.warning("The budget does not allow %d of the due calls; the most valuable calls are made", skipped)
    elif context.run.is_full:
        close_alerts(context.conn, context.run, "run_partial", still=set(PIPELINES) - {pipeline})
