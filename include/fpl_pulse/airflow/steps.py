"""A pipeline's step as the callable of a PythonOperator.

The steps live in `fpl_pulse.etl` and import pandas; they are therefore named here and imported when a task runs,
so that a DAG file parses in milliseconds.
"""

import logging
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from importlib import import_module
from typing import TYPE_CHECKING, Any

from airflow.sdk import get_current_context

from fpl_pulse.airflow.retries import can_retry
from fpl_pulse.errors import FplPulseError

if TYPE_CHECKING:
    from airflow.sdk import Context
    from psycopg import Connection

    from fpl_pulse.store.runs import Run

log = logging.getLogger(__name__)

StepFunction = Callable[..., Any]


def step(name: str, *, opens_run: bool = False, closes_run: bool = False) -> StepFunction:
    """The callable of a task that runs a step.

    Args:
        name: module and function under `fpl_pulse.etl`, as `lineups.plan_matches`. It gets a `StepContext` and, in a
            mapped task, the match or club and how many of its calls the budget leaves out; its result, ids and counts
            only, becomes the XCom.
        opens_run: for the first step of a pipeline: starts the run's figures from zero.
        closes_run: for the last one, the check: writes the run's note and sends the alerts that the run has raised.
    """

    def run_step(event_id: int | None = None, team_id: int | None = None, left_out: int = 0) -> Any:  # noqa: ANN401
        # Heavy, and only needed where a task really runs.
        from fpl_pulse.airflow.choices import most_calls_of
        from fpl_pulse.airflow.connections import clients, connect, most_calls_a_run
        from fpl_pulse.airflow.metrics import StepMetrics
        from fpl_pulse.airflow.run_info import attempt_of, run_of, selection_of
        from fpl_pulse.etl.context import StepContext
        from fpl_pulse.store import attempts

        context = get_current_context()
        function = step_function(name)
        with closing(connect()) as conn, _noted(conn, attempt_of(context)):
            run = run_of(context)
            if opens_run:
                _open(conn, run)
            step_metrics = StepMetrics(conn, run)
            try:
                most_calls = most_calls_of(context, most_calls_a_run())
                step_context = StepContext(conn, clients(conn, run), run, selection_of(context), most_calls)
                mapped_over = {"event_id": event_id, "team_id": team_id}
                op_kwargs = {key: value for key, value in mapped_over.items() if value is not None}
                if op_kwargs:
                    place = step_context.label_for(**op_kwargs)
                    context["place"] = place  # type: ignore[typeddict-unknown-key]
                    attempts.set_label(conn, run, place)
                if left_out:
                    op_kwargs["left_out"] = left_out
                result = function(step_context, **op_kwargs)
            except Exception as error:
                _note_failed_run(conn, run, error)
                raise
            finally:
                step_metrics.send()
                if closes_run:
                    _hand_on_summary(conn, run, context)
            if closes_run:
                _send_alerts(conn)
            return result

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


def _open(conn: "Connection[Any]", run: "Run") -> None:
    from datetime import UTC, datetime

    from fpl_pulse.alerts.dead_mans_switch import report_late_start
    from fpl_pulse.store import runs

    runs.begin(conn, run)
    log.info("%s works for %s", run.dag_id, run.as_of.isoformat())
    if report_late_start(conn, run, datetime.now(UTC)):
        # At once: when the run ends well this is over, and what is over is not sent.
        _send_alerts(conn)


@contextmanager
def _noted(conn: "Connection[Any]", this_try: "Run") -> Iterator[None]:
    """Keep the task's try: that it has begun, and that it is done or with which sentence it failed."""
    from fpl_pulse.store import attempts

    attempts.begin(conn, this_try)
    try:
        yield
    except BaseException as error:
        with _unless_the_store_is_away("The failed try"):
            attempts.fail(conn, this_try, public_message(error), can_retry=can_retry(error))
        raise
    attempts.succeed(conn, this_try)


def public_message(error: BaseException) -> str:
    """What may be told of an error: only our own sentences are known to hold no secret."""
    if isinstance(error, FplPulseError):
        return str(error)
    if isinstance(error, Exception):
        return f"unexpected {type(error).__name__}, see the log"
    return f"stopped from outside ({type(error).__name__})"


def _note_failed_run(conn: "Connection[Any]", run: "Run", error: Exception) -> None:
    """Write the failure into the run's row, where the pipeline after this one looks."""
    from fpl_pulse.store import runs

    with _unless_the_store_is_away("The failure"):
        runs.finish(conn, run, "failed", f"{run.task_id}: {public_message(error)}")


@contextmanager
def _unless_the_store_is_away(what: str) -> Iterator[None]:
    from psycopg import OperationalError

    try:
        yield
    except OperationalError:
        log.exception("%s: the store cannot be reached", what)


def _hand_on_summary(conn: "Connection[Any]", run: "Run", context: "Context") -> None:
    """Give the run's note its sentence; a failed check has its own."""
    from fpl_pulse.airflow.notes import SUMMARY
    from fpl_pulse.store import runs

    with _unless_the_store_is_away("The run's summary"):
        sentence = runs.summary(conn, run)
        context["ti"].xcom_push(key=SUMMARY, value=sentence)
        log.info("%s", sentence)


def _send_alerts(conn: "Connection[Any]") -> None:
    """Tell whoever is to be told; a run whose alerts could not be sent is as green as its data."""
    from fpl_pulse.airflow.notification_services import notification_services
    from fpl_pulse.alerts.channels import send_alerts

    send_alerts(conn, notification_services())
