"""Follows the end of a task: the last line of its log, and what an operator marks in Airflow.

The listeners run in the process of the task, and in the api-server when somebody sets the state of a task.
"""

import logging
import sys
from collections.abc import MutableMapping
from textwrap import wrap
from typing import Any

import structlog
from airflow.listeners import hookimpl

from fpl_pulse.airflow.listener_store import in_store
from fpl_pulse.airflow.notes import add_to_note, ending_of
from fpl_pulse.alerts.endings import follow_marked_task
from fpl_pulse.errors import FplPulseError
from fpl_pulse.runbook import with_link
from fpl_pulse.store.runs import Run
from fpl_pulse.week import RECORDED
from fpl_pulse.wording import sentence

log = logging.getLogger(__name__)

FAILED_WITH = "Task failed with exception"
"""Airflow's message with the traceback of a failed task."""

END_OF_GROUP = "::endgroup::"
"""How Airflow ends a group of lines, which its UI can fold. It ends a log with one."""

MAX_LAST_LINE = 500
"""Characters of the last line without the link. The store has the whole sentence."""

WINDOW = 95
"""Characters of a line that Airflow's log viewer shows on a laptop. It does not wrap lines."""

MOST_LINES = 6
"""Lines in which a long sentence is shown before the last line."""


class LastLine:
    """A structlog processor that lets the log of a task end with the sentence of a known error.

    It removes the traceback of our own errors, because their sentence says more. All other errors keep theirs.
    """

    def __init__(self) -> None:
        self.has_ended = False
        """Whether the last line is written."""

    def __call__(self, _logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        """Pass an event on, without the traceback of a known error.

        Raises:
            DropEvent: the event would come after the last line.
        """
        if self.has_ended and event.get("event") == END_OF_GROUP:
            raise structlog.DropEvent
        error = _error_in(event)
        if isinstance(error, FplPulseError) and event.get("event") == FAILED_WITH:
            del event["exc_info"]
            event["event"] = f"The task failed with {type(error).__name__}. The last line says what to do."
        return event


last_line = LastLine()


@hookimpl
def on_starting(component: object) -> None:
    """Install the processor when a task's process starts.

    Loggers that are in use hold the list of processors itself, so the list is changed and not replaced.
    """
    processors = structlog.get_config()["processors"]
    if type(component).__name__ == "TaskRunnerMarker" and isinstance(processors, list) and last_line not in processors:
        processors.insert(0, last_line)


@hookimpl
def on_task_instance_failed(previous_state: object, task_instance: Any, error: object) -> None:  # noqa: ANN401
    """Write the last line of a failed task's log; follow a task that was marked as failed."""
    if isinstance(error, FplPulseError):
        retries = str(getattr(task_instance.state, "value", task_instance.state)) == "up_for_retry"
        logger = structlog.get_logger(logger_name="task")
        logger.info(END_OF_GROUP)
        for line in lines_of(error):
            logger.error(line)
        logger.error(sentence_of(error, is_retried=retries))
        last_line.has_ended = True
    elif previous_state is None:
        follow_mark(task_instance, "failed")


@hookimpl
def on_task_instance_success(previous_state: object, task_instance: Any) -> None:  # noqa: ANN401
    """Follow a task that was marked as success. Airflow passes no previous state only then."""
    if previous_state is None:
        follow_mark(task_instance, "success")


def lines_of(error: FplPulseError) -> list[str]:
    """What happened, in lines that fit into the window; none when the last line alone fits."""
    text = " ".join(str(error).split())
    if len(text) <= WINDOW:
        return []
    return wrap(text, WINDOW, max_lines=MOST_LINES, placeholder=" …")


def sentence_of(error: FplPulseError, *, is_retried: bool) -> str:
    """The last line of a failed task: the remedy, what happened, and the link to the runbook."""
    passes = is_retried and not error.needs_somebody
    text = f"Nothing to do: Airflow tries this task again. {error}" if passes else error.remedy_first()
    text = " ".join(text.split())
    if len(text) > MAX_LAST_LINE:
        text = f"{text[:MAX_LAST_LINE].rpartition(' ')[0]} … (the whole sentence is in pulse.task_attempts)"
    return with_link(text, error.section)


def follow_mark(task_instance: Any, state: str) -> None:  # noqa: ANN401 - Airflow's task instance
    """Record that an operator has set the state of a pipeline's task, and set the note of its run."""
    if task_instance.dag_id not in RECORDED:
        return
    dag_run = task_instance.dag_run
    run = ending_of(dag_run, state, "").run
    attempt = Run(
        run.dag_id, run.run_id, run.as_of, task_instance.task_id, task_instance.map_index, run_type=run.run_type
    )
    what = f"The mark of {attempt.task_id} in run {run.run_id}"
    summary = in_store(what, lambda conn: follow_marked_task(conn, attempt, state))
    if summary is None:
        return
    of_run = str(getattr(dag_run.state, "value", dag_run.state))
    if of_run != state:
        summary = f"{sentence(summary)} Airflow's run is still {of_run}: mark the run as well if other runs wait for it"
    dag_run.note = add_to_note(dag_run.note, summary)


def _error_in(event: MutableMapping[str, Any]) -> object:
    """The exception that an event logs; None when there is none."""
    found = event.get("exc_info")
    if isinstance(found, BaseException):
        return found
    if isinstance(found, tuple):
        return found[1]
    return sys.exc_info()[1] if found else None
