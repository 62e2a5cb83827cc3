"""Shows the progress of the week: a live display on a terminal, otherwise a line every few seconds."""

import time
from collections import Counter
from collections.abc import Sequence
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.status import Status

from dev.local.airflow_api import TaskState
from fpl_pulse.wording import quantity

_SHOWN_STATES = ("running", "failed", "up_for_retry", "upstream_failed", "deferred")
_MOST_NAMES = 2
_LINE_EVERY_S = 5.0
"""Seconds between two lines without a terminal: shows that the run is alive, and keeps a log readable."""


class Progress:
    """The display of one week."""

    def __init__(self, console: Console) -> None:
        """Choose the console."""
        self._console = console
        self._status: Status | None = None
        self._last = ""
        self._printed_at = 0.0

    def print_line(self, line: str) -> None:
        """Print a line."""
        self._console.print(line, highlight=False, markup=False, soft_wrap=True)

    def begin(self, name: str) -> None:
        """Start the display of a run."""
        self._last = ""
        self._printed_at = 0.0
        if self._console.is_terminal:
            self._status = self._console.status(name)
            self._status.start()

    def show(self, name: str, state: str, tasks: Sequence[TaskState]) -> None:
        """Show the state of the run and its tasks."""
        text = f"{name}: {state}{_summary(tasks)}"
        if self._status is not None:
            self._status.update(text)
        elif text != self._last and time.monotonic() - self._printed_at > _LINE_EVERY_S:
            self.print_line(f"  {text}")
            self._last = text
            self._printed_at = time.monotonic()

    def end(self, name: str, state: str, seconds: float) -> None:
        """Print the final state of the run."""
        self.close()
        self.print_line(f"{name}: {state} in {seconds:.1f} s")

    def close(self) -> None:
        """Remove the live display."""
        if self._status is not None:
            self._status.stop()
            self._status = None

    def __enter__(self) -> Self:
        """Show nothing yet."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Restore the terminal."""
        self.close()


def _summary(tasks: Sequence[TaskState]) -> str:
    """`, 12 of 40 tasks done (8 running)`. Up to two running tasks are named instead of counted."""
    if not tasks:
        return ""
    counts = Counter(task.state for task in tasks)
    done = counts["success"] + counts["skipped"]
    now = [task.label for task in tasks if task.state == "running"]
    parts = [", ".join(now)] if 0 < len(now) <= _MOST_NAMES else []
    shown = _SHOWN_STATES if not parts else _SHOWN_STATES[1:]
    parts += [f"{counts[state]} {state}" for state in shown if counts[state]]
    return f", {done} of {quantity(len(tasks), 'task')} done" + (f" ({'; '.join(parts)})" if parts else "")
