"""A copy of the project in which a test types `make` commands, in a folder whose name has spaces and umlauts.

`.venv` of the copy has the packages of the tests' own Python. Its programs can be replaced by ones that record how they
were called. `pretend_stack` makes `make` believe that a stack is running: its scheduler only sleeps.
"""

import json
import os
import re
import shutil
import stat
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
import pytest
from psycopg.conninfo import conninfo_to_dict

from dev.local.airflow_environment import POSTGRES_CONNECTION, AirflowSettings, environment, postgres_connection
from dev.local.layout import PROJECT, Layout
from dev.local.processes import StartedProcess
from dev.local.stack_record import StackRecord

LEFT_OUT = shutil.ignore_patterns(
    ".git", ".venv", ".local", ".env", "*.dump", "__pycache__", ".*_cache", ".hypothesis", ".coverage*"
)
NOISE = re.compile(r"warning|make: \*\*\*|graphviz|pathspec|pip ", re.IGNORECASE)
"""What no output of a successful command may contain."""

_OWN = ("AIRFLOW", "FPL_PULSE", "PYTEST", "MAKE", "MFLAGS", "PYTHON", "COV_")
"""Beginnings of variables that the tests, or a `make` that runs them, have set."""

_ARGUMENTS = frozenset({
    "ACCEPT_SMALLER", "ARGS", "BECAUSE", "FILE", "FORMAT", "GW", "MONDAY", "PLAYER", "SEASON", "UNPAUSE", "VIEW",
    "WORKERS",
})  # fmt: skip
"""Arguments of a `make` that runs the tests. It exports them, and a typed `make` would take them for its own."""

RECORDER = """#!/bin/sh
case "$1 $2" in "-m dev.local") exec "$(dirname "$0")/python3" "$@" ;; esac
exec "$(dirname "$0")/python3" -c '
import json, os, sys
file = sys.argv.pop(1)
with open(file, "w") as out:
    json.dump({"arguments": sys.argv[1:], "environment": dict(os.environ)}, out)
' "$(dirname "$0")/recorded.json" "$@"
"""


@dataclass(frozen=True)
class Call:
    """How a program of the stack was called."""

    arguments: list[str]
    environment: dict[str, str]


@dataclass(frozen=True)
class Checkout:
    """The copy."""

    folder: Path

    @property
    def layout(self) -> Layout:
        """The local stack of the copy."""
        return Layout(project=self.folder, state=self.folder / ".local")

    def type(self, command: str, **variables: str) -> subprocess.CompletedProcess[str]:
        """Run a command line in a shell in the copy, with more environment variables."""
        mine = {name for name in os.environ if name.startswith(_OWN)} | _ARGUMENTS
        inherited = {name: value for name, value in os.environ.items() if name not in mine}
        return subprocess.run(
            ["/bin/sh", "-c", command],
            cwd=self.folder,
            env=inherited | variables,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            timeout=600,
        )

    def record(self, *programs: str) -> None:
        """Replace programs of `.venv`, `python` among them, by ones that only record how they are called."""
        for name in programs:
            program = self.folder / ".venv" / "bin" / name
            program.unlink(missing_ok=True)
            program.write_text(RECORDER)
            program.chmod(program.stat().st_mode | stat.S_IXUSR)

    def recorded(self) -> Call:
        """The last recorded call."""
        file = self.folder / ".venv" / "bin" / "recorded.json"
        stored = json.loads(file.read_text())
        file.unlink()
        return Call(**stored)

    @contextmanager
    def pretend_stack(self, environment: Mapping[str, str]) -> Iterator[None]:
        """Record a stack whose scheduler was started with this environment and is alive."""
        self.layout.make()
        sleep = [sys.executable, "-c", "import time; time.sleep(600)"]
        with subprocess.Popen(sleep, env=dict(environment), start_new_session=True) as process:
            try:
                launcher = StartedProcess.of("launcher", psutil.Process().pid)
                parts = [StartedProcess.of("scheduler", process.pid)]
                StackRecord(launcher, keeps_running=True, url="http://127.0.0.1:1", processes=parts).save(self.layout)
                yield
            finally:
                process.kill()
                self.layout.record.unlink(missing_ok=True)


def copy_project(folder: Path) -> Checkout:
    """Copy the project's files, and give the copy a `.venv` that is linked to the packages of this Python."""
    shutil.copytree(PROJECT, folder, ignore=LEFT_OUT, symlinks=True)
    mine, programs = Path(sys.prefix), folder / ".venv" / "bin"
    programs.mkdir(parents=True)
    for program in (mine / "bin").iterdir():
        (programs / program.name).symlink_to(program.resolve() if program.is_symlink() else program)
    for name in ("lib", "pyvenv.cfg"):
        (folder / ".venv" / name).symlink_to(mine / name)
    (folder / ".venv" / ".installed").touch()
    return Checkout(folder)


def stack_environment(checkout: Checkout, connection: str, **variables: str) -> dict[str, str]:
    """The environment of a scheduler that `make up` starts, and more variables.

    Args:
        checkout: where the stack is.
        connection: the connection fpl_postgres in JSON.
        variables: what else was in the environment of `make up`.
    """
    checkout.layout.make()
    own_database = "postgresql://pulse:not-a-password@127.0.0.1:1/airflow"
    settings = AirflowSettings(checkout.layout, 8123, own_database, False, {POSTGRES_CONNECTION: connection})
    return environment(settings) | {"PYTHONPATH": str(checkout.folder / "include")} | variables


def connection_to(dsn: str) -> str:
    """The connection fpl_postgres in JSON to the database at an address."""
    parts = {key: str(value) for key, value in conninfo_to_dict(dsn).items()}
    return postgres_connection(int(parts["port"]), parts["password"], parts["dbname"])


def output(done: subprocess.CompletedProcess[Any]) -> str:
    """Everything that a command printed; fails the test if the command failed."""
    if done.returncode != 0:
        pytest.fail(f"{done.args[-1]} ended with {done.returncode}:\n{done.stdout}\n{done.stderr}")
    return f"{done.stdout}{done.stderr}"
