"""The process that draws the pictures: `python -m fpl_pulse.web.pictures.drawing_process DESCRIPTOR`.

Drawing takes a whole processor for a tenth of a second and rarely lets other threads of its process run. In the API
server that would delay the answers to Airflow's tasks, which fail when nobody answers them.
"""

import logging
import os
import signal
import subprocess
import sys
import time
import traceback
import weakref
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from threading import Lock

from fpl_pulse.charts.catalogue import Chart, picture_of
from fpl_pulse.charts.picture import Format, Picture, Scale
from fpl_pulse.charts.style import ThemeName
from fpl_pulse.web.problems import UnavailableError

log = logging.getLogger(__name__)

MOST_S = 30.0
"""For how long a request waits for its picture. A picture takes a tenth of a second, the start of the process some
seconds."""
NICENESS = 5
"""Above that of the API server: Airflow's tasks come first."""
PASSED_ON = ("HOME", "LANG", "LC_ALL", "MPLCONFIGDIR", "PATH", "TMPDIR")
"""Variables of the environment that the process gets. The others may have passwords."""


@dataclass(frozen=True)
class Order:
    """A picture to draw."""

    chart: Chart
    theme: ThemeName
    form: Format
    scale: Scale


Answer = Picture | str
"""A picture, or the traceback of an error."""


class DrawingProcess:
    """A process that draws one picture at a time. It starts when it is needed, and again when it has died."""

    def __init__(self, most_s: float = MOST_S) -> None:
        self._most_s = most_s
        self._lock = Lock()
        self._child: _Child | None = None

    def start(self) -> None:
        """Start the process before the first picture is wanted. What it imports takes some seconds."""
        with self._lock:
            self._running()

    def draw(self, order: Order) -> Picture:
        """Let the process draw a picture.

        Raises:
            UnavailableError: the process has died twice, or takes too long.
            RuntimeError: the chart cannot be drawn. The text is the traceback of the process.
        """
        deadline = time.monotonic() + self._most_s
        if not self._lock.acquire(timeout=self._most_s):
            raise UnavailableError(f"Nobody could draw the picture within {self._most_s:.0f} seconds. Try again.")
        try:
            answer = self._answer(order, deadline)
        finally:
            self._lock.release()
        if isinstance(answer, str):
            raise RuntimeError(f"The picture cannot be drawn:\n{answer}")
        return answer

    def close(self) -> None:
        """End the process."""
        with self._lock:
            self._end()

    def _answer(self, order: Order, deadline: float) -> Answer:
        for is_last in (False, True):
            try:
                return self._running().ask(order, deadline)
            except TimeoutError:
                self._end()
                log.error(
                    "The process that draws took more than %.0f seconds for %r and was ended", self._most_s, order
                )
                raise UnavailableError("The picture takes too long to draw. Try again.") from None
            except (EOFError, OSError) as error:
                self._end()
                log.warning("The process that draws has died (%r)%s", error, "" if is_last else ": it is started again")
        raise UnavailableError("The process that draws pictures has died twice. Try again, and see the server's log.")

    def _running(self) -> "_Child":
        if self._child is None:
            self._child = _Child()
        return self._child

    def _end(self) -> None:
        if self._child is not None:
            self._child.end()
        self._child = None


class _Child:
    """A running process. It ends when nobody refers to it any more, and by itself when this process dies."""

    def __init__(self) -> None:
        ours, its = Pipe()
        with its:
            environment = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
            process = subprocess.Popen(
                [sys.executable, "-m", __name__, str(its.fileno())],
                env=environment | {"PYTHONPATH": os.pathsep.join(sys.path), "PYTHONDONTWRITEBYTECODE": "1"},
                pass_fds=[its.fileno()],
                stdin=subprocess.DEVNULL,
            )
        self._connection = ours
        self.pid = process.pid
        self.end: Callable[[], None] = weakref.finalize(self, _end, process, ours)
        """End the process and wait until it has ended."""

    def ask(self, order: Order, deadline: float) -> Answer:
        """The answer of the process.

        Raises:
            TimeoutError: there is none until the deadline.
            EOFError, OSError: the process has died.
        """
        self._connection.send(order)
        if not self._connection.poll(max(0.0, deadline - time.monotonic())):
            raise TimeoutError
        answer: Answer = self._connection.recv()
        return answer


def _end(process: "subprocess.Popen[bytes]", connection: "Connection[Order, Answer]") -> None:
    connection.close()
    process.kill()
    process.wait()


def main(descriptor: int) -> int:
    """Draw the pictures that come through a connection, until its other end is closed."""
    # Ctrl-C in a terminal reaches every process in it. The server ends this one.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.nice(NICENESS)
    # Drawing imports these when it needs them. Here they are ready before the first picture is wanted.
    for name in ("mplsoccer", "scipy.ndimage"):
        import_module(name)
    with Connection(descriptor) as connection:
        while True:
            try:
                order: Order = connection.recv()
            except EOFError:
                return 0
            connection.send(_drawn(order))


def _drawn(order: Order) -> Answer:
    try:
        return picture_of(order.chart, order.theme, order.form, order.scale)
    except Exception:  # noqa: BLE001 - the server logs the traceback and answers 500
        return traceback.format_exc()


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1])))
