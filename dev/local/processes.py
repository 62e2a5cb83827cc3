"""The processes of the local stack: how each is identified and stopped."""

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
_CREATED_TOLERANCE_S = 0.5
_POLL_S = 0.05


@dataclass(frozen=True)
class StartedProcess:
    """A process of the stack. Its creation time tells it apart from a later process with the same pid."""

    name: str
    pid: int
    created_at: float
    """Seconds since the epoch."""
    stop_signal: int = signal.SIGTERM
    grace_s: float = 6.0
    """Seconds between the stop signal and the kill."""
    owns_session: bool = True
    """It leads a session of its own; the whole session is stopped with it."""

    @classmethod
    def of(
        cls, name: str, pid: int, *, stop_signal: int = signal.SIGTERM, grace_s: float = 6.0, owns_session: bool = True
    ) -> "StartedProcess":
        """Describe a process that has just been started.

        Raises:
            psutil.NoSuchProcess: the process has already ended.
        """
        created_at = psutil.Process(pid).create_time()
        return cls(name, pid, created_at, int(stop_signal), grace_s, owns_session)

    @classmethod
    def from_dict(cls, stored: dict[str, object]) -> "StartedProcess":
        """The inverse of `to_dict`."""
        return cls(**stored)  # type: ignore[arg-type]

    def to_dict(self) -> dict[str, object]:
        """The fields as JSON values."""
        return asdict(self)

    def is_alive(self) -> bool:
        """Whether exactly this process is running. A zombie is not."""
        return same_process(self.pid, self.created_at)

    def members(self) -> list[psutil.Process]:
        """The process and the others of its session. Airflow's tasks have their own process groups, but stay in it."""
        return list(self._members())

    def _members(self) -> Iterator[psutil.Process]:
        if self.owns_session:
            for process in psutil.process_iter():
                if _session_of(process.pid) == self.pid and _started_after(process, self.created_at):
                    yield process
        elif self.is_alive():
            yield psutil.Process(self.pid)


def same_process(pid: int, created_at: float) -> bool:
    """Whether the process with this pid is running and was created at this time (seconds since the epoch)."""
    try:
        process = psutil.Process(pid)
        return (
            abs(process.create_time() - created_at) < _CREATED_TOLERANCE_S and process.status() != psutil.STATUS_ZOMBIE
        )
    except psutil.NoSuchProcess:
        return False


def _session_of(pid: int) -> int:
    try:
        return os.getsid(pid)
    except (ProcessLookupError, PermissionError):
        return -1


def _started_after(process: psutil.Process, created_at: float) -> bool:
    try:
        running = process.status() != psutil.STATUS_ZOMBIE
        return running and process.create_time() > created_at - _CREATED_TOLERANCE_S
    except psutil.NoSuchProcess:
        return False


def stop_all(running: Sequence[StartedProcess]) -> None:
    """Signal all of them to stop, signal again after half the grace period, and kill the rest at its end.

    The second signal is for Airflow's scheduler, which otherwise waits for its tasks to finish.
    """
    for one in running:
        _send_stop_signal(one)
    started = time.monotonic()
    for one in running:
        signalled_again = False
        while one.is_alive() and (waited := time.monotonic() - started) < one.grace_s:
            if waited > one.grace_s / 2 and not signalled_again:
                signalled_again = True
                _send_stop_signal(one)
            _reap(one.pid)
            time.sleep(_POLL_S)
        for process in one.members():
            with contextlib.suppress(psutil.NoSuchProcess):
                process.kill()
        _reap(one.pid)


def _send_stop_signal(one: StartedProcess) -> None:
    if one.is_alive():
        with contextlib.suppress(ProcessLookupError):
            os.kill(one.pid, one.stop_signal)


def _reap(pid: int) -> None:
    """Collect the exit status of our own child, so that it does not remain a zombie."""
    with contextlib.suppress(ChildProcessError):
        os.waitpid(pid, os.WNOHANG)


@contextlib.contextmanager
def defer_signals() -> Iterator[None]:
    """Defer Ctrl-C and SIGTERM until the block ends, so that no process is started without being recorded."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    received: list[int] = []
    handlers = {
        number: signal.signal(number, lambda which, _frame: received.append(which))
        for number in (signal.SIGINT, signal.SIGTERM)
    }
    try:
        yield
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler)
        if received:
            signal.raise_signal(received[0])


def free_port() -> int:
    """A TCP port of loopback that is free now."""
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])


def port_is_taken(port: int) -> bool:
    """Whether another program uses this port of loopback."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return True
    return False


def local_session() -> requests.Session:
    """An HTTP session for loopback. It ignores the proxy of the environment."""
    session = requests.Session()
    session.trust_env = False
    return session
