"""The record of the stack's processes (a file that stays), and the stack's lock (freed when its holder ends)."""

import fcntl
import json
import os
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass, field
from typing import IO

import psutil

from dev.local.airflow_environment import POSTGRES_CONNECTION
from dev.local.errors import LocalStackError
from dev.local.layout import Layout, write_private
from dev.local.processes import StartedProcess, stop_all


@dataclass
class StackRecord:
    """The processes that were started, in order of start."""

    launcher: StartedProcess
    """The process that started the stack."""
    keeps_running: bool
    """Whether the stack keeps running when the launcher ends."""
    url: str = ""
    """Address of the user interface; empty until everything is healthy."""
    processes: list[StartedProcess] = field(default_factory=list)

    def save(self, layout: Layout) -> None:
        """Write the file."""
        stored = {
            "launcher": self.launcher.to_dict(),
            "keeps_running": self.keeps_running,
            "url": self.url,
            "processes": [one.to_dict() for one in self.processes],
        }
        write_private(layout.record, json.dumps(stored, indent=1))

    @classmethod
    def load(cls, layout: Layout) -> "StackRecord | None":
        """Read the file; None if nothing was started.

        Raises:
            LocalStackError: another version of this program wrote the file.
        """
        if not layout.record.exists():
            return None
        stored = json.loads(layout.record.read_text())
        try:
            return cls(
                StartedProcess.from_dict(stored["launcher"]),
                stored["keeps_running"],
                stored["url"],
                [StartedProcess.from_dict(one) for one in stored["processes"]],
            )
        except (KeyError, TypeError) as error:
            raise LocalStackError(
                f"{layout.record} was written by another version of this program. "
                "End the processes that it lists, then remove the file."
            ) from error

    def is_full(self) -> bool:
        """Whether all processes of a stack that keeps running are alive."""
        return bool(self.url) and self.keeps_running and all(one.is_alive() for one in self.processes)

    def environment(self, names: Collection[str] = ("scheduler",)) -> dict[str, str] | None:
        """The environment of the first of these processes that runs, with the connections; None if none of them does.

        The api-server overwrites its own by a title, so it is passed over.
        """
        for one in self.processes:
            if one.name in names and one.is_alive():
                with suppress(psutil.Error):
                    environment: dict[str, str] = psutil.Process(one.pid).environ()
                    if POSTGRES_CONNECTION in environment:
                        return environment
        return None

    def stop(self) -> int:
        """Stop the processes, the newest first. Returns how many were alive."""
        alive = [one for one in reversed(self.processes) if one.is_alive()]
        for one in reversed(self.processes):
            # Even if this process has died, others of its session may be alive.
            stop_all([one])
        return len(alive)


class StackLock:
    """Held by the one process that starts, runs or stops the stack. The system frees it when that process ends."""

    def __init__(self, layout: Layout) -> None:
        """Choose the state folder."""
        self._layout = layout
        self._file: IO[str] | None = None

    def acquire(self) -> None:
        """Take the lock.

        Raises:
            LocalStackError: another process holds it; the message names its pid.
        """
        self._layout.make()
        file = (self._layout.state / "lock").open("a+")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            holder = file.read().strip() or "unknown"
            file.close()
            raise LocalStackError(
                f"The local stack is in use by process {holder}; wait until it ends, or stop it with `make down`."
            ) from None
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        self._file = file

    def release(self) -> None:
        """Release the lock."""
        if self._file is not None:
            self._file.close()
            self._file = None
