"""The plan of a run: which calls are due, which of them the budget allows, and the fetch tasks that make them.

Every due row is one call to SofaSport with a rank; 1 is the most valuable. The plan is stored (`pulse.planned_calls`).
Fetch tasks read their share of it, the check reads which calls were skipped, and retries and clears continue it. A
skipped call stays due, so the next run makes it.
"""

import logging
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from fpl_pulse.alerts.outbox import close_alerts, raise_alert
from fpl_pulse.api import sofasport
from fpl_pulse.api.calls import Resource
from fpl_pulse.errors import NoDataError, OneItemError, QuotaSpentError, RetryableError
from fpl_pulse.etl import outages, thresholds
from fpl_pulse.etl.context import FetchCounts, StepContext
from fpl_pulse.etl.fetching import Fetching, OpenCall, concerns_the_source
from fpl_pulse.etl.queries import query
from fpl_pulse.store import plans, runs
from fpl_pulse.store.connection import scalar
from fpl_pulse.store.overlap import no_fetch_beside, only_attempt
from fpl_pulse.week import PIPELINES, display_name, in_london, next_slot, slot_of
from fpl_pulse.wording import quantity

log = logging.getLogger(__name__)

IDS = ("event_id", "player_id", "team_id")
"""The ids that a planned call can have."""

CALLS_A_TASK = 25
"""Matches or clubs with fewer calls share a task, until it has as many: Airflow needs a second to start one."""


@dataclass(frozen=True)
class Quota:
    """What is left of SofaSport's quota."""

    calls: int
    resets_at: datetime | None
    """Wall clock at which the quota starts again; None when SofaSport does not say."""

    def __str__(self) -> str:
        if self.resets_at is None:
            return f"{self.calls:,} left"
        return f"{self.calls:,} left until {in_london(self.resets_at)}"


def calls_left(context: StepContext) -> Quota | None:
    """What the ledger knows of the remaining quota; None when it is unknown or was reset since."""
    found = context.records(query("calls_left"))
    return Quota(int(found[0]["calls"]), found[0]["resets_at"]) if found else None


@dataclass(frozen=True)
class DueCalls:
    """The calls that a pipeline makes to one endpoint: which are due, and what each requests."""

    endpoint: str
    """Where the calls go, as in the archive."""
    purpose: str
    """What the calls are for, in words."""
    unit: Literal["event_id", "team_id"]
    """What the calls are grouped by: a match or a club."""
    due_query: str
    """The SQL file with a row a call: its `rank` and ids, in the order in which the tasks should be listed."""
    resource_of: Callable[[StepContext, Mapping[str, int]], Resource]
    """What a call with these ids (`event_id`, `player_id`, `team_id`) requests."""
    may_use_reserve: bool = False
    """Whether the calls may use `thresholds.QUOTA_RESERVE_CALLS`."""

    def plan(self, context: StepContext) -> list[dict[str, list[int]]]:
        """Store the plan of a run and say which fetch tasks it needs.

        The forecast is logged and recorded in the run's row. A run whose budget does not allow every due call skips
        the least valuable ones and raises an alert.

        Returns:
            One {"event_ids"} or {"team_ids"} a task. Full plan: in the order of the query. Partial plan: by rank.

        Raises:
            RetryableError: a task of an earlier attempt still makes calls of the run.
        """
        with no_fetch_beside(context.conn, context.run, self.endpoint):
            return self._plan(context)

    def _plan(self, context: StepContext) -> list[dict[str, list[int]]]:
        due = context.records(query(self.due_query), season=context.season(), starters=thresholds.STARTERS_PER_SIDE)
        for reason, calls in Counter(row["reason"] for row in due if "reason" in row).items():
            log.info("%s: %s due: %s", self.purpose, quantity(calls, "call"), reason)
        affordable = _affordable(context, len(due), 0 if self.may_use_reserve else thresholds.QUOTA_RESERVE_CALLS)
        planned = [{name: row.get(name) for name in (*IDS, "rank", "reason")} for row in due]
        plans.replace_plan(context.conn, context.run, self.endpoint, self.purpose, planned, affordable=affordable)
        _report_skipped(context, len(due) - affordable, len(due))
        if affordable < len(due):
            due = sorted((row for row in due if row["rank"] <= affordable), key=lambda row: int(row["rank"]))
        tasks = grouped(Counter(int(row[self.unit]) for row in due))
        log.info("%s: %s in %s", self.purpose, quantity(len(due), "call"), quantity(len(tasks), "task"))
        return [{f"{self.unit}s": units} for units in tasks]

    def fetch(self, context: StepContext, units: Sequence[int]) -> int:
        """Make the planned calls of one task that are still open, and return how many had data.

        What a failed call does to the others, see `Fetching`.

        Args:
            context: the step's tools.
            units: the ids of the task's matches or clubs.

        Raises:
            RetryableError, StopError: from a call that failed; a retry goes on with it. RetryableError also when an
                earlier attempt of the task still makes its calls.
        """
        with ExitStack() as locks:
            for unit in units:
                locks.enter_context(only_attempt(context.conn, context.run, self.endpoint, **{self.unit: unit}))
            outages.require_quota(context, self.endpoint)
            fetching = Fetching(self._open_calls(context, units), self._make, self._name)
            if context.is_late_retry:
                with outages.looking(context, self.endpoint, units):
                    fetching.look(context)
            try:
                fetching.run(context)
            except RetryableError as error:
                if context.is_late_retry and not concerns_the_source(error) and self._source_answers(context):
                    raise OneItemError(
                        f"{error} The source answers other calls, so this task is not tried for hours. Clear this task"
                        " some hours later."
                    ) from error
                raise
        return sum(counts.fetched for counts in fetching.counts.values())

    def _source_answers(self, context: StepContext) -> bool:
        """Whether the source answers a call now that it has answered in this run: then it is not down."""
        ids = outages.answered(context, self.endpoint)
        return ids is not None and outages.answers(context, self.resource_of(context, ids))

    def _open_calls(self, context: StepContext, units: Sequence[int]) -> Iterator[OpenCall]:
        """The open calls of matches or clubs, in their order, the most valuable call of each first."""
        for unit in units:
            for planned in plans.open_calls(context.conn, context.run, self.endpoint, **{self.unit: unit}):
                yield OpenCall(unit, planned)

    def _make(self, context: StepContext, call: OpenCall) -> FetchCounts:
        planned = call.planned
        if planned.is_superseded:
            plans.record_outcome(context.conn, planned, "superseded")
            return FetchCounts()
        ids = {name: value for name in IDS if (value := getattr(planned, name)) is not None}
        return context.fetch_all([self.resource_of(context, ids)], planned.purpose, planned=planned)

    def _name(self, context: StepContext, unit: int) -> str:
        return f"{self.purpose} of {context.label_for(**{f'{self.unit}s': [unit]})}"


