"""The budget of calls: what a run would need, what is left for it, and what it does first when that is too little.

Every row of a plan is one call to SofaSport, and carries its rank: 1 is the most valuable. What is left out stays due,
so that the next run fetches it.
"""

import logging
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pandas as pd

from fpl_pulse.alerts.outbox import close_alerts, raise_alert
from fpl_pulse.api import sofasport
from fpl_pulse.errors import NoDataError, QuotaSpentError
from fpl_pulse.etl import thresholds
from fpl_pulse.etl.context import StepContext
from fpl_pulse.etl.queries import query
from fpl_pulse.store import runs
from fpl_pulse.store.connection import scalar
from fpl_pulse.week import PIPELINES

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Quota:
    """What is left of SofaSport's quota."""

    calls: int
    resets_at: datetime | None
    """Wall clock at which it begins anew; None when SofaSport does not say."""

    def __str__(self) -> str:
        if self.resets_at is None:
            return f"{self.calls:,} left"
        # The header counts whole seconds: to the nearest minute, midnight is midnight.
        minute = self.resets_at.astimezone(UTC) + timedelta(seconds=30)
        return f"{self.calls:,} left until {minute.day} {minute:%b %H:%M} UTC"


def calls_left(context: StepContext) -> Quota | None:
    """What the ledger knows to be left of the quota; None when that is unknown or its reset has passed."""
    found = context.query(query("calls_left"))
    return None if found.empty else Quota(int(found.calls[0]), found.resets_at[0])


def plan_tasks(
    context: StepContext, due: pd.DataFrame, unit: str, *, may_use_reserve: bool = False
) -> list[dict[str, int]]:
    """Forecast the calls of what is due, and bound it to the budget: the most valuable of it when not all can be done.

    The forecast is logged and kept in the run's row, as is by how much the run is short; a short run raises an alert.

    Args:
        context: the run's tools.
        due: a row a call, with its `rank` (1 is the most valuable), in the order in which tasks shall stand.
        unit: the column by which calls make one task, `event_id` or `team_id`.
        may_use_reserve: for what `thresholds.QUOTA_RESERVE_CALLS` is kept for.

    Returns:
        One {unit} a task. A task that must not do all that its match or club is due says how much, as {"left_out"}: the
        lowest ranks; see `most_valuable`. A short run's tasks stand in the order of their value.
    """
    reserve = 0 if may_use_reserve else thresholds.QUOTA_RESERVE_CALLS
    quota = calls_left(context)
    if quota is not None and len(due) > quota.calls - reserve:
        _ask_what_is_left(context)
        quota = calls_left(context)
    known = f"{quota}, {reserve} of them in reserve" if quota else "what is left is not known"
    log.info("Forecast: %s calls to SofaSport; %s", f"{len(due):,}", known)
    made = int(
        scalar(
            context.conn, query("calls_made"), {"dag_id": context.run.dag_id, "run_id": context.run.run_id}
        )
    )
    room = [quota.calls - reserve] if quota else []
    room += [context.most_calls - made] if context.most_calls is not None else []
    left_out = max(0, len(due) - max(0, min(room, default=len(due))))
    runs.forecast(context.conn, context.run, made + len(due), left_out)
    _say_whether_short(context, left_out)
    kept = most_valuable(due, left_out) if left_out else due
    not_kept = due[~due.index.isin(kept.index)][unit].value_counts()
    return [
        {unit: int(one)} | ({"left_out": int(not_kept[one])} if one in not_kept.index else {})
        for one in kept[unit].drop_duplicates()
    ]


def most_valuable(due: pd.DataFrame, left_out: int) -> pd.DataFrame:
    """What is due without the lowest ranks, the most valuable first.

    A task that is tried again leaves out as many: what it has fetched is not due any more.
    """
    return due.sort_values("rank").head(max(0, len(due) - left_out))


def left_out_of(context: StepContext, due_name: str, **params: object) -> pd.DataFrame:
    """What a short run has left out: what is due and was not asked for. Empty when the run is not short.

    Args:
        context: the run's tools.
        due_name: the query of what is due.
        params: its parameters.
    """
    due = context.query(query(due_name), season=context.season(), **params)
    is_left_out = ~due.was_asked.astype(bool) & (runs.short_by(context.conn, context.run) > 0)
    return due[is_left_out]


def _ask_what_is_left(context: StepContext) -> None:
    """One cheap call before anything is left out: a larger plan, or a reset that nobody announced, shows at once.

    Without it a quota once spent would be taken for spent for ever, since nothing would ask any more.
    """
    try:
        context.apis["sofasport"].get(sofasport.seasons(), "what is left of the quota")
    except (NoDataError, QuotaSpentError) as answer:
        log.info("%s", answer)


def _say_whether_short(context: StepContext, left_out: int) -> None:
    pipeline = context.run.dag_id
    if left_out:
        raise_alert(
            context.conn,
            context.run,
            "run_short",
            pipeline,
            f"{pipeline} leaves out calls: SofaSport's quota, or the ceiling of a run, does not last for all that is"
            " due. What is left out stays due and the next run fetches it; pulse.pipeline_runs.short_by says how much."
            " If it goes on, the plan is too small.",
            once=True,
        )
        log.warning("This run is short by %d calls: the most valuable are made", left_out)
    elif context.run.is_full:
        close_alerts(context.conn, context.run, "run_short", still=set(PIPELINES) - {pipeline})
