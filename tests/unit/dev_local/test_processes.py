"""How processes are identified and stopped."""

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

from dev.local.processes import StartedProcess, defer_signals, stop_all
from dev.local.watchdog import Watchdog

SLEEP = "import time; time.sleep(60)"
# Like a task of Airflow: a child in its own process group.
PARENT = f"""
import os, subprocess, sys
child = subprocess.Popen([sys.executable, "-c", {SLEEP!r}], preexec_fn=lambda: os.setpgid(0, 0))
print(child.pid, flush=True)
child.wait()
"""


@pytest.fixture
def children() -> Iterator[list[subprocess.Popen[str]]]:
    """The processes that a test started; all are killed at its end."""
    started: list[subprocess.Popen[str]] = []
    yield started
    for process in started:
        process.kill()
        process.wait()
        if process.stdout is not None:
            process.stdout.close()


def start(children: list[subprocess.Popen[str]], code: str) -> subprocess.Popen[str]:
    process = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, start_new_session=True)
    children.append(process)
    return process


def gone(pid: int) -> bool:
    until = time.monotonic() + 10
    while psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE:
        if time.monotonic() > until:
            return False
        time.sleep(0.05)
    return True


def test_a_task_in_its_own_process_group_stops_with_its_scheduler(children: list[subprocess.Popen[str]]) -> None:
    parent = start(children, PARENT)
    assert parent.stdout is not None
    task = int(parent.stdout.readline())
    stop_all([StartedProcess.of("scheduler", parent.pid)])
    assert gone(parent.pid)
    assert gone(task)


def test_a_task_stops_even_if_its_scheduler_was_killed(children: list[subprocess.Popen[str]]) -> None:
    parent = start(children, PARENT)
    assert parent.stdout is not None
    task = int(parent.stdout.readline())
    running = StartedProcess.of("scheduler", parent.pid)
    os.kill(parent.pid, signal.SIGKILL)
    parent.wait()
    stop_all([running])
    assert gone(task)


def test_a_process_that_ignores_the_signal_is_killed_after_its_grace_period(
    children: list[subprocess.Popen[str]],
) -> None:
    ignoring = start(children, f"import signal; signal.signal(15, signal.SIG_IGN); print('ready', flush=True); {SLEEP}")
    assert ignoring.stdout is not None
    ignoring.stdout.readline()
    started = time.monotonic()
    stop_all([StartedProcess.of("ignoring", ignoring.pid, grace_s=0.5)])
    assert 0.4 < time.monotonic() - started < 5
    assert gone(ignoring.pid)


def test_a_later_process_with_the_same_pid_is_not_stopped(children: list[subprocess.Popen[str]]) -> None:
    unrelated = start(children, SLEEP)
    earlier = StartedProcess.of("scheduler", unrelated.pid)
    earlier = replace(earlier, created_at=earlier.created_at + 3600)
    assert not earlier.is_alive()
    stop_all([earlier])
    assert unrelated.poll() is None


def test_a_signal_waits_until_the_started_process_is_recorded() -> None:
    order: list[str] = []
    before = signal.signal(signal.SIGTERM, lambda *_: order.append("signal"))
    try:
        with defer_signals():
            signal.raise_signal(signal.SIGTERM)
            order.append("recorded")
    finally:
        signal.signal(signal.SIGTERM, before)
    assert order == ["recorded", "signal"]


def test_the_watchdog_stops_what_a_killed_launcher_left_running(
    children: list[subprocess.Popen[str]], tmp_path: Path
) -> None:
    project = Path(sys.modules[Watchdog.__module__].__file__ or "").parents[2]
    launcher = start(
        children,
        f"import subprocess, sys, time; sys.path.insert(0, {str(project)!r})\n"
        "from dev.local.watchdog import Watchdog\n"
        "from dev.local.processes import StartedProcess\n"
        f"child = subprocess.Popen([sys.executable, '-c', {SLEEP!r}], start_new_session=True)\n"
        "watchdog = Watchdog(); watchdog.watch(StartedProcess.of('child', child.pid))\n"
        "print(child.pid, flush=True); time.sleep(60)\n",
    )
    assert launcher.stdout is not None
    child = int(launcher.stdout.readline())
    launcher.kill()
    assert gone(child)


def test_a_released_watchdog_stops_nothing(children: list[subprocess.Popen[str]]) -> None:
    process = start(children, SLEEP)
    watchdog = Watchdog()
    watchdog.watch(StartedProcess.of("kept", process.pid))
    watchdog.release()
    assert process.poll() is None
