"""The end of a failed task's log: one sentence for an error of ours, the traceback for an unexpected one.

A process of its own logs what Airflow's task runner logs. `tests/e2e` shows the same on a real Airflow.
"""

import json
import os
import subprocess
import sys
from typing import Any

import pytest

from fpl_pulse.airflow.sensors import UpstreamFailedError
from fpl_pulse.airflow.task_endings import MAX_LAST_LINE, MOST_LINES, WINDOW, lines_of, sentence_of
from fpl_pulse.errors import (
    AccessRefusedError,
    CheckFailedError,
    FplPulseError,
    RetryableError,
    SelectionError,
    StopError,
    error_class,
)

SCRIPT = """
import sys
from types import SimpleNamespace

import structlog
from airflow.sdk._shared.logging import configure_logging
from airflow.sdk.execution_time.task_runner import TaskRunnerMarker

from fpl_pulse.airflow import task_endings
from fpl_pulse.errors import AccessRefusedError, RetryableError

configure_logging(json_output=True, output=sys.stdout.buffer)
log = structlog.get_logger(logger_name="task")
for error, state in (
    (AccessRefusedError("7: SofaSport refused the key. Check it.", remedy="Check it"), "failed"),
    (RetryableError("events/lineups: status 503"), "up_for_retry"),
    (ZeroDivisionError("by zero"), "failed"),
):
    log.info("::group::Pre Execute")
    task_endings.on_starting(TaskRunnerMarker())
    try:
        raise error from OSError("below")
    except Exception:
        log.exception("Task failed with exception")
        log.info("::group::Post Execute")
        log.info("Retry policy decision")
        task_endings.on_task_instance_failed("running", SimpleNamespace(state=state), error)
    log.info("::endgroup::")
    task_endings.last_line.has_ended = False
    log.info("NEXT")
"""

Events = list[dict[str, Any]]


@pytest.fixture(scope="module")
def logs() -> list[Events]:
    """The events of three tasks: with a refused key, with an outage that is retried, and with a bug."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTEST_VERSION"}
    result = subprocess.run(
        [sys.executable, "-c", SCRIPT], env=environment, capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, result.stderr
    found: list[Events] = [[]]
    for line in result.stdout.splitlines():
        event = json.loads(line) if line.startswith("{") else {}
        if event.get("logger") != "task":
            continue
        if event["event"] == "NEXT":
            found.append([])
        else:
            found[-1].append(event)
    return found


def test_the_log_of_a_known_error_ends_with_its_remedy_and_has_no_traceback(logs: list[Events]) -> None:
    events = logs[0]
    link = "Runbook: docs/runbook.md#the-key-is-refused"
    assert events[-1]["event"] == f"Check it. 7: SofaSport refused the key. {link}"
    assert events[-1]["level"] == "error"
    assert [event for event in events if "exception" in event] == []
    # The line is outside the group that the UI folds.
    assert events[-2]["event"] == "::endgroup::"


def test_a_known_error_that_is_retried_says_that_nothing_is_to_do(logs: list[Events]) -> None:
    assert logs[1][-1]["event"] == (
        "Nothing to do: Airflow tries this task again. events/lineups: status 503. Runbook:"
        " docs/runbook.md#the-source-is-down"
    )


def test_an_unexpected_error_keeps_its_traceback(logs: list[Events]) -> None:
    (traceback,) = [event for event in logs[2] if "exception" in event]
    assert traceback["event"] == "Task failed with exception"
    assert traceback["exception"][0]["exc_type"] == "ZeroDivisionError"
    assert logs[2][-1]["event"] == "::endgroup::"


@pytest.mark.parametrize(
    "error",
    [
        CheckFailedError([f"problem {number} with a rather long sentence about it" for number in range(90)]),
        SelectionError("collect_heatmaps has no parameter gameweek. " + "x" * 5_000),
        RetryableError("a line\nand another one\n" * 200),
    ],
)
@pytest.mark.parametrize("is_retried", [False, True])
def test_the_last_line_is_short_and_one_line(error: FplPulseError, is_retried: bool) -> None:
    line = sentence_of(error, is_retried=is_retried)
    assert len(line) < MAX_LAST_LINE + 150
    assert "\n" not in line
    assert "pulse.task_attempts" in line
    assert line.endswith(f"Runbook: docs/runbook.md#{error.section}")


def test_a_long_sentence_is_also_shown_in_lines_that_fit_into_the_window() -> None:
    error = CheckFailedError([f"problem {number} with a rather long sentence about it" for number in range(90)])
    lines = lines_of(error)
    assert 1 < len(lines) <= MOST_LINES
    assert max(map(len, lines)) <= WINDOW
    assert lines[0].startswith("The check found: problem 0")
    assert lines_of(SelectionError("short")) == []


@pytest.mark.parametrize("one", [FplPulseError, *FplPulseError.__subclasses__(), *StopError.__subclasses__()])
def test_the_remedy_of_each_class_fits_into_the_window(one: type[FplPulseError]) -> None:
    assert len(one.remedy) <= WINDOW + 10


def test_a_failed_wait_is_a_known_error() -> None:
    error = UpstreamFailedError("Mon 02:00 · Fixture mappings has no run. Unpause it.")
    assert isinstance(error, FplPulseError)
    assert sentence_of(error, is_retried=False).endswith("#a-wait-failed")
    assert error_class("WaitFailedError") is not None


def test_the_last_line_of_wrong_parameters_does_not_advise_a_clear() -> None:
    line = sentence_of(SelectionError("there is no parameter gameweek"), is_retried=False)
    assert line.startswith("Trigger a new run with correct parameters; do not clear this one. ")
    assert AccessRefusedError.remedy not in line
