"""Which processes of the local stack run: a file that outlives its writer, and a lock that does not."""

import fcntl
import json
import os
from dataclasses import dataclass, field
from typing import IO

import psutil

from dev.local.errors import LocalStackError
from dev.local.layout import Layout, write_private
from dev.local.processes import Running, stop_together


@dataclass
class StackRecord:
    """What was started, in order of start."""

    starter: Running
    outlives_starter: bool
    url: str = ""
    """Of the user interface; empty until everything is healthy."""
    processes: list[Running] = field(default_factory=list)

    def save(self, layout: Layout) -> None:
        """Write it down."""
        stored = {
            "starter": self.starter.to_dict(),
            "outlives_starter": self.outlives_starter,
            "url": self.url,
            "processes": [one.to_dict() for one in self.processes],
        }
        write_private(layout.record, json.dumps(stored, indent=1))

    @classmethod
    def load(cls, layout: Layout) -> "StackRecord | None":
        """Read it; None when nothing was started."""
        if not layout.record.exists():
            return None
        stored = json.loads(layout.record.read_text())
        return cls(
            Running.from_dict(stored["starter"]),
            stored["outlives_starter"],
            stored["url"],
            [Running.from_dict(one) for one in stored["processes"]],
        )

    def is_full(self) -> bool:
        """Whether a stack that was left running still runs, every part of it."""
        return bool(self.url) and self.outlives_starter and all(one.is_alive() for one in self.processes)

    def environment(self) -> dict[str, str] | None:
        """The environment of the running scheduler: its Airflow, its connections. None while it does not run."""
        for one in self.processes:
            if one.name == "scheduler" and one.is_alive():
                return psutil.Process(one.pid).environ()
        return None

    def stop(self) -> int:
        """Stop what still runs, the newest first. Returns how many did."""
        alive = [one for one in reversed(self.processes) if one.is_alive()]
        for one in reversed(self.processes):
            # A part that has died may have left members of its session.
            stop_together([one])
        return len(alive)


class StackLock:
    """Held by the one process that starts, runs or stops the stack; freed by the system when it ends."""

    def __init__(self, layout: Layout) -> None:
        """Choose the state folder."""
        self._layout = layout
        self._file: IO[str] | None = None

    def take(self) -> None:
        """Take the lock.

        Raises:
            LocalStackError: another process has it; the sentence names it.
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
                f"The local stack is in use by process {holder}; "
                "wait for it to end, or stop it with `make down`."
            ) from None
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        self._file = file

    def free(self) -> None:
        """Give the lock back."""
        if self._file is not None:
            self._file.close()
            self._file = None
