"""Weeks as Airflow's schedule runs them, without Airflow and without an operator: tasks are retried, not cleared.

A pipeline whose upstream has failed does not start, as its sensor would fail. As the sensor does, it first runs the
upstream once more if that failed for a reason that may have passed.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import Any, Literal

from psycopg import sql
from requests.adapters import BaseAdapter

from dev.hostile.corruption import CorruptingAdapter, Corruption
from dev.pipelines import ENDINGS, FETCHES, PLANS, Pipelines, slots_of
from fpl_pulse.airflow.upstream import may_have_passed
from fpl_pulse.errors import RetryableError, can_retry
from fpl_pulse.etl.context import StepContext
from fpl_pulse.store import attempts, runs
from fpl_pulse.store.digest import tables
from fpl_pulse.week import PIPELINES, slot_of

TRIES = 4
"""Attempts of a task in a fault that lasts. Airflow makes more, for hours, with the same result."""

HISTORY = frozenset({"revisions", "rejected_records", "fpl_player_history"})
"""Tables that may remember a fault."""

SEEN_AT: Sequence[str] = [
    "updated_at", "recorded_at", "observed_at", "confirmed_at", "made_at", "added_at", "response_id", "price",
    "lineup_order",
]  # fmt: skip
"""Columns that say when or from which response something was read. After a fault, that is later. The price of a match
is the one that FPL showed before kick-off, right or wrong. The order of a lineup is that of the response."""

CONTENT = sql.SQL(
    "to_jsonb(kept) - %(seen_at)s::text[]"
    # The club of somebody who was not in the squad is the one that FPL showed before kick-off, like the price.
    " - case when {name} = 'player_matches' and to_jsonb(kept) ->> 'event_id' is null then 'team_code' else '' end"
)
"""A row of a table as JSON, without what may remember a fault."""


@dataclass(frozen=True)
class Outcome:
    """How a run ended."""

    state: Literal["success", "failed", "not started"]
    sentence: str
    """What `pulse.pipeline_runs.message` says; of a run that did not start, why."""
    run_id: str | None = None

    @property
    def is_green(self) -> bool:
        """Whether the run succeeded."""
        return self.state == "success"


@dataclass
class Installation:
    """The pipelines on a database of their own, against a source that can be corrupted."""

    pipelines: Pipelines
    source: CorruptingAdapter

    @classmethod
    def of(cls, pipelines: Pipelines, transport: BaseAdapter | None = None) -> "Installation":
        """Let the pipelines' session use a source that can be corrupted."""
        source = CorruptingAdapter(pipelines.source, transport)
        pipelines.session.mount(pipelines.source, source)
        return cls(pipelines, source)

    def week(
        self, monday: date, corruptions: Sequence[Corruption] = (), only: Sequence[str] = PIPELINES
    ) -> dict[str, Outcome]:
        """Play a week's pipelines, each at its slot; return how each ended."""
        return dict(self.runs(monday, corruptions, only))

    def runs(
        self, monday: date, corruptions: Sequence[Corruption] = (), only: Sequence[str] = PIPELINES
    ) -> Iterator[tuple[str, Outcome]]:
        """Play a week's pipelines, each at its slot; yield how each ended, before the next one starts.

        A run that the next pipeline runs once more is yielded again.
        """
        outcomes: dict[str, Outcome] = {}
        for dag_id in only:
            upstream = slot_of(dag_id).waits_for
            self.source.corruptions = corruptions
            if upstream in outcomes and self._may_have_passed(upstream, outcomes[upstream]):
                outcomes[upstream] = self.run(upstream, monday, outcomes[upstream].run_id)
                yield upstream, outcomes[upstream]
            if upstream in outcomes and not outcomes[upstream].is_green:
                outcomes[dag_id] = Outcome("not started", f"{upstream} has failed")
            else:
                outcomes[dag_id] = self.run(dag_id, monday)
            self.source.corruptions = ()
            yield dag_id, outcomes[dag_id]

    def _may_have_passed(self, dag_id: str, outcome: Outcome) -> bool:
        if outcome.state != "failed" or outcome.run_id is None:
            return False
        return may_have_passed(attempts.newest(self.pipelines.conn, dag_id, outcome.run_id))

    def run(self, dag_id: str, monday: date, run_id: str | None = None) -> Outcome:
        """Play one pipeline at its slot, or play it again."""
        context = self.pipelines.context(dag_id, slots_of(monday)[dag_id], run_id=run_id)
        succeeded = _succeeded(dag_id, context)
        message = self.pipelines.one("select message from pulse.pipeline_runs where run_id = %s", context.run.run_id)
        return Outcome("success" if succeeded else "failed", message or "", context.run.run_id)


