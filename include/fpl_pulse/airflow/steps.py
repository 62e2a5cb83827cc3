"""A pipeline's step as the callable of a PythonOperator.

The steps live in `fpl_pulse.etl` and import pandas; they are therefore named here and imported when a task runs,
so that a DAG file parses in milliseconds.
"""

import logging
from collections.abc import Callable
from contextlib import closing
from importlib import import_module
from typing import TYPE_CHECKING, Any

from airflow.sdk import get_current_context

from fpl_pulse.errors import FplPulseError

if TYPE_CHECKING:
    from psycopg import Connection

    from fpl_pulse.store.runs import Run

log = logging.getLogger(__name__)

StepFunction = Callable[..., Any]


def step(name: str, *, opens_run: bool = False) -> StepFunction:
    """The callable of a task that runs a step.

    Args:
        name: module and function under `fpl_pulse.etl`, as `lineups.plan_matches`. It is called with a `Work` and, in a
            mapped task, the match or club and how many of its calls the budget leaves out; its result, ids and counts
            only, becomes the XCom.
        opens_run: for the first step of a pipeline: starts the run's figures from zero.
    """

    def run_step(event_id: int | None = None, team_id: int | None = None, left_out: int = 0) -> Any:  # noqa: ANN401
        # Heavy, and only needed where a task really runs.
        from fpl_pulse.airflow.choices import most_calls_of
        from fpl_pulse.airflow.connections import clients, connect, most_calls_a_run
        from fpl_pulse.airflow.metrics import StepMetrics
        from fpl_pulse.airflow.moments import run_of, selection_of
        from fpl_pulse.etl.work import Work
        from fpl_pulse.store import runs

        context = get_current_context()
        function = step_function(name)
        run = run_of(context)
        with closing(connect()) as conn:
            if opens_run:
                runs.begin(conn, run)
                log.info("%s works for %s", run.dag_id, run.as_of.isoformat())
            step_metrics = StepMetrics(conn, run)
            most_calls = most_calls_of(context, most_calls_a_run())
            work = Work(conn, clients(conn, run), run, selection_of(context), most_calls)
            mapped_over = {"event_id": event_id, "team_id": team_id}
            op_kwargs = {key: value for key, value in mapped_over.items() if value is not None}
            if op_kwargs:
                context["place"] = work.describe(**op_kwargs)  # type: ignore[typeddict-unknown-key]
            if left_out:
                op_kwargs["left_out"] = left_out
            try:
                return function(work, **op_kwargs)
            except Exception as error:
                _note_failure(conn, run, error)
                raise
            finally:
                step_metrics.send()

    run_step.__name__ = name.rpartition(".")[2]
    return run_step


def step_function(name: str) -> StepFunction:
    """The function that a step's name stands for.

    Raises:
        AttributeError, ModuleNotFoundError: when there is none; a test resolves every name of every DAG.
    """
    module, _, function = name.rpartition(".")
    found: StepFunction = getattr(import_module(f"fpl_pulse.etl.{module}"), function)
    return found


def _note_failure(conn: "Connection[Any]", run: "Run", error: Exception) -> None:
    """Write the failure into the run's row. Only our own sentences are known to hold no secret."""
    from psycopg import OperationalError

    from fpl_pulse.store import runs

    message = (
        str(error) if isinstance(error, FplPulseError) else f"unexpected {type(error).__name__}, see the log"
    )
    try:
        runs.finish(conn, run, "failed", f"{run.task_id}: {message}")
    except OperationalError:
        log.exception("The failure could not be written to pulse.pipeline_runs")
