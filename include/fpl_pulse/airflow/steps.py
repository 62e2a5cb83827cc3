"""Runs a pipeline's step as the callable of a PythonOperator."""

import inspect
import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

from airflow.sdk import get_current_context
from airflow.sdk.exceptions import AirflowTaskTimeout
from psycopg import Connection, Error

from fpl_pulse.airflow.choices import most_calls_of
from fpl_pulse.airflow.metrics import step_metrics
from fpl_pulse.airflow.notes import STORE_FAILURE, SUMMARY
from fpl_pulse.airflow.notification_services import notification_services
from fpl_pulse.airflow.retries import FEW_RETRIES, is_late_retry
from fpl_pulse.airflow.run_info import attempt_of, run_of, selection_of
from fpl_pulse.alerts.channels import send_alerts
from fpl_pulse.alerts.dead_mans_switch import report_late_start
from fpl_pulse.api import source_clock
from fpl_pulse.errors import FplPulseError, QuotaSpentError, StopError, StoreDownError, can_retry, section_of
from fpl_pulse.etl.context import StepContext
from fpl_pulse.runbook import with_link
from fpl_pulse.store import attempts, runs
from fpl_pulse.store.failures import in_our_words
from fpl_pulse.store.ledger import quota_resets_at
from fpl_pulse.store.runs import Run
from fpl_pulse.week import in_london

log = logging.getLogger(__name__)

P = ParamSpec("P")
R = TypeVar("R")

LABELLED_BY = ("event_ids", "team_ids")
"""The op_kwargs of a mapped task that say which matches or clubs it works on."""


def step(
    function: Callable[Concatenate[StepContext, P], R],
    *,
    opens_run: bool = False,
    reopens_run: bool = False,
    closes_run: bool = False,
) -> Callable[P, R]:
    """Wrap a step so that Airflow can call it. The result has the step's name, and its parameters without the context.

    Args:
        function: its result becomes the XCom: ids and counts only.
        opens_run: for the first step of a pipeline. It resets the run's figures.
        reopens_run: for a later step from which a run can be cleared: it opens a run that has ended.
        closes_run: for the last step, the check. It pushes the run's summary, and sends the alerts when it is green.
    """

    @wraps(function)
    def run_step(*args: P.args, **op_kwargs: P.kwargs) -> R:
        # The providers' hooks are slow to import, and parsing a DAG file does not need them.
        from fpl_pulse.airflow.connections import clients, connect, most_calls_a_run
        from fpl_pulse.api.http import MAX_ATTEMPTS, MAX_ATTEMPTS_IN_OUTAGE

        context = get_current_context()
        with store_of_task(context, connect) as conn, recorded_attempt(conn, attempt_of(context)):
            run = run_of(context, conn)
            if opens_run or (reopens_run and _was_cleared(conn, run, context)):
                _open(conn, run)
            try:
                _require_survivable(conn, context)
                with step_metrics(conn, run), in_our_words():
                    chosen = selection_of(context), most_calls_of(context, most_calls_a_run())
                    is_late = is_late_retry(context)

                    def tools(own: Connection[Any], beside: Callable[[], StepContext] | None = None) -> StepContext:
                        apis = clients(own, run, MAX_ATTEMPTS_IN_OUTAGE if is_late else MAX_ATTEMPTS)
                        return StepContext(own, apis, run, *chosen, beside, is_late)

                    step_context = tools(conn, lambda: tools(connect()))
                    _set_label(step_context, op_kwargs, context)
                    result = function(step_context, *args, **op_kwargs)
            except BaseException as error:
                _fail(conn, run, error, context)
                raise
            if closes_run:
                pass_on_summary(conn, run, context)
                send_alerts(conn, notification_services())
            attempts.succeed(conn, run)
            return result

    # Airflow passes by name what the signature lists, and everything it has where there is a `**kwargs`.
    signature = inspect.signature(function)
    run_step.__signature__ = signature.replace(  # type: ignore[attr-defined]
        parameters=list(signature.parameters.values())[1:]
    )
    return run_step


def _fail(conn: Connection[Any], run: Run, error: BaseException, context: Any) -> None:  # noqa: ANN401
    """Record why the run has failed: for its note, and for the pipeline that waits for this one."""
    with _logging_lost_connection("The failure of the run"):
        name_reset(conn, error)
        runs.finish(conn, run, "failed", f"{run.task_id}: {public_message(error)}")
        pass_on_summary(conn, run, context)


def public_message(error: BaseException) -> str:
    """The text of an error that may be stored and sent: only our own error sentences are known to hold no secret."""
    if isinstance(error, FplPulseError):
        return str(error)
    if isinstance(error, AirflowTaskTimeout):
        return "the attempt reached its time limit. Clear the failed tasks: they continue where this one stopped"
    if isinstance(error, Exception):
        return f"unexpected {type(error).__name__}, see the log"
    return f"stopped from outside ({type(error).__name__})"