def _succeeded(dag_id: str, context: StepContext) -> bool:
    """Run every task of a DAG."""
    fetched = True
    if dag_id in PLANS:
        planned = _task(context, PLANS[dag_id])
        if planned is None:
            return False
        for index, op_kwargs in enumerate(planned):
            fetched &= _task(context, partial(FETCHES[dag_id], **op_kwargs), f"fetch {index}") is not None
    # Like the DAG: a load runs even when a fetch failed, and any other task needs the task before it.
    *steps, check = ENDINGS[dag_id]
    for step in steps:
        if _task(context, step) is None:
            return False
    return fetched and _task(context, check) is not None


def _task(context: StepContext, step: Callable[[StepContext], Any], name: str | None = None) -> Any:  # noqa: ANN401
    """Run a task with its retries; returns its result, or None when it failed."""
    earlier = attempts.newest(context.conn, context.run.dag_id, context.run.run_id)
    task = replace(context.run, task_id=name or step.__name__)
    before = next((one.try_number for one in earlier if one.task_id == task.task_id), 0)
    for attempt in range(1, TRIES + 1):
        tried = replace(task, try_number=before + attempt)
        attempts.begin(context.conn, tried)
        try:
            result = step(context)
        except Exception as error:  # noqa: BLE001 - Airflow catches what a task raises
            sentence = f"{type(error).__name__}: {error}"
            attempts.fail(context.conn, tried, sentence, can_retry=can_retry(error))
            if isinstance(error, RetryableError) and error.retry_after_s:
                # The retry comes after the wait that was requested.
                context.conn.execute(
                    "update pulse.api_calls set called_at = called_at - %s * interval '1 second'"
                    " where called_at > now() - interval '1 hour'",
                    (error.retry_after_s,),
                )
            if attempt == TRIES or not can_retry(error):
                runs.finish(context.conn, context.run, "failed", sentence)
                return None
        else:
            attempts.succeed(context.conn, tried)
            return True if result is None else result
    return None


@dataclass(frozen=True)
class Difference:
    """A table that differs between two installations."""

    table: str
    lacking: list[str]
    """Rows that only the other installation has, as JSON."""
    surplus: list[str]
    """Rows that only this one has."""

    def __str__(self) -> str:
        example = (self.lacking or self.surplus)[0]
        return f"{self.table}: {len(self.lacking)} rows lack, {len(self.surplus)} are surplus, for example {example}"


def differences(one: Pipelines, other: Pipelines) -> list[Difference]:
    """How the tables of data differ from another installation's, without what may remember a fault."""
    found = []
    for table in tables(one.conn):
        if table not in HISTORY:
            mine, others = _rows(one, table), _rows(other, table)
            if mine != others:
                found.append(Difference(table, sorted(others - mine), sorted(mine - others)))
    return found


def _rows(pipelines: Pipelines, table: str) -> set[str]:
    statement = sql.SQL("select ({})::text from {} as kept").format(
        CONTENT.format(name=table), sql.Identifier("pulse", table)
    )
    rows = pipelines.conn.execute(statement, {"seen_at": SEEN_AT})
    return {text for (text,) in rows}
