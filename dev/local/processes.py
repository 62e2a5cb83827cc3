"""Processes of the local stack: which they are, and how each is stopped."""

import contextlib
import os
import signal
import socket
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass

import psutil
import requests

LOOPBACK = "127.0.0.1"
_BORN_TOLERANCE_S = 0.5
_POLL_S = 0.05


@dataclass(frozen=True)
class Running:
    """A process that was started, told apart from a later one with the same pid by its birth."""

    name: str
    pid: int
    born: float
    """Seconds since the epoch."""
    stop_signal: int = signal.SIGTERM
    grace_s: float = 6.0
    """How long it may take to stop before it is killed."""
    whole_session: bool = True
    """It leads a session of its own, all of which stops with it."""

    @classmethod
    def of(
        cls,
        name: str,
        pid: int,
        *,
        stop_signal: int = signal.SIGTERM,
        grace_s: float = 6.0,
        whole_session: bool = True,
    ) -> "Running":
        """Remember a process that has just been started.

        Raises:
            psutil.NoSuchProcess: when it has ended already.
        """
        born = psutil.Process(pid).create_time()
        return cls(name, pid, born, int(stop_signal), grace_s, whole_session)

    @classmethod
    def from_dict(cls, stored: dict[str, object]) -> "Running":
        """Read what `to_dict` wrote."""
        return cls(**stored)  # type: ignore[arg-type]

    def to_dict(self) -> dict[str, object]:
        """As JSON keeps it."""
        return asdict(self)

    def is_alive(self) -> bool:
        """Whether this very process runs; a zombie does not."""
        return same_process(self.pid, self.born)

    def members(self) -> list[psutil.Process]:
        """The process and the rest of its session. Tasks have process groups of their own but stay in it."""
        return list(self._members())

    def _members(self) -> Iterator[psutil.Process]:
        if self.whole_session:
            for process in psutil.process_iter():
                if _session_of(process.pid) == self.pid and _started_after(process, self.born):
                    yield process
        elif self.is_alive():
            yield psutil.Process(self.pid)


def same_process(pid: int, born: float) -> bool:
    """Whether the process with this pid is the one born then."""
    try:
        process = psutil.Process(pid)
        return (
            abs(process.create_time() - born) < _BORN_TOLERANCE_S and process.status() != psutil.STATUS_ZOMBIE
        )
    except psutil.NoSuchProcess:
        return False


def _session_of(pid: int) -> int:
    try:
        return os.getsid(pid)
    except (ProcessLookupError, PermissionError):
        return -1


def _started_after(process: psutil.Process, born: float) -> bool:
    try:
        running = process.status() != psutil.STATUS_ZOMBIE
        return running and process.create_time() > born - _BORN_TOLERANCE_S
    except psutil.NoSuchProcess:
        return False


def stop_together(running: Sequence[Running]) -> None:
    """Ask all of them to stop, ask again at half of the grace, and kill what is left after it.

    The second asking is for Airflow's scheduler, which otherwise waits for its tasks to finish.
    """
    for one in running:
        _ask(one)
    started = time.monotonic()
    for one in running:
        asked_again = False
        while one.is_alive() and (waited := time.monotonic() - started) < one.grace_s:
            if waited > one.grace_s / 2 and not asked_again:
                asked_again = True
                _ask(one)
            _reap(one.pid)
            time.sleep(_POLL_S)
        for process in one.members():
            with contextlib.suppress(psutil.NoSuchProcess):
                process.kill()
        _reap(one.pid)


def _ask(one: Running) -> None:
    if one.is_alive():
        with contextlib.suppress(ProcessLookupError):
            os.kill(one.pid, one.stop_signal)


def _reap(pid: int) -> None:
    """Take the exit status of a child of ours, so that it does not stay behind as a zombie."""
    with contextlib.suppress(ChildProcessError):
        os.waitpid(pid, os.WNOHANG)


@contextlib.contextmanager
def hold_interrupts() -> Iterator[None]:
    """Put off Ctrl-C and SIGTERM until the block is over: nothing is started without being remembered."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    came: list[int] = []
    handlers = {
        number: signal.signal(number, lambda which, _frame: came.append(which))
        for number in (signal.SIGINT, signal.SIGTERM)
    }
    try:
        yield
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler)
        if came:
            signal.raise_signal(came[0])


def free_port() -> int:
    """A TCP port of loopback that nothing listens on at this moment."""
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])


def port_is_taken(port: int) -> bool:
    """Whether something else has this port of loopback."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return True
    return False


def local_session() -> requests.Session:
    """A session for this machine alone: a proxy from the environment has no business with loopback."""
    session = requests.Session()
    session.trust_env = False
    return session