def grouped(calls: Mapping[int, int]) -> list[list[int]]:
    """Divide matches or clubs into tasks, in their order. `calls` has the number of calls of each.

    Those with `CALLS_A_TASK` calls have a task of their own. The others share tasks.
    """
    tasks: list[list[int]] = []
    shared: list[int] = []
    for unit, number in calls.items():
        if number >= CALLS_A_TASK:
            tasks.append([unit])
            continue
        shared.append(unit)
        if sum(calls[one] for one in shared) >= CALLS_A_TASK:
            tasks.append(shared)
            shared = []
    return [*tasks, shared] if shared else tasks


def _affordable(context: StepContext, due: int, reserve: int) -> int:
    """How many of the due calls the remaining quota and the ceiling of a run allow; logs and records the forecast."""
    quota = calls_left(context)
    if quota is not None and due > quota.calls - reserve:
        _look_up_quota(context)
        quota = calls_left(context)
    known = f"{quota}, {reserve} of them in reserve" if quota else "the remaining quota is unknown"
    log.info("Forecast: %s to SofaSport; %s", quantity(due, "call"), known)
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
    except (NoDataError, QuotaSpentError) as error:
        log.info("%s", error)


def _partial(context: StepContext, skipped: int, due: int) -> str:
    """The alert about a partial run: how many calls it skips, and when they will be made."""
    pipeline = context.run.dag_id
    at = in_london(next_slot(slot_of(pipeline), context.as_of))
    quota = calls_left(context)
    reset = ""
    if quota and quota.resets_at and quota.calls < skipped:
        reset = f" The quota is reset on {in_london(quota.resets_at)}."
    return (
        f"{display_name(pipeline)} skips {skipped:,} of {due:,} due calls, because the budget allows no more. The"
        " budget is what is left of SofaSport's quota, or the limit of a run (most_calls). Skipped calls stay due: the"
        f" next run makes them, on {at}, or a manual run before.{reset} If this repeats without a limit, the RapidAPI"
        " plan is too small."
    )


def _report_skipped(context: StepContext, skipped: int, due: int) -> None:
    pipeline = context.run.dag_id
    if skipped:
        raise_alert(context.conn, context.run, "run_partial", pipeline, _partial(context, skipped, due), renew=True)
        log.warning("The budget does not allow %d of the due calls; the most valuable calls are made", skipped)
    elif context.run.is_full:
        close_alerts(context.conn, context.run, "run_partial", still=set(PIPELINES) - {pipeline})
