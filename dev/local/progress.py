"""Shows how far the week is: a moving display on a terminal, else a line every few seconds."""

import time
from collections import Counter
from collections.abc import Sequence
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.status import Status

from dev.local.airflow_api import TaskState

_SHOWN_STATES = ("running", "failed", "up_for_retry", "upstream_failed", "deferred")
_NAMED = 2
_LINE_EVERY_S = 5.0
"""Without a terminal: often enough to see that it lives, seldom enough to read it afterwards."""


class Progress:
    """One display for one week."""

    def __init__(self, console: Console) -> None:
        """Choose where it shows."""
        self._console = console
        self._status: Status | None = None
        self._last = ""
        self._said_at = 0.0

    def note(self, line: str) -> None:
        """A line that stays."""
        self._console.print(line, highlight=False, markup=False, soft_wrap=True)

    def begin(self, name: str) -> None:
        """A run begins."""
        self._last = ""
        self._said_at = 0.0
        if self._console.is_terminal:
            self._status = self._console.status(name)
            self._status.start()

    def show(self, name: str, state: str, tasks: Sequence[TaskState]) -> None:
        """How far the run is."""
        text = f"{name}: {state}{_tally(tasks)}"
        if self._status is not None:
            self._status.update(text)
        elif text != self._last and time.monotonic() - self._said_at > _LINE_EVERY_S:
            self.note(f"  {text}")
            self._last = text
            self._said_at = time.monotonic()

    def end(self, name: str, state: str, seconds: float) -> None:
        """The run is over."""
        self.close()
        self.note(f"{name}: {state} in {seconds:.1f} s")

    def close(self) -> None:
        """Take the moving display away."""
        if self._status is not None:
            self._status.stop()
            self._status = None

    def __enter__(self) -> Self:
        """Nothing is shown yet."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Leave the terminal as it was."""
        self.close()


def _tally(tasks: Sequence[TaskState]) -> str:
    """`, 12 of 40 tasks done (8 running)`; running tasks by name while they are few."""
    if not tasks:
        return ""
    counts = Counter(task.state for task in tasks)
    done = counts["success"] + counts["skipped"]
    now = [task.label for task in tasks if task.state == "running"]
    parts = [", ".join(now)] if 0 < len(now) <= _NAMED else []
    shown = _SHOWN_STATES if not parts else _SHOWN_STATES[1:]
    parts += [f"{counts[state]} {state}" for state in shown if counts[state]]
    return f", {done} of {len(tasks)} tasks done" + (f" ({'; '.join(parts)})" if parts else "")
