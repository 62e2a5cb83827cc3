"""The memory of Airflow's processes while a block runs."""

import contextlib
import threading
from collections import defaultdict
from types import TracebackType
from typing import Self

import psutil

from dev.local.layout import Layout
from dev.local.processes import StartedProcess
from dev.local.stack_record import StackRecord

_EVERY_S = 0.5


class MemoryPeaks:
    """Samples the memory of each component: its processes together, and the largest process of a task."""

    def __init__(self, layout: Layout) -> None:
        """Choose the stack; sampling starts with the block."""
        self._layout = layout
        self._peaks: dict[str, float] = defaultdict(float)
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._sample_until_stopped, name="memory", daemon=True)

    def __enter__(self) -> Self:
        """Start sampling."""
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop sampling."""
        self._stopped.set()
        self._thread.join()

    def peaks_mb(self) -> dict[str, float]:
        """Component -> peak in MB. Memory that forked processes share counts once (proportional set size)."""
        return dict(self._peaks)

    def _sample_until_stopped(self) -> None:
        while not self._stopped.wait(_EVERY_S):
            record = StackRecord.load(self._layout)
            for component in record.processes if record is not None else ():
                self._sample(component)

    def _sample(self, component: StartedProcess) -> None:
        total = 0.0
        for process in component.members():
            # A task may end between the list and the look.
            with contextlib.suppress(psutil.NoSuchProcess):
                size_mb = process.memory_full_info().pss / 1e6
                if component.name == "scheduler" and component.pid not in (process.pid, process.ppid()):
                    # The scheduler's children are the workers of the LocalExecutor, and theirs are the tasks.
                    self._note("task", size_mb)
                else:
                    total += size_mb
        self._note(component.name, total)

    def _note(self, name: str, size_mb: float) -> None:
        self._peaks[name] = max(self._peaks[name], size_mb)
