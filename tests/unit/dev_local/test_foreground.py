"""A command in the foreground ends by itself, also when somebody presses Ctrl-C or stops the process that runs it."""

import os
import signal
import subprocess
import sys

import pytest

from tests.conftest import PROJECT

COMMAND = """
import signal, sys, time
def end(number, frame):
    time.sleep(0.6)
    print("in order", number, flush=True)
    sys.exit(7)
signal.signal(signal.SIGINT, end)
signal.signal(signal.SIGTERM, end)
print("ready", flush=True)
time.sleep(30)
"""
RUNNER = """
import os, signal, sys
from dev.local.foreground import run_in_foreground
signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
sys.exit(run_in_foreground([sys.executable, "-c", sys.argv[1]], os.environ))
"""


@pytest.mark.parametrize(
    ("number", "is_from_terminal", "expected"), [(signal.SIGINT, True, 7), (signal.SIGTERM, False, 143)]
)
def test_a_signal_lets_the_command_end_in_order(number: signal.Signals, is_from_terminal: bool, expected: int) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", RUNNER, COMMAND], cwd=PROJECT, stdout=subprocess.PIPE, text=True, start_new_session=True
    ) as runner:
        assert runner.stdout
        assert runner.stdout.readline() == "ready\n"
        if is_from_terminal:
            os.killpg(runner.pid, number)
        else:
            runner.send_signal(number)
        output, _ = runner.communicate(timeout=20)
    assert output == f"in order {number}\n"
    assert runner.returncode == expected
