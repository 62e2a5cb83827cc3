"""Builds the tasks of a pipeline from its steps, and wires them."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import wraps
from typing import Any, Concatenate

from airflow.providers.standard.operators.empty import EmptyOperator
from airflow.providers.standard.operators.python import PythonOperator
from airflow.sdk import Asset, BaseOperator, chain

from fpl_pulse.airflow.steps import step
from fpl_pulse.etl.context import StepContext
from fpl_pulse.store import attempts

log = logging.getLogger(__name__)

POOL = "sofasport"
"""Limits how many tasks fetch at the same time. The rate of their calls is shared through Postgres."""


@dataclass(frozen=True)
class Step:
    """A step as a DAG file declares it. The name of its function is the task id."""

    function: Callable[Concatenate[StepContext, ...], Any]
    doc: str
    """Markdown for the UI: what the task does."""
    reads: tuple[str, ...] = ()
    """Tables in the schema `pulse`."""
    writes: tuple[str, ...] = ()
    calls_api: bool = False
    """Whether the task takes a slot of the pool."""

    def task(self, *, trigger_rule: str = "all_success", **switches: bool) -> PythonOperator:
        """The task of this step; `steps.step` explains the switches."""
        return PythonOperator(
            python_callable=step(self.function, **switches),
            inlets=[table(name) for name in self.reads],
            outlets=[table(name) for name in self.writes],
            **self._arguments(),
            trigger_rule=trigger_rule,
        )

    def task_per(self, plan: PythonOperator) -> Any:  # noqa: ANN401 - Airflow's mapped operator
        """One task for each entry of the plan's result, named in the UI after its matches or clubs."""
        return PythonOperator.partial(
            python_callable=step(self.function), map_index_template="{{ label }}", **self._arguments()
        ).expand(op_kwargs=plan.output)

    def _arguments(self) -> dict[str, Any]:
        pool = {"pool": POOL} if self.calls_api else {}
        return {"task_id": self.function.__name__, "doc_md": self.doc, **pool}


def build_sequence(*steps: Step, beside: Sequence[BaseOperator] = ()) -> None:
    """Build a pipeline whose tasks run one after the other: the first opens the run, the last closes it.

    `beside` runs between the last two.
    """
    first, *middle, last = steps
    tasks = [first.task(opens_run=True), *(one.task() for one in middle)]
    closing = last.task(closes_run=True)
    chain(*tasks, closing)
    for one in beside:
        chain(tasks[-1], one, closing)


def build_mapped_pipeline(
    *,
    wait: BaseOperator,
    refresh: Step | None = None,
    plan: Step,
    fetch: Step,
    load: Step,
    then: Sequence[Step] = (),
    beside: Sequence[BaseOperator] = (),
    check: Step,
    after: Sequence[Step] = (),
) -> None:
    """Build a pipeline that waits for another one, and fetches in mapped tasks, each for one or more matches or clubs.

    `refresh` brings up to date what the plan reads. The plan returns the op_kwargs of each fetch task. `then` runs
    between the load and the check, which turns the run red when the tables lack something. `beside` runs at the same
    time as `then` if no fetch has failed; its trigger rule must let it run if there was nothing to fetch. `after` runs
    when the check is green, and can turn the run red as well.
    """
    before = [refresh.task(opens_run=True)] if refresh else []
    # A clear that leaves out the refresh begins with the plan.
    planned = plan.task(opens_run=not before, reopens_run=bool(before))
    fetched = fetch.task_per(planned)
    fetches_done = EmptyOperator(
        task_id="fetches_done",
        doc_md="Starts the load when every fetch task has ended, whether green, red or skipped.",
        trigger_rule="all_done",
    )
    loaded = load.task()
    after_fetch = [one.function for one in (load, *then)]
    closing = replace(check, function=catching_up(check.function, fetch.function, *after_fetch))
    checked = closing.task(closes_run=True, trigger_rule="none_failed_min_one_success")
    afterwards = [one.task(closes_run=True) for one in after]

    chain(wait, *before, planned, fetched, fetches_done, loaded, *(one.task() for one in then), checked, *afterwards)
    for one in beside:
        chain(loaded, one, checked)
        # After a failed fetch it has not run. So a clear of only the failed tasks runs it, and it finds failed waits.
        fetched >> one
    # `fetches_done` alone would start the load after a failed plan as well.
    planned >> loaded
    # A failed fetch keeps the run red: the check, whose state is the state of the run, does not start.
    fetched >> checked


def catching_up(
    check: Callable[[StepContext], Any],
    fetch: Callable[Concatenate[StepContext, ...], Any],
    load: Callable[[StepContext], Any],
    *then: Callable[[StepContext], Any],
) -> Callable[[StepContext], Any]:
    """A check that first loads what was fetched after the load had run.

    "Clear only failed tasks" in the UI clears a failed fetch and the check, and leaves out the green load between them.
    Without this the run would turn green, or red for a wrong reason, while fetched data is not loaded.
    """

    @wraps(check)
    def check_what_is_loaded(context: StepContext) -> Any:  # noqa: ANN401 - the check's result
        if attempts.has_unloaded_fetches(context.conn, context.run, fetch.__name__, load.__name__):
            for step_function in (load, *then):
                log.info("Calls were made after the load had run: this task runs %s first", step_function.__name__)
                step_function(context)
        return check(context)

    return check_what_is_loaded


def table(name: str) -> Asset:
    """A table of the schema `pulse` as an asset, for the lineage in the UI. The URI names no server."""
    return Asset(name=f"pulse.{name}", uri=f"x-fpl-pulse://pulse/{name}", group="fpl-pulse")
