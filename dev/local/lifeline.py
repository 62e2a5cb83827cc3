"""A small process that stops what its starter started, should the starter end in any way, even by kill -9.

It reads one JSON line for each process to guard. When the starter's end of the pipe closes without the line
`release`, it stops the guarded processes, the newest first.
"""

import json
import signal
import subprocess
import sys
from pathlib import Path
from typing import TextIO

from dev.local.processes import Running, stop_together

_RELEASE = "release"
_PROJECT = Path(__file__).resolve().parents[2]


class Lifeline:
    """The starter's end."""

    def __init__(self) -> None:
        """Start the guard, in a session of its own so that the terminal's Ctrl-C does not reach it."""
        code = (
            f"import sys; sys.path.insert(0, {str(_PROJECT)!r})\nfrom dev.local.lifeline import main; main()"
        )
        self._process = subprocess.Popen(
            [sys.executable, "-c", code],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            text=True,
            start_new_session=True,
            cwd="/",
        )

    def guard(self, running: Running) -> None:
        """Have a process stopped when this one ends."""
        self._say(json.dumps(running.to_dict()))

    def release(self) -> None:
        """Let the guarded processes live on (or say that they have been stopped)."""
        if self._process.stdin is not None and not self._process.stdin.closed:
            self._say(_RELEASE)
            self._process.stdin.close()
        self._process.wait(timeout=10)

    def _say(self, line: str) -> None:
        if self._process.stdin is None:
            raise RuntimeError("The lifeline has no pipe")
        self._process.stdin.write(line + "\n")
        self._process.stdin.flush()


def watch(lines: TextIO) -> None:
    """Read until the starter ends; then stop what it left."""
    guarded: list[Running] = []
    for line in lines:
        if line.strip() == _RELEASE:
            return
        guarded.append(Running.from_dict(json.loads(line)))
    for running in reversed(guarded):
        stop_together([running])


def main() -> None:
    """The guard's end. Signals to the starter's terminal or session are not for it."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    watch(sys.stdin)
