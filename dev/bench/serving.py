"""A server of the product in a process of its own, on a database of the benchmark."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import httpx
import psutil

from dev.local.airflow_environment import POSTGRES_CONNECTION
from dev.local.layout import PROJECT
from dev.local.processes import free_port

_LONGEST_START_S = 60


@contextmanager
def server_of(module: str, dsn: str, folder: Path, settings: Mapping[str, str]) -> Iterator[tuple[str, psutil.Process]]:
    """The address and the process of `python -m MODULE --port PORT`.

    Args:
        module: serves HTTP on a port of loopback.
        dsn: the database of the connection `fpl_postgres`.
        folder: for the files of the process.
        settings: further environment variables.

    Raises:
        RuntimeError: the server does not start.
    """
    port = free_port()
    environment = {
        **os.environ,
        "AIRFLOW_HOME": str(folder),
        POSTGRES_CONNECTION: dsn,
        "PYTHONPATH": f"{PROJECT / 'include'}{os.pathsep}{PROJECT}",
        **settings,
    }
    command = [sys.executable, "-m", module, "--port", str(port)]
    with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL) as process:
        try:
            address = f"http://127.0.0.1:{port}"
            _wait(address, process)
            yield address, psutil.Process(process.pid)
        finally:
            process.terminate()


def _wait(address: str, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + _LONGEST_START_S
    while process.poll() is None and time.monotonic() < until:
        try:
            httpx.get(f"{address}/api/seasons/")
        except httpx.TransportError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError(f"The server did not start within {_LONGEST_START_S} s: its message is above")
