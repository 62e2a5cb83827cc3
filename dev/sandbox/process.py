"""A sandbox that runs as a process of its own while a test or a measurement needs it."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from dev.sandbox.season import DEFAULT_CLUBS

PROJECT = Path(__file__).resolve().parents[2]
KEY = "key-of-the-tests"
"""The only key that this sandbox accepts."""


@contextmanager
def running_sandbox(as_of: datetime, clubs: int = DEFAULT_CLUBS) -> Iterator[str]:
    """The URL of a sandbox with its clock at `as_of` (UTC), on a free port; it ends with the block.

    Raises:
        RuntimeError: it did not start.
    """
    command = [sys.executable, "-m", "dev.sandbox", "--port", "0", "--as-of", f"{as_of:%Y-%m-%dT%H:%M:%SZ}"]
    command += ["--clubs", str(clubs)]
    path = f"{PROJECT / 'include'}{os.pathsep}{PROJECT}"
    env = {**os.environ, "PYTHONPATH": path, "FPL_PULSE_SANDBOX_KEY": KEY}
    with subprocess.Popen(command, env=env, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield _address(process)
        finally:
            process.terminate()


def _address(process: "subprocess.Popen[str]") -> str:
    """The URL in the line that the sandbox prints when it is ready."""
    if process.stdout is None:
        raise RuntimeError("The sandbox was started without a pipe for its output")
    line = process.stdout.readline()
    found = re.search(r"http://\S+", line)
    if found is None:
        raise RuntimeError(f"The sandbox did not start: {line.strip() or 'no output'}")
    return found[0]
