"""The screen of `make status`: whether this week is all right, and which processes run."""

from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import psycopg
from rich.console import Console

from dev.local import source
from dev.local.airflow_environment import POSTGRES_CONNECTION
from dev.local.airflow_stack import COMPONENTS
from dev.local.stack_record import StackRecord
from fpl_pulse.api import source_clock
from fpl_pulse.cli.status import week_lines
from fpl_pulse.errors import RetryableError
from fpl_pulse.store import week_status
from fpl_pulse.wording import sentence

_CONNECT_LIMIT_S = 5
_STATEMENT_LIMIT_MS = 20_000
_STYLES = {"NOT ALL RIGHT": "bold red", "ALL RIGHT": "bold green"}


def print_week(console: Console, record: StackRecord) -> None:
    """Print the status of the week, or one sentence that says why it cannot be read."""
    environment = record.environment(COMPONENTS)
    if environment is None:
        _print_problem(console, "The week is unknown: no process of Airflow is running.")
        return
    try:
        now = now_of(environment)
    except RetryableError as error:
        _print_problem(console, f"{sentence(error)} What follows is about the present.")
        now = datetime.now(UTC)
    try:
        lines = _read(environment[POSTGRES_CONNECTION], now, console.width)
    except psycopg.Error as error:
        _print_problem(console, f"The week is unknown, the database gives no answer: {' '.join(str(error).split())}")
        return
    verdict = next((style for words, style in _STYLES.items() if words in lines[0]), "bold")
    for number, line in enumerate(lines):
        console.print(line, style=verdict if number == 0 else "", highlight=False, markup=False, soft_wrap=True)


def _read(connection: str, now: datetime, columns: int) -> list[str]:
    options = f"-c statement_timeout={_STATEMENT_LIMIT_MS}"
    dsn = source.dsn_of(connection)
    with psycopg.connect(dsn, connect_timeout=_CONNECT_LIMIT_S, options=options, autocommit=True) as conn:
        week_status.set_now(conn, now)
        return list(week_lines(week_status.read(conn), columns))


def _print_problem(console: Console, problem: str) -> None:
    console.print(problem, style="bold red", highlight=False, markup=False, soft_wrap=True)


def print_processes(console: Console, record: StackRecord, logs: Path) -> None:
    """Print which processes run, and which have ended. `logs` is the folder with their output."""
    ended = [one.name for one in record.processes if not one.is_alive()]
    running = [one.name for one in record.processes if one.name not in ended]
    console.print(f"Processes {', '.join(running)}: running", highlight=False, soft_wrap=True)
    if ended:
        console.print(
            f"ENDED     {', '.join(ended)}: see {logs}, then start the stack again with `make up`",
            style="bold red",
            highlight=False,
            soft_wrap=True,
        )


def now_of(environment: Mapping[str, str]) -> datetime:
    """The time for which a run would work that is triggered now: the time of the source if it has a clock.

    Raises:
        RetryableError: the clock of the source does not respond.
    """
    wall_clock = datetime.now(UTC)
    address = environment.get(source_clock.SOURCE_CLOCK)
    return min(wall_clock, source_clock.read(address)) if address else wall_clock


def sql_environment(environment: Mapping[str, str]) -> dict[str, str]:
    """The variable that lets `psql` and other clients see the week of the source's time; empty without a clock."""
    if environment.get(source_clock.SOURCE_CLOCK):
        with suppress(RetryableError):
            options = (environment.get("PGOPTIONS", ""), f"-c pulse.now={now_of(environment).isoformat()}")
            return {"PGOPTIONS": " ".join(filter(None, options))}
    return {}
