"""The process that draws the pictures for a server.

Drawing takes a whole processor for a tenth of a second and rarely lets other threads of its process run. In the API
server that would delay the answers to Airflow's tasks, which fail when nobody answers them.
"""

import logging
import os
import subprocess
import sys
import time
import weakref
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from threading import Event, Lock, Timer

from fpl_pulse.charts.picture import Picture
from fpl_pulse.web.pictures import drawer
from fpl_pulse.web.pictures.drawer import Answer, Order
from fpl_pulse.web.problems import UnavailableError

log = logging.getLogger(__name__)

MOST_S = 20.0
"""For how long a request waits: for the one before, for the start of the process, and for its picture, which takes a
tenth of a second."""
MOST_FOR_START_S = 300.0
"""After which a process that is not ready is ended. The start takes two seconds, and on a busy machine twenty."""
PASSED_ON = ("HOME", "LANG", "LC_ALL", "MPLCONFIGDIR", "PATH", "TMPDIR")
"""Variables of the environment that the process gets. The others may have passwords."""


class DrawingProcess:
    """A process that draws one picture at a time. It starts when it is needed, and again when it has died."""

    def __init__(self, most_s: float = MOST_S) -> None:
        self._most_s = most_s
        self._lock = Lock()
        self._child: _Child | None = None

    def start(self) -> None:
        """Start the process before the first picture is wanted, and do not wait until it is ready."""
        with self._lock:
            self._running()

    def draw(self, order: Order) -> Picture:
        """Let the process draw a picture.

        Raises:
            UnavailableError: the process is not ready yet, has died twice, or takes too long.
            RuntimeError: the chart cannot be drawn. The text is the traceback of the process.
        """
        if not self._lock.acquire(timeout=self._most_s):
            raise UnavailableError(f"Nobody could draw the picture within {self._most_s:.0f} seconds. Try again.")
        try:
            answer = self._answer(order)
        finally:
            self._lock.release()
        if isinstance(answer, str):
            raise RuntimeError(f"The picture cannot be drawn:\n{answer}")
        return answer

    def close(self) -> None:
        """End the process."""
        with self._lock:
            self._end()

    def _answer(self, order: Order) -> Answer:
        for is_last in (False, True):
            child = self._running()
            try:
                if not child.is_ready_within(self._most_s):
                    # It is left alone: the next request may find it ready.
                    raise UnavailableError("The process that draws pictures is still starting. Try again.")
                return child.ask(order, self._most_s)
            except TimeoutError:
                self._end()
                log.error(
                    "The process that draws was ended, because it took more than %.0f seconds for a %s (%s, %s)",
                    self._most_s, type(order.chart).__name__, order.theme, order.form,
                )  # fmt: skip
                raise UnavailableError("The picture takes too long to draw. Try again.") from None
            except (EOFError, OSError) as error:
                self._end()
                log.warning("The process that draws has died (%r)%s", error, "" if is_last else ": it is started again")
        raise UnavailableError("The process that draws pictures has died twice. Try again, and see the server's log.")

    def _running(self) -> "_Child":
        if self._child is not None and self._child.is_stuck():
            log.error("The process that draws was ended, because it was not ready after %.0f seconds", MOST_FOR_START_S)
            self._end()
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
            self._process = subprocess.Popen(
                [sys.executable, "-m", drawer.__name__, str(its.fileno())],
                env=environment | {"PYTHONPATH": os.pathsep.join(sys.path), "PYTHONDONTWRITEBYTECODE": "1"},
                pass_fds=[its.fileno()],
                stdin=subprocess.DEVNULL,
            )
        self._connection = ours
        self._started = time.monotonic()
        self._is_ready = False
        self.pid = self._process.pid
        self.end = weakref.finalize(self, _end, self._process, ours)
        """End the process and wait until it has ended."""

    def is_stuck(self) -> bool:
        """Whether the process should have been ready long ago."""
        return not self._is_ready and time.monotonic() - self._started > MOST_FOR_START_S

    def is_ready_within(self, wait_s: float) -> bool:
        """Wait until the process can draw.

        Raises:
            EOFError, OSError: it has died.
        """
        if not self._is_ready and self._connection.poll(wait_s):
            self._is_ready = self._connection.recv() == drawer.READY
        return self._is_ready

    def ask(self, order: Order, most_s: float) -> Answer:
        """The answer of the process.

        Raises:
            TimeoutError: it has not answered in time, or has not even read the order, and was killed.
            EOFError, OSError: it has died.
        """
        is_late = Event()

        def kill() -> None:
            is_late.set()
            self._process.kill()

        limit = Timer(most_s, kill)
        limit.start()
        try:
            self._connection.send(order)
            answer: Answer = self._connection.recv()
        except (EOFError, OSError):
            if is_late.is_set():
                raise TimeoutError from None
            raise
        finally:
            limit.cancel()
        return answer


def _end(process: "subprocess.Popen[bytes]", connection: "Connection[Order, Answer]") -> None:
    connection.close()
    process.kill()
    process.wait()