def name_reset(conn: Connection[Any], error: BaseException) -> None:
    """Name the quota's reset in the sentence of a spent quota, from the ledger when the response has not stated it."""
    if isinstance(error, QuotaSpentError) and not error.names_reset:
        resets_at = quota_resets_at(conn)
        if resets_at is not None:
            error.name_reset(in_london(resets_at))


def _was_cleared(conn: Connection[Any], run: Run, context: Any) -> bool:  # noqa: ANN401
    """Whether the run had ended before Airflow started it again. A failed attempt of a task does not end its run."""
    recorded = runs.find(conn, run.dag_id, run.run_id)
    started = context["dag_run"].start_date
    return bool(recorded and recorded.finished_at and started and recorded.finished_at < started)


def _open(conn: Connection[Any], run: Run) -> None:
    runs.begin(conn, run)
    log.info("%s runs as of %s", run.dag_id, run.as_of.isoformat())
    if report_late_start(conn, run, source_clock.not_after_source(datetime.now(UTC))):
        # Send the alert now: a green run closes it, and closed alerts are not sent.
        send_alerts(conn, notification_services())


def _set_label(step_context: StepContext, op_kwargs: Mapping[str, Any], context: Any) -> None:  # noqa: ANN401
    """Show in the UI and in the store which matches or clubs a mapped task works on."""
    labelled_by = {name: op_kwargs[name] for name in LABELLED_BY if name in op_kwargs}
    if labelled_by:
        context["label"] = step_context.label_for(**labelled_by)
        attempts.set_label(step_context.conn, step_context.run, context["label"])


def _require_survivable(conn: Connection[Any], context: Any) -> None:  # noqa: ANN401
    """Refuse to start a task whose process was killed each time: Airflow would start it again for a day.

    Airflow does not ask the retry policy about a killed process.

    Raises:
        StopError: the process was killed as often as an error of an unknown kind is retried.
    """
    attempt, started = attempt_of(context), context["dag_run"].start_date
    killed = attempts.killed_in_a_row(conn, attempt, started) if started else 0
    if killed > FEW_RETRIES:
        look = (
            "Look for the reason, for example too little memory, in the log of the scheduler or of the worker. Then"
            " clear this task"
        )
        raise StopError(
            f"The process of {attempt.task_id} was killed {killed} times in a row. {look}.",
            remedy=look,
            section="one-task-fails-every-time",
        )


@contextmanager
def recorded_attempt(conn: Connection[Any], attempt: Run) -> Iterator[None]:
    """Record that an attempt of a task has begun, and why it failed. The caller records a success.

    An attempt without a result stays `running` and is later reported as killed.
    """
    attempts.begin(conn, attempt)
    try:
        with in_our_words():
            yield
    except BaseException as error:
        with _logging_lost_connection("The failure of the attempt"):
            attempts.fail(
                conn,
                attempt,
                public_message(error),
                can_retry=can_retry(error),
                error=type(error).__name__,
                section=section_of(error),
            )
        raise


@contextmanager
def store_of_task(context: Any, connect: Callable[[], Connection[Any]]) -> Iterator[Connection[Any]]:  # noqa: ANN401
    """A connection to the store for a task. An error of the database says what to do, also in the note of the run.

    Raises:
        StoreDownError: the database cannot be reached, has ended the connection, or is full.
    """
    try:
        with in_our_words(), closing(connect()) as conn:
            yield conn
    except StoreDownError as error:
        # The store could not record why the run has failed. Airflow's own database can, unless it is on the same disk.
        reason = with_link(f"FAILED: {context['ti'].task_id}: {error}", error.section)
        try:
            context["ti"].xcom_push(key=STORE_FAILURE, value=reason)
        except Exception:
            log.exception("The note of the run will not say why this task has failed")
        raise


@contextmanager
def _logging_lost_connection(what: str) -> Iterator[None]:
    """Keep a lost connection, or one in the middle of a statement, from hiding the error that is being recorded."""
    try:
        yield
    except Error as error:
        log.warning("%s could not be recorded: the database failed (%s)", what, type(error).__name__)


def pass_on_summary(conn: Connection[Any], run: Run, context: Any) -> None:  # noqa: ANN401 - Airflow's context
    """Push the run's summary: the run's note, where the scheduler has no connection to the store."""
    with _logging_lost_connection("The summary of the run"):
        if runs.find(conn, run.dag_id, run.run_id) is None:
            return
        sentence = runs.summary(conn, run)
        context["ti"].xcom_push(key=SUMMARY, value=sentence)
        log.info("%s", sentence)
