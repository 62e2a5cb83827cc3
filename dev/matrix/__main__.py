"""`python -m dev.matrix`: runs each case, prints its result, and says what was skipped and why."""

import argparse
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from dev.local import postgres_home
from dev.local.layout import Layout
from dev.local.processes import defer_signals
from dev.matrix import pythons
from dev.matrix.conditions import Conditions, User, strict, usual
from dev.matrix.pythons import VERSIONS, Interpreter

STEPS = ("install", "unit", "demo")
_LIMIT_S = 1200.0
"""Of one step. The longest one takes two minutes on two idle cores."""
_SHOWN_LINES = 25


@dataclass(frozen=True)
class Case:
    """One Python under one set of conditions."""

    python: Interpreter
    conditions: Conditions

    def __str__(self) -> str:
        return f"Python {self.python.version} {self.conditions.name}"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the cases. Returns 0 only if at least one ran and all that ran succeeded."""
    options = _parser().parse_args(arguments)
    signal.signal(signal.SIGTERM, lambda number, _frame: sys.exit(128 + number))
    found = pythons.find(options.interpreter)
    cases, skipped = plan(found, options.python, User.find())
    for line in skipped:
        print(f"Skipped: {line}", flush=True)
    failed = [case for case in cases if not _run(case, options.steps)]
    print(f"{len(cases) - len(failed)} of {len(cases)} cases passed, {len(skipped)} skipped.")
    return 0 if cases and not failed else 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m dev.matrix", description=__doc__)
    parser.add_argument("--python", action="append", choices=VERSIONS, help="only this version; may be repeated")
    parser.add_argument(
        "--interpreter", action="append", default=[], metavar="PATH", help="an interpreter that is not on the PATH"
    )
    parser.add_argument("--steps", nargs="+", choices=STEPS, default=STEPS, help="only these steps; install is needed")
    return parser


def plan(
    found: dict[str, Interpreter], wanted: Sequence[str] | None, user: User | None
) -> tuple[list[Case], list[str]]:
    """The cases to run, and what is skipped with its reason.

    Args:
        found: version -> interpreter of this machine.
        wanted: versions; None for all.
        user: the ordinary user for root; None if the user is no root.
    """
    cases, skipped = [], []
    for version in wanted or VERSIONS:
        python = found.get(version)
        if python is None:
            skipped.append(f"Python {version}: no working python{version} with its venv module is on this machine.")
            continue
        ordinary = user
        if user is not None and not user.can_run(python.path):
            ordinary = None
            skipped.append(
                f"Python {version} as {user.name}: this user cannot run {python.path}. Root runs that case instead."
            )
        cases += [Case(python, usual()), Case(python, strict(ordinary))]
    return cases, skipped


def _run(case: Case, steps: Sequence[str]) -> bool:
    """Run the steps of a case in a copy of the project. A copy with a failure is kept to be looked at."""
    # Everybody may pass through it, because the case may belong to another user.
    parent = Path(tempfile.mkdtemp(prefix="fpl-pulse-matrix-"))
    parent.chmod(0o711)
    folder = case.conditions.copy_project(parent)
    results = []
    try:
        for step, seconds, output in _steps(case, folder, steps):
            results.append(f"{step} {seconds:.0f} s")
            if output is not None:
                print(f"FAILED: {case}: {', '.join(results)}. The copy is in {folder}. The last lines:", flush=True)
                print(*output.splitlines()[-_SHOWN_LINES:], sep="\n", flush=True)
                return False
    except BaseException:
        shutil.rmtree(parent, ignore_errors=True)
        raise
    print(f"Passed: {case}: {', '.join(results)}.", flush=True)
    postgres_home.remove(Layout(project=folder, state=folder / ".local").postgres)
    shutil.rmtree(parent, ignore_errors=True)
    return True


def _steps(case: Case, folder: Path, steps: Sequence[str]) -> Iterator[tuple[str, float, str | None]]:
    """Run each step; yields its name, its seconds, and its output if it failed."""
    for step in steps:
        started = time.monotonic()
        command = ["make", step, *([f"PYTHON={case.python.path}"] if step == "install" else [])]
        code, output = _type(command, case.conditions, folder)
        yield step, time.monotonic() - started, None if code == 0 else output


def _type(command: Sequence[str], conditions: Conditions, folder: Path) -> tuple[int, str]:
    """Run a command as a user types it; returns its exit status and what it printed."""
    process: subprocess.Popen[str] | None = None
    try:
        with defer_signals():
            process = subprocess.Popen(
                command,
                cwd=folder,
                env=conditions.environment(os.environ),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                start_new_session=True,
                **conditions.run_options,
            )
        output, _ = process.communicate(timeout=_LIMIT_S)
        return process.returncode, output
    except subprocess.TimeoutExpired:
        return 1, f"{_stop(process)}\nStopped after {_LIMIT_S:.0f} s."
    except BaseException:
        _stop(process)
        raise


def _stop(process: "subprocess.Popen[str] | None") -> str:
    """Stop a step with all its processes; returns what it had printed."""
    if process is None or process.poll() is not None:
        return ""
    os.killpg(process.pid, signal.SIGTERM)
    return process.communicate()[0]


if __name__ == "__main__":
    sys.exit(main())
