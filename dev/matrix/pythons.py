"""The Pythons of this machine on which the project should run."""

import os
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

VERSIONS = ("3.11", "3.12", "3.13")
_CHECK = "import sys, ensurepip, venv; print('%d.%d' % sys.version_info[:2], sys.executable, sep='\\n')"
_LIMIT_S = 30


@dataclass(frozen=True)
class Interpreter:
    """A Python that works and can make virtual environments."""

    version: str
    path: Path


def find(named: Sequence[str] = (), environment: Mapping[str, str] = os.environ) -> dict[str, Interpreter]:
    """Version to the first interpreter that works: those that were named, on the PATH, then of pyenv."""
    found: dict[str, Interpreter] = {}
    for candidate in (*named, *_on_path(environment), *_of_pyenv(environment)):
        interpreter = _tried(candidate)
        if interpreter is not None and interpreter.version in VERSIONS:
            found.setdefault(interpreter.version, interpreter)
    return found


def _on_path(environment: Mapping[str, str]) -> Iterator[str]:
    for folder in environment.get("PATH", "").split(os.pathsep):
        for name in (*(f"python{version}" for version in VERSIONS), "python3"):
            if folder and os.access(Path(folder) / name, os.X_OK):
                yield str(Path(folder) / name)


def _of_pyenv(environment: Mapping[str, str]) -> Iterator[str]:
    """Versions of pyenv that are not selected: their names on the PATH are shims that refuse to run."""
    root = environment.get("PYENV_ROOT") or f"{environment.get('HOME', '')}/.pyenv"
    for version in VERSIONS:
        yield from map(str, sorted(Path(root).glob(f"versions/{version}.*/bin/python{version}")))


def _tried(candidate: str) -> Interpreter | None:
    """Run a candidate; None if it does not work. A name on the PATH may be a shim without an interpreter."""
    try:
        done = subprocess.run(
            [candidate, "-c", _CHECK], capture_output=True, text=True, check=False, timeout=_LIMIT_S, cwd="/"
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    lines = done.stdout.splitlines()
    return Interpreter(lines[0], Path(lines[1])) if done.returncode == 0 and len(lines) == 2 else None
