"""The commands of the local stack: demo, up, down, week, status, run, clean."""

import os
import shutil
import signal
import sys
import time
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path

import requests
from rich.console import Console

from dev.local import postgres_home, report, source, week_status
from dev.local.airflow_api import AirflowApi
from dev.local.airflow_environment import (
    ADMIN,
    DEMO_DATABASES,
    POSTGRES_CONNECTION,
    REAL_DATABASES,
    Databases,
    admin_password,
)
from dev.local.airflow_stack import LocalStack
from dev.local.command_environment import command_environment
from dev.local.errors import LocalStackError
from dev.local.foreground import run_in_foreground
from dev.local.layout import Layout
from dev.local.progress import Progress
from dev.local.running import RunningStack, connections_of_caller
from dev.local.source import Sandbox, Source
from dev.local.stack_record import StackLock, StackRecord
from dev.local.switches import paused_line, switches
from dev.local.week_run import PlannedRun, WeekRunner, end_of, newest_week, plan_week

DEMO_MONDAY = date(2025, 10, 13)
CALLS_PER_SECOND = "FPL_PULSE_CALLS_PER_SECOND"
UI_PORT = "FPL_PULSE_UI_PORT"
STATE_FOLDER = "FPL_PULSE_LOCAL_DIR"
# The sandbox has no quota, so the demo can call it much faster than a real API.
_DEMO_CALLS_PER_SECOND = "200"
_DOWN_LIMIT_S = 90.0


