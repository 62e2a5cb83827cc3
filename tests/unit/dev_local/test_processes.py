"""How processes are told apart and stopped."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from dev.local.lifeline import Lifeline
from dev.local.processes import Running, hold_interrupts, stop_together

SLEEP = "import time; time.sleep(60)"
# Like a task of Airflow: a child with a process group of its own.
PARENT = f"""
import os, subprocess, sys
child = subprocess.Popen([sys.executable, "-c", {SLEEP!r}], preexec_fn=lambda: os.setpgid(0, 0))
print(child.pid, flush=True)
child.wait()
"""


@pytest.fixture
def children() -> Iterator[list[subprocess.Popen[str]]]:
    """Started processes; none outlives its test."""
    started: list[subprocess.Popen[str]] = []
    yield started
    for process in started:
        process.kill()
        process.wait()
        if process.stdout is not None:
            process.stdout.close()


def start(children: list[subprocess.Popen[str]], code: str) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, start_new_session=True
    )
    children.append(process)
    return process


def gone(pid: int) -> bool:
    until = time.monotonic() + 10
    while psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE:
        if time.monotonic() > until:
            return False
        time.sleep(0.05)
    return True


def test_a_task_in_its_own_process_group_stops_with_its_scheduler(
    children: list[subprocess.Popen[str]],
) -> None:
    parent = start(children, PARENT)
    assert parent.stdout is not None
    task = int(parent.stdout.readline())
    stop_together([Running.of("scheduler", parent.pid)])
    assert gone(parent.pid)
    assert gone(task)


def test_a_task_stops_though_its_scheduler_has_died_before(children: list[subprocess.Popen[str]]) -> None:
    parent = start(children, PARENT)
    assert parent.stdout is not None
    task = int(parent.stdout.readline())
    running = Running.of("scheduler", parent.pid)
    os.kill(parent.pid, signal.SIGKILL)
    parent.wait()
    stop_together([running])
    assert gone(task)


def test_a_process_that_does_not_listen_is_killed_after_its_grace(
    children: list[subprocess.Popen[str]],
) -> None:
    deaf = start(
        children, f"import signal; signal.signal(15, signal.SIG_IGN); print('deaf', flush=True); {SLEEP}"
    )
    assert deaf.stdout is not None
    deaf.stdout.readline()
    started = time.monotonic()
    stop_together([Running.of("deaf", deaf.pid, grace_s=0.5)])
    assert 0.4 < time.monotonic() - started < 5
    assert gone(deaf.pid)


def test_a_later_process_with_the_same_pid_is_not_stopped(children: list[subprocess.Popen[str]]) -> None:
    innocent = start(children, SLEEP)
    earlier = Running.of("scheduler", innocent.pid)
    earlier = replace(earlier, born=earlier.born + 3600)
    assert not earlier.is_alive()
    stop_together([earlier])
    assert innocent.poll() is None


def test_an_interrupt_waits_until_what_was_started_is_remembered() -> None:
    order: list[str] = []
    before = signal.signal(signal.SIGTERM, lambda *_: order.append("interrupt"))
    try:
        with hold_interrupts():
            signal.raise_signal(signal.SIGTERM)
            order.append("remembered")
    finally:
        signal.signal(signal.SIGTERM, before)
    assert order == ["remembered", "interrupt"]


def test_the_lifeline_stops_what_a_killed_starter_left(
    children: list[subprocess.Popen[str]], tmp_path: Path
) -> None:
    include = Path(sys.modules[Lifeline.__module__].__file__ or "").parents[2]
    starter = start(
        children,
        f"import subprocess, sys, time; sys.path.insert(0, {str(include)!r})\n"
        "from dev.local.lifeline import Lifeline\n"
        "from dev.local.processes import Running\n"
        f"child = subprocess.Popen([sys.executable, '-c', {SLEEP!r}], start_new_session=True)\n"
        "lifeline = Lifeline(); lifeline.guard(Running.of('child', child.pid))\n"
        "print(child.pid, flush=True); time.sleep(60)\n",
    )
    assert starter.stdout is not None
    child = int(starter.stdout.readline())
    starter.kill()
    assert gone(child)


def test_a_released_lifeline_lets_its_processes_live(children: list[subprocess.Popen[str]]) -> None:
    process = start(children, SLEEP)
    lifeline = Lifeline()
    lifeline.guard(Running.of("kept", process.pid))
    lifeline.release()
    assert process.poll() is None
