"""Weeks as Airflow's schedule runs them, without Airflow and without an operator: tasks are retried, not cleared.

A pipeline whose upstream has failed does not start, as its sensor would fail.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any, Literal

from psycopg import sql

from dev.hostile.corruption import CorruptingAdapter, Corruption
from dev.pipelines import ENDINGS, FETCHES, PLANS, Pipelines, slots_of
from fpl_pulse.errors import can_retry
from fpl_pulse.etl.context import StepContext
from fpl_pulse.store import runs
from fpl_pulse.store.digest import tables
from fpl_pulse.week import PIPELINES, slot_of

TRIES = 4
"""Attempts of a task in a fault that lasts. Airflow makes more, for hours, with the same result."""

HISTORY = frozenset({"revisions", "rejected_records"})
"""Tables that may remember a fault."""

SEEN_AT = ["updated_at", "recorded_at", "observed_at", "confirmed_at", "made_at", "added_at", "response_id"]
"""Columns that say when or from which response something was read. After a fault, that is later."""


@dataclass(frozen=True)
class Outcome:
    """How a run ended."""

    state: Literal["success", "failed", "not started"]
    sentence: str
    """What `pulse.pipeline_runs.message` says; of a run that did not start, why."""

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
    def of(cls, pipelines: Pipelines) -> "Installation":
        """Let the pipelines' session use a source that can be corrupted."""
        source = CorruptingAdapter(pipelines.source)
        pipelines.session.mount(pipelines.source, source)
        return cls(pipelines, source)

    def week(
        self, monday: date, corruptions: Sequence[Corruption] = (), only: Sequence[str] = PIPELINES
    ) -> dict[str, Outcome]:
        """Play a week's pipelines, each at its slot; return how each ended."""
        self.source.corruptions = corruptions
        outcomes: dict[str, Outcome] = {}
        for dag_id in only:
            upstream = slot_of(dag_id).waits_for
            if upstream in outcomes and not outcomes[upstream].is_green:
                outcomes[dag_id] = Outcome("not started", f"{upstream} has failed")
                continue
            outcomes[dag_id] = self._run(dag_id, monday)
        self.source.corruptions = ()
        return outcomes

    def _run(self, dag_id: str, monday: date) -> Outcome:
        context = self.pipelines.context(dag_id, slots_of(monday)[dag_id])
        succeeded = _succeeded(dag_id, context)
        message = self.pipelines.one("select message from pulse.pipeline_runs where run_id = %s", context.run.run_id)
        return Outcome("success" if succeeded else "failed", message or "")


def _succeeded(dag_id: str, context: StepContext) -> bool:
    """Run every task of a DAG."""
    fetched = True
    if dag_id in PLANS:
        planned = _task(context, PLANS[dag_id])
        if planned is None:
            return False
        for op_kwargs in planned:
            fetched &= _task(context, partial(FETCHES[dag_id], **op_kwargs)) is not None
    # Like the DAG: a load runs even when a fetch failed, and any other task needs the task before it.
    *steps, check = ENDINGS[dag_id]
    for step in steps:
        if _task(context, step) is None:
            return False
    return fetched and _task(context, check) is not None


def _task(context: StepContext, step: Callable[[StepContext], Any]) -> Any:  # noqa: ANN401 - the step's result
    """Run a task with its retries; returns its result, or None when it failed."""
    for attempt in range(1, TRIES + 1):
        try:
            result = step(context)
        except Exception as error:  # noqa: BLE001 - Airflow catches what a task raises
            if attempt == TRIES or not can_retry(error):
                runs.finish(context.conn, context.run, "failed", f"{type(error).__name__}: {error}")
                return None
        else:
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
    statement = sql.SQL("select (to_jsonb(kept) - %s::text[])::text from {} as kept")
    rows = pipelines.conn.execute(statement.format(sql.Identifier("pulse", table)), (SEEN_AT,))
    return {text for (text,) in rows}
