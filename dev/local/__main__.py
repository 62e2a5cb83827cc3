"""`python -m dev.local demo|up|down|week|status|run|clean`."""

import argparse
import errno
import os
import shutil
import signal
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from types import FrameType

import psycopg
from rich.console import Console

from dev.local.commands import STATE_FOLDER, Commands
from dev.local.errors import LocalStackError
from dev.local.layout import Layout

_INTERRUPTED = 128
_LEAST_FREE_BYTES = 16 * 2**20
"""Postgres writes its log ahead in files of this size."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m dev.local", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("demo", help="a week of a pretend season, start to end")
    commands.add_parser("up", help="start the stack and leave it running")
    commands.add_parser("down", help="stop the stack")
    week = commands.add_parser("week", help="a week against the connections of the environment")
    week.add_argument("--monday", type=date.fromisoformat, help="the week's Monday, as 2025-10-13")
    commands.add_parser("status", help="say what runs")
    run = commands.add_parser(
        "run", help="a command in the running stack's environment: run airflow dags list"
    )
    run.add_argument(
        "rest", nargs=argparse.REMAINDER, metavar="COMMAND", help="the command and its arguments"
    )
    commands.add_parser("clean", help="stop the stack and remove its data")
    chosen = parser.parse_args(arguments)
    # Once the terminal has gone, printing fails; the stack must stop all the same.
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _end)
    own_folder = os.environ.get(STATE_FOLDER)
    layout = Layout(state=Path(own_folder).resolve()) if own_folder else Layout()
    # A file or a pipe has no width; the widest table needs this many columns.
    console = Console(width=None if sys.stdout.isatty() else 120)
    call = Commands(layout, console)
    try:
        if chosen.command == "week":
            return call.week(chosen.monday)
        if chosen.command == "run":
            if not chosen.rest:
                parser.error("run needs a command: run airflow dags list")
            return call.run(chosen.rest)
        code: int = getattr(call, chosen.command)()
        return code
    except LocalStackError as error:
        print(_disk_is_full(layout) or error, file=sys.stderr)
        return 1
    except (OSError, psycopg.OperationalError) as error:
        print(_disk_is_full(layout, error) or _refused(layout, error), file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("Interrupted; everything has been stopped.", file=sys.stderr)
        return _INTERRUPTED + signal.SIGINT


def _disk_is_full(layout: Layout, error: Exception | None = None) -> str:
    """The sentence about a full disk; empty when it is not. Airflow hides it behind an HTTP 500."""
    folder = layout.state if layout.state.is_dir() else layout.state.parent
    refused = getattr(error, "errno", None) == errno.ENOSPC or "No space left on device" in str(error)
    if refused or (folder.is_dir() and shutil.disk_usage(folder).free < _LEAST_FREE_BYTES):
        return f"The disk is full: nothing more can be written to {layout.state}; free some space and run it again."
    return ""


def _refused(layout: Layout, error: Exception) -> str:
    """What the machine refused, in words."""
    text = " ".join(str(error).split())
    return f"This machine refused something: {text} (state is kept in {layout.state}, logs in {layout.logs})."


def _end(number: int, _frame: FrameType | None) -> None:
    """Unwind as at an error, so that everything is stopped on the way out."""
    sys.exit(_INTERRUPTED + number)


if __name__ == "__main__":
    sys.exit(main())