class Commands:
    """One call of `python -m dev.local`."""

    def __init__(self, layout: Layout, console: Console) -> None:
        """Choose the folders and the console."""
        self._layout = layout
        self._console = console
        self._started = time.monotonic()

    def demo(self) -> int:
        """Run a week on the sandbox, print the report and stop. Returns 0 only if all runs and checks succeed."""
        planned = plan_week(DEMO_MONDAY)
        stack = self._stack(
            Source(), DEMO_DATABASES, calls_per_second=os.environ.get(CALLS_PER_SECOND, _DEMO_CALLS_PER_SECOND)
        )
        stack.reserve()
        try:
            sandbox = Sandbox.at(self._layout, planned[0].as_of)
            self._start_sandbox(stack, sandbox)
            stack.start()
            code = self._run_week(stack, sandbox.source, planned)
            # A later `make up` begins here: all runs of the week are over.
            sandbox.source.set_clock(end_of(planned))
        finally:
            stack.stop()
        self._print_progress("Stopped everything. To look at the data in Airflow, run `make up`")
        return code

    def week(self, monday: date | None) -> int:
        """Run a week with the connections in the environment. Returns 0 only if all runs and checks succeed."""
        data = source.from_environment()
        planned = plan_week(monday) if monday is not None else newest_week(datetime.now(UTC))
        stack = self._stack(data, REAL_DATABASES, calls_per_second=os.environ.get(CALLS_PER_SECOND))
        with stack:
            return self._run_week(stack, data, planned)

    def up(self, unpause: bool | None = None) -> int:
        """Start the stack and keep it running, unless it is running; print its address and what is switched on.

        With connections in the environment, DAGs run on their schedules. Otherwise the sandbox provides the data,
        and only triggered runs exist: they work for the sandbox's time, which a later start keeps. The first start
        begins at the end of the demo's week.

        Args:
            unpause: whether to switch the pipelines on; None: only on the sandbox, where no run begins by itself.
        """
        running = RunningStack.find(self._layout)
        if running is None:
            running = self._start_and_leave_running()
        else:
            running.require_connections(connections_of_caller())
            self._print_progress("The local stack is already running")
        self._print_address(running.url)
        if unpause or (unpause is None and running.on_sandbox):
            running.switch_on()
        for line in running.lines():
            self._console.print(line, highlight=False, soft_wrap=True, markup=False)
        return 0

    def _start_and_leave_running(self) -> RunningStack:
        is_real = bool(os.environ.get(source.SOFASPORT_CONNECTION))
        stack = self._stack(
            source.from_environment() if is_real else Source(),
            REAL_DATABASES if is_real else DEMO_DATABASES,
            calls_per_second=os.environ.get(CALLS_PER_SECOND, None if is_real else _DEMO_CALLS_PER_SECOND),
            schedules=is_real,
            keep_running=True,
        )
        stack.reserve()
        try:
            if not is_real:
                self._start_sandbox(stack, Sandbox.again(self._layout, end_of(plan_week(DEMO_MONDAY))))
            stack.start()
        except BaseException:
            stack.stop()
            raise
        stack.leave_running()
        return RunningStack(self._layout, stack.settings.url, stack.settings.connections, on_sandbox=not is_real)

    @staticmethod
    def _start_sandbox(stack: LocalStack, sandbox: Sandbox) -> None:
        """Start the sandbox in a reserved stack. Its port is chosen after the processes of a crash were stopped."""
        stack.connect(sandbox.source.variables)
        sandbox.start(stack.start_process)

    def down(self) -> int:
        """Stop the stack, whether it runs in the background or in another terminal."""
        if self._stop_all():
            self._print_progress("Stopped the local stack")
        else:
            self._print_progress("The local stack is not running")
        return 0

    def status(self) -> int:
        """Print whether the week is all right, and which processes run. Returns 0 if the stack is running, else 3."""
        record = StackRecord.load(self._layout)
        alive = [one for one in record.processes if one.is_alive()] if record is not None else []
        if record is None or not alive:
            self._console.print("The local stack is not running. Start it with `make up`.")
            return 3
        if record.url:
            week_status.print_week(self._console, record)
            self._print_paused(record.url)
        week_status.print_processes(self._console, record, self._layout.logs)
        if not record.url:
            self._console.print("The local stack is still starting.")
            return 3
        self._print_address(record.url)
        return 0

    def run(self, command: Sequence[str]) -> int:
        """Run a command with the settings of the running stack: `airflow dags list`, `python -m ...`, `psql`.

        `psql`, `pg_dump` and `pg_restore` connect to the product's database. Returns the command's exit code.

        Raises:
            LocalStackError: the stack is not running, or the command does not exist.
        """
        record = StackRecord.load(self._layout)
        environment = record.environment() if record is not None else None
        if environment is None:
            raise LocalStackError(
                "The local stack is not running, or one of its processes has ended (see `make status`). Start it with"
                " `make up`."
            )
        environment = command_environment(os.environ, environment)
        environment |= source.libpq_environment(environment.get(POSTGRES_CONNECTION, ""))
        environment |= week_status.sql_environment(environment)
        folders = (str(Path(sys.executable).parent), str(postgres_home.programs_folder()))
        path = os.pathsep.join((*folders, environment.get("PATH", "")))
        program = shutil.which(command[0], path=path)
        if program is None:
            raise LocalStackError(
                f"The command {command[0]!r} was not found; use for example `airflow`, `python` or `psql`."
            )
        return run_in_foreground([program, *command[1:]], {**environment, "PATH": path})

    def clean(self) -> int:
        """Stop everything and remove the stack's data, passwords and logs."""
        self._stop_all()
        postgres_home.remove(self._layout.postgres)
        if self._layout.state.is_dir():
            shutil.rmtree(self._layout.state)
        self._print_progress(f"Removed {self._layout.state}")
        return 0

    def _stack(
        self,
        data: Source,
        databases: Databases,
        *,
        calls_per_second: str | None,
        schedules: bool = False,
        keep_running: bool = False,
    ) -> LocalStack:
        port = os.environ.get(UI_PORT)
        if port is not None and not (port.isdecimal() and 0 < int(port) < 2**16):
            raise LocalStackError(f"{UI_PORT} is {port!r}; set it to the number of a TCP port, or unset it.")
        return LocalStack(
            self._layout,
            data.variables,
            databases=databases,
            schedules=schedules,
            on_progress=self._print_progress,
            calls_per_second=calls_per_second,
            ui_port=None if port is None else int(port),
            keep_running=keep_running,
        )

    def _run_week(self, stack: LocalStack, data: Source, planned: Sequence[PlannedRun]) -> int:
        dsn = source.dsn_of(stack.settings.connections[POSTGRES_CONNECTION])
        again = report.was_run_before(dsn, planned)
        before = report.fingerprints(dsn) if again else {}
        suffix = " again: no row may change" if again else ""
        self._print_progress(f"Running the week of {planned[0].as_of:%d %B %Y}{suffix}")
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
        problems = report.problems(figures, expect_no_changes=again, changed_tables=changed)
        for problem in problems:
            self._console.print(problem, style="red", highlight=False, soft_wrap=True)
        if not problems:
            self._print_progress("All runs and checks succeeded" + ("; no row changed" if again else ""))
        return 1 if problems else 0

    def _stop_all(self) -> bool:
        """Stop the stack. Returns whether anything was running."""
        if not self._layout.state.is_dir():
            return False
        lock = StackLock(self._layout)
        until = time.monotonic() + _DOWN_LIMIT_S
        signalled = False
        while True:
            try:
                lock.acquire()
                break
            except LocalStackError:
                record = StackRecord.load(self._layout)
                if record is not None and not signalled and record.launcher.is_alive():
                    os.kill(record.launcher.pid, signal.SIGTERM)
                    signalled = True
                if time.monotonic() > until:
                    raise
                time.sleep(0.2)
        record = StackRecord.load(self._layout)
        stopped = record.stop() if record is not None else 0
        self._layout.record.unlink(missing_ok=True)
        lock.release()
        return signalled or bool(stopped)

    def _print_paused(self, url: str) -> None:
        """Print which pipelines are paused."""
        try:
            line = paused_line(switches(AirflowApi(url, ADMIN, admin_password(self._layout))))
        except (LocalStackError, requests.RequestException, KeyError) as error:
            line = f"Paused    unknown: Airflow did not say it ({type(error).__name__})."
        if line is not None:
            self._console.print(line, highlight=False, soft_wrap=True, markup=False)

    def _print_address(self, url: str) -> None:
        self._console.print(
            f"Airflow: {url}\nLogin:   {ADMIN} / {admin_password(self._layout)}\nStop it: make down",
            highlight=False,
            soft_wrap=True,
        )

    def _print_progress(self, line: str) -> None:
        self._console.print(
            f"[{time.monotonic() - self._started:6.1f} s] {line}", highlight=False, soft_wrap=True, markup=False
        )
