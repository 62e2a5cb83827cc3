"""A small process that stops the stack's processes when the launcher ends in any way, even by kill -9.

It reads one JSON line for each process to watch. When the launcher's end of the pipe closes without the line
`release`, it stops the watched processes, the newest first.
"""

import json
import signal
import subprocess
import sys
from typing import TextIO

from dev.local.layout import PROJECT
from dev.local.processes import StartedProcess, stop_all

_RELEASE = "release"


class Watchdog:
    """The launcher's handle on the watchdog process."""

    def __init__(self) -> None:
        """Start the watchdog in a session of its own, so that the terminal's Ctrl-C does not reach it."""
        code = f"import sys; sys.path.insert(0, {str(PROJECT)!r})\nfrom dev.local.watchdog import main; main()"
        self._process = subprocess.Popen(
            [sys.executable, "-c", code],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            text=True,
            start_new_session=True,
            cwd="/",
        )

    def watch(self, process: StartedProcess) -> None:
        """Stop this process when the launcher ends."""
        self._send(json.dumps(process.to_dict()))

    def release(self) -> None:
        """End the watchdog without stopping anything."""
        if self._process.stdin is not None and not self._process.stdin.closed:
            self._send(_RELEASE)
            self._process.stdin.close()
        self._process.wait(timeout=10)

    def _send(self, line: str) -> None:
        if self._process.stdin is None:
            raise RuntimeError("The watchdog process was started without a pipe")
        self._process.stdin.write(line + "\n")
        self._process.stdin.flush()


def stop_when_closed(lines: TextIO) -> None:
    """Read until the pipe closes, then stop the watched processes; do nothing after the line `release`."""
    watched: list[StartedProcess] = []
    for line in lines:
        if line.strip() == _RELEASE:
            return
        watched.append(StartedProcess.from_dict(json.loads(line)))
    for process in reversed(watched):
        stop_all([process])


def main() -> None:
    """Run the watchdog process. It ignores signals, which are meant for the launcher."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    stop_when_closed(sys.stdin)
