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
from fpl_pulse.wording import sentence

_INTERRUPTED = 128
_LEAST_FREE_BYTES = 16 * 2**20
"""The size of one file of Postgres's write-ahead log."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code."""
    parser = _parser()
    chosen = parser.parse_args(arguments)
    # When the terminal closes, printing fails, but the stack must still stop.
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _exit_on_signal)
    own_folder = os.environ.get(STATE_FOLDER)
    layout = Layout(state=Path(own_folder).resolve()) if own_folder else Layout()
    # A file or a pipe has no width: print as for a terminal with 120 columns.
    console = Console(width=None if sys.stdout.isatty() else 120)
    call = Commands(layout, console)
    try:
        if chosen.command == "week":
            return call.week(chosen.monday)
        if chosen.command == "up":
            return call.up(None if chosen.unpause is None else chosen.unpause == "1")
        if chosen.command == "run":
            if not chosen.rest:
                parser.error("run needs a command, such as: run airflow dags list")
            return call.run(chosen.rest)
        code: int = getattr(call, chosen.command)()
        return code
    except LocalStackError as error:
        print(_disk_is_full(layout) or error, file=sys.stderr)
        return 1
    except (OSError, psycopg.OperationalError) as error:
        print(_disk_is_full(layout, error) or _machine_error(layout, error), file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("Interrupted. Stopped everything.", file=sys.stderr)
        return _INTERRUPTED + signal.SIGINT


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m dev.local", description="A real Airflow and Postgres on this machine."
    )
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("demo", help="run a week on the sandbox, print a report, and stop")
    up = commands.add_parser("up", help="start the stack and keep it running")
    up.add_argument(
        "--unpause",
        choices=("0", "1"),
        help="1 switches the pipelines on, 0 leaves them as they are; the default is 1 on the sandbox only",
    )
    commands.add_parser("down", help="stop the stack")
    week = commands.add_parser("week", help="run a week with the connections in the environment")
    week.add_argument("--monday", type=date.fromisoformat, help="the week's Monday, such as 2025-10-13")
    commands.add_parser("status", help="print which processes are running")
    run = commands.add_parser(
        "run", help="run a command in the environment of the running stack: run airflow dags list"
    )
    run.add_argument("rest", nargs=argparse.REMAINDER, metavar="COMMAND", help="the command and its arguments")
    commands.add_parser("clean", help="stop the stack and remove its data")
    return parser


def _disk_is_full(layout: Layout, error: Exception | None = None) -> str:
    """The message about a full disk; empty if the disk is not full. Airflow reports a full disk as HTTP 500."""
    folder = layout.state if layout.state.is_dir() else layout.state.parent
    is_reported = getattr(error, "errno", None) == errno.ENOSPC or "No space left on device" in str(error)
    if is_reported or (folder.is_dir() and shutil.disk_usage(folder).free < _LEAST_FREE_BYTES):
        return f"The disk is full: cannot write to {layout.state}. Free some space and run the command again."
    return ""


def _machine_error(layout: Layout, error: Exception) -> str:
    """The message about an error of the operating system or of the database connection."""
    text = " ".join(str(error).split())
    return f"The local stack failed: {sentence(text)} Its state is in {layout.state}; see the logs in {layout.logs}."


def _exit_on_signal(number: int, _frame: FrameType | None) -> None:
    """Exit by an exception, so that everything is stopped on the way out."""
    sys.exit(_INTERRUPTED + number)


if __name__ == "__main__":
    sys.exit(main())
