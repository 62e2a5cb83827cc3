"""The commands of the local stack: demo, up, down, week, status, run, clean."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path

from rich.console import Console

from dev.local import postgres_home, report, source
from dev.local.airflow_environment import (
    ADMIN,
    DEMO_DATABASES,
    POSTGRES_CONNECTION,
    REAL_DATABASES,
    Databases,
    admin_password,
)
from dev.local.airflow_stack import LocalStack
from dev.local.errors import LocalStackError
from dev.local.layout import Layout
from dev.local.progress import Progress
from dev.local.source import Sandbox, Source
from dev.local.stack_record import StackLock, StackRecord
from dev.local.week_run import PlannedRun, WeekRunner, newest_week, plan_week

DEMO_MONDAY = date(2025, 10, 13)
PACE = "FPL_PULSE_CALLS_PER_SECOND"
UI_PORT = "FPL_PULSE_UI_PORT"
STATE_FOLDER = "FPL_PULSE_LOCAL_DIR"
# The sandbox counts no quota, so the demo need not be slow.
_DEMO_PACE = "200"
_DOWN_LIMIT_S = 90.0


class Commands:
    """One call of `python -m dev.local`."""

    def __init__(self, layout: Layout, console: Console) -> None:
        """Choose the folders and where to print."""
        self._layout = layout
        self._console = console
        self._started = time.monotonic()

    def demo(self) -> int:
        """A week of the pretend season, from nothing to tables; 0 only if all of it holds."""
        planned = plan_week(DEMO_MONDAY)
        sandbox = Sandbox.at(self._layout, planned[0].as_of)
        stack = self._stack(sandbox.source, DEMO_DATABASES, pace=os.environ.get(PACE, _DEMO_PACE))
        stack.reserve()
        try:
            sandbox.start(stack.run_beside)
            stack.start()
            code = self._drive(stack, sandbox.source, planned)
        finally:
            stack.stop()
        self._say("Everything has been stopped; `make up` starts it again to look at")
        return code

    def week(self, monday: date | None) -> int:
        """A week against the connections of the environment."""
        data = source.from_environment()
        planned = plan_week(monday) if monday is not None else newest_week(datetime.now(UTC))
        stack = self._stack(data, REAL_DATABASES, pace=os.environ.get(PACE))
        with stack:
            return self._drive(stack, data, planned)

    def up(self) -> int:
        """The stack left running: by the clock on the environment's connections, else on the sandbox."""
        is_real = bool(os.environ.get(source.SOFASPORT_CONNECTION))
        sandbox = Sandbox.at(self._layout, plan_week(DEMO_MONDAY)[0].as_of)
        stack = self._stack(
            source.from_environment() if is_real else sandbox.source,
            REAL_DATABASES if is_real else DEMO_DATABASES,
            pace=os.environ.get(PACE) if is_real else os.environ.get(PACE, _DEMO_PACE),
            schedules=is_real,
            outlive_starter=True,
        )
        stack.reserve()
        try:
            if not is_real:
                sandbox.start(stack.run_beside)
            stack.start()
        except BaseException:
            stack.stop()
            raise
        stack.leave_running()
        self._print_address(stack.settings.url)
        if not is_real:
            self._console.print(
                f"Data from the sandbox, which shows {sandbox.as_of:%d %B %Y}; nothing runs by the clock.\n"
                "To set another moment: "
                f"curl -H 'content-type: application/json' {sandbox.source.clock_url} "
                '-d \'{"as_of": "2025-10-14T02:00:00Z"}\'',
                highlight=False,
                soft_wrap=True,
            )
        return 0

    def down(self) -> int:
        """Stop whatever runs here, in the background or in another terminal."""
        if self._stop_all():
            self._say("The local stack has been stopped")
        else:
            self._say("The local stack does not run")
        return 0

    def status(self) -> int:
        """Say what runs; 0 when the whole stack does, else 3."""
        record = StackRecord.load(self._layout)
        alive = [one for one in record.processes if one.is_alive()] if record is not None else []
        if record is None or not alive:
            self._console.print("The local stack does not run.")
            return 3
        for one in record.processes:
            self._console.print(
                f"{one.name:<14} {'runs, pid ' + str(one.pid) if one in alive else 'ended'}",
                highlight=False,
                soft_wrap=True,
            )
        if not record.url:
            self._console.print("It is still starting.")
            return 3
        self._print_address(record.url)
        return 0

    def run(self, command: Sequence[str]) -> int:
        """A command in the running stack's environment: `airflow dags list`, `python -m …`, `psql`, `pg_dump`.

        `psql` and its like find the data's database by themselves. Returns the command's exit code.

        Raises:
            LocalStackError: the stack does not run, or there is no such command.
        """
        record = StackRecord.load(self._layout)
        environment = record.environment() if record is not None else None
        if environment is None:
            raise LocalStackError("The local stack does not run; start it with `make up`.")
        environment |= source.libpq_environment(environment.get(POSTGRES_CONNECTION, ""))
        folders = (str(Path(sys.executable).parent), str(postgres_home.programs_folder()))
        path = os.pathsep.join((*folders, environment.get("PATH", "")))
        program = shutil.which(command[0], path=path)
        if program is None:
            raise LocalStackError(
                f"There is no command {command[0]!r} here; try `airflow`, `python` or `psql`."
            )
        return subprocess.run(
            [program, *command[1:]], env={**environment, "PATH": path}, check=False
        ).returncode

    def clean(self) -> int:
        """Stop everything and remove its data, passwords and logs."""
        self._stop_all()
        postgres_home.remove(self._layout.postgres)
        if self._layout.state.is_dir():
            shutil.rmtree(self._layout.state)
        self._say(f"Removed {self._layout.state}")
        return 0

    def _stack(
        self,
        data: Source,
        databases: Databases,
        *,
        pace: str | None,
        schedules: bool = False,
        outlive_starter: bool = False,
    ) -> LocalStack:
        port = os.environ.get(UI_PORT)
        if port is not None and not (port.isdecimal() and 0 < int(port) < 2**16):
            raise LocalStackError(f"{UI_PORT} is {port!r}; give the number of a TCP port.")
        return LocalStack(
            self._layout,
            data.connections,
            databases=databases,
            schedules=schedules,
            say=self._say,
            calls_per_second=pace,
            ui_port=None if port is None else int(port),
            outlive_starter=outlive_starter,
        )

    def _drive(self, stack: LocalStack, data: Source, planned: Sequence[PlannedRun]) -> int:
        dsn = source.dsn_of(stack.settings.connections[POSTGRES_CONNECTION])
        again = report.was_run_before(dsn, planned)
        before = report.fingerprints(dsn) if again else {}
        self._say(f"Running the week of {planned[0].as_of:%d %B %Y}" + (" again" if again else ""))
        with Progress(self._console) as progress:
            runner = WeekRunner(
                stack.airflow,
                progress,
                set_clock=data.set_clock if data.clock_url else None,
                logs_at=f"(logs in {self._layout.airflow_home / 'logs'})",
            )
            runs = runner.run(planned)
        figures = report.figures_of(dsn, runs)
        report.print_report(self._console, dsn, figures)
        after = report.fingerprints(dsn) if again else {}
        changed = sorted(table for table in after if after[table] != before.get(table))
        found = report.faults(figures, must_change_nothing=again, changed_tables=changed)
        for fault in found:
            self._console.print(fault, style="red", highlight=False, soft_wrap=True)
        if not found:
            self._say("Every run succeeded and every check held" + ("; no row changed" if again else ""))
        return 1 if found else 0

    def _stop_all(self) -> bool:
        """Whether anything ran."""
        if not self._layout.state.is_dir():
            return False
        lock = StackLock(self._layout)
        until = time.monotonic() + _DOWN_LIMIT_S
        asked = False
        while True:
            try:
                lock.take()
                break
            except LocalStackError:
                record = StackRecord.load(self._layout)
                if record is not None and not asked and record.starter.is_alive():
                    os.kill(record.starter.pid, signal.SIGTERM)
                    asked = True
                if time.monotonic() > until:
                    raise
                time.sleep(0.2)
        record = StackRecord.load(self._layout)
        stopped = record.stop() if record is not None else 0
        self._layout.record.unlink(missing_ok=True)
        lock.free()
        return asked or bool(stopped)

    def _print_address(self, url: str) -> None:
        self._console.print(
            f"Airflow: {url}\nLogin:   {ADMIN} / {admin_password(self._layout)}\nStop it: make down",
            highlight=False,
            soft_wrap=True,
        )

    def _say(self, line: str) -> None:
        self._console.print(
            f"[{time.monotonic() - self._started:6.1f} s] {line}",
            highlight=False,
            soft_wrap=True,
            markup=False,
        )
