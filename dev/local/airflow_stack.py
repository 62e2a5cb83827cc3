"""Starts the embedded Postgres and a real Airflow, waits until they are healthy, and stops them."""

import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

import psutil

from dev.local.airflow_api import AirflowApi
from dev.local.airflow_environment import (
    ADMIN,
    POSTGRES_CONNECTION,
    SHARED_SETTINGS,
    AirflowSettings,
    Databases,
    admin_password,
    environment,
    postgres_connection,
)
from dev.local.airflow_health import PARTS, healthy_parts
from dev.local.errors import LocalStackError
from dev.local.layout import Layout
from dev.local.postgres import EmbeddedPostgres
from dev.local.processes import StartedProcess, defer_signals, port_is_taken, stop_all
from dev.local.stack_record import StackLock, StackRecord
from dev.local.stored_ports import POSTGRES, UI, StoredPorts
from dev.local.watchdog import Watchdog

_HEALTHY_LIMIT_S = 180.0
_COMMAND_LIMIT_S = 300.0

_MIGRATIONS: Mapping[str, Sequence[str]] = {
    "airflow-migration": ("airflow", "db", "migrate"),
    "schema-migration": ("fpl_pulse.cli.schema", "upgrade"),
}
_POOL_IMPORT: Mapping[str, Sequence[str]] = {
    "pool-import": ("airflow", "pools", "import", str(SHARED_SETTINGS / "pools.json"))
}

COMPONENTS: Mapping[str, Sequence[str]] = {
    "api-server": (),
    "scheduler": ("--skip-serve-logs",),
    "dag-processor": (),
    "triggerer": ("--skip-serve-logs",),
}
"""Airflow's processes, by the name of their command, with its options."""


class LocalStack:
    """Postgres, Airflow and other processes that start and stop together."""

    def __init__(
        self,
        layout: Layout,
        connections: Mapping[str, str],
        *,
        databases: Databases,
        schedules: bool,
        on_progress: Callable[[str], None],
        calls_per_second: str | None = None,
        ui_port: int | None = None,
        keep_running: bool = False,
    ) -> None:
        """Configure a stack; nothing is started yet.

        Args:
            layout: the folders.
            connections: variable name (AIRFLOW_CONN_...) to connection in JSON, and the clock of the source. Without
                fpl_postgres, the data goes to the embedded Postgres.
            databases: the names of the databases in the embedded Postgres.
            schedules: whether DAGs also run on their schedules.
            on_progress: is called with each line of progress.
            calls_per_second: rate limit of the API clients; None for the product's default.
            ui_port: TCP port of the user interface; None for that of the last start, or a free one.
            keep_running: whether everything keeps running when this process ends.
        """
        self._layout = layout
        self._connections = dict(connections)
        self._databases = databases
        self._schedules = schedules
        self._on_progress = on_progress
        self._calls_per_second = calls_per_second
        self._ui_port = ui_port
        self._keep_running = keep_running
        self._ports = StoredPorts(layout)
        self._postgres = EmbeddedPostgres(layout.postgres, preferred_port=self._ports.last(POSTGRES))
        self._lock = StackLock(layout)
        self._watchdog: Watchdog | None = None
        self._record: StackRecord | None = None
        self._children: dict[str, subprocess.Popen[bytes]] = {}
        self._settings: AirflowSettings | None = None

    @property
    def settings(self) -> AirflowSettings:
        """The settings of this start.

        Raises:
            LocalStackError: before the start.
        """
        if self._settings is None:
            raise LocalStackError("The local stack has not been started.")
        return self._settings

    @property
    def airflow(self) -> AirflowApi:
        """A client of the running Airflow."""
        return AirflowApi(self.settings.url, ADMIN, admin_password(self._layout))

    def reserve(self) -> None:
        """Take the lock of the state folder, and stop the processes that a killed launcher left running.

        Raises:
            LocalStackError: a stack is already running.
        """
        self._lock.acquire()
        before = StackRecord.load(self._layout)
        if before is not None and before.is_full():
            self._lock.release()
            raise LocalStackError(f"The local stack is already running at {before.url}; stop it with `make down`.")
        if before is not None and before.stop():
            self._on_progress("Stopped processes that an earlier start had left running")
        self._record = StackRecord(StartedProcess.of("launcher", psutil.Process().pid), self._keep_running)
        self._record.save(self._layout)
        self._watchdog = Watchdog()

    def connect(self, connections: Mapping[str, str]) -> None:
        """Add connections before the start: variable name (AIRFLOW_CONN_...) to connection in JSON."""
        self._connections |= connections

    def start(self) -> None:
        """Start everything and wait until it is healthy. On failure, stop what was started.

        Raises:
            LocalStackError: which part failed to start, and where its log is.
        """
        if self._record is None:
            self.reserve()
        try:
            self._start_all()
        except BaseException:
            self.stop()
            raise

    def start_process(self, name: str, command: Sequence[str], env: Mapping[str, str]) -> StartedProcess:
        """Start one more process of the stack. Its output goes to `<name>.log` in the logs folder."""
        with self._log_path(name).open("w") as log, defer_signals():
            process = subprocess.Popen(
                list(command),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                cwd=self._layout.state,
                env=dict(env),
                start_new_session=True,
            )
            self._children[name] = process
            running = StartedProcess.of(name, process.pid)
            self._record_process(running)
        return running

    def stop(self) -> None:
        """Stop everything: first the components that start tasks, then the API that tasks report to, then Postgres."""
        record = self._record
        if record is not None:
            by_name = {one.name: one for one in record.processes}
            stop_all([by_name[name] for name in ("scheduler", "dag-processor", "triggerer") if name in by_name])
            record.stop()
            self._postgres.stop()
            self._layout.record.unlink(missing_ok=True)
            self._record = None
        self._release()

    def leave_running(self) -> None:
        """Release the lock and the watchdog of a stack that keeps running."""
        self._release()

    def __enter__(self) -> Self:
        """Start."""
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop."""
        self.stop()

    def _release(self) -> None:
        if self._watchdog is not None:
            self._watchdog.release()
            self._watchdog = None
        self._lock.release()

    def _record_process(self, process: StartedProcess) -> None:
        if self._record is None:
            raise LocalStackError("The local stack has not been reserved; call reserve() first.")
        if self._watchdog is not None:
            self._watchdog.watch(process)
        self._record.processes.append(process)
        self._record.save(self._layout)

    def _remove_from_record(self, name: str) -> None:
        if self._record is not None:
            self._record.processes = [one for one in self._record.processes if one.name != name]
            self._record.save(self._layout)

    def _start_all(self) -> None:
        if self._ui_port is not None and port_is_taken(self._ui_port):
            raise LocalStackError(
                f"Port {self._ui_port} is in use by another program; set FPL_PULSE_UI_PORT to a free port, or unset it."
            )
        self._on_progress("Starting Postgres")
        with defer_signals():
            self._record_process(self._postgres.start(keep_running=True))
        self._ports.store(POSTGRES, self._postgres.port)
        for database in (self._databases.airflow, self._databases.data):
            self._postgres.create_database(database)
        embedded = postgres_connection(self._postgres.port, self._postgres.password, self._databases.data)
        self._connections.setdefault(POSTGRES_CONNECTION, embedded)
        self._settings = AirflowSettings(
            self._layout,
            self._chosen_ui_port(),
            self._postgres.dsn(self._databases.airflow),
            self._schedules,
            self._connections,
            self._calls_per_second,
            self._layout.packs / self._databases.packs,
        )
        env = environment(self._settings)
        self._on_progress("Migrating the databases")
        self._run_commands(_MIGRATIONS, env)
        self._on_progress("Starting Airflow")
        components = [
            self.start_process(name, [sys.executable, "-m", "airflow", name, *options], env)
            for name, options in COMPONENTS.items()
        ]
        # While the components start: the command takes seconds, most of them for imports.
        self._run_commands(_POOL_IMPORT, env)
        self._wait_until_healthy(components)
        if self._record is not None:
            self._record.url = self._settings.url
            self._record.save(self._layout)

    def _chosen_ui_port(self) -> int:
        if self._ui_port is None:
            return self._ports.choose(UI)
        self._ports.store(UI, self._ui_port)
        return self._ui_port

    def _run_commands(self, commands: Mapping[str, Sequence[str]], env: Mapping[str, str]) -> None:
        """Run Python modules at the same time, each to its end: name -> module and arguments."""
        for name, command in commands.items():
            self.start_process(name, [sys.executable, "-m", *command], env)
        for name in commands:
            if self._children[name].wait(timeout=_COMMAND_LIMIT_S) != 0:
                reason = _last_line(self._log_of(name))
                raise LocalStackError(f"The {name.replace('-', ' ')} failed: {reason} (see {self._log_path(name)})")
            self._remove_from_record(name)

    def _wait_until_healthy(self, components: Sequence[StartedProcess]) -> None:
        until = time.monotonic() + _HEALTHY_LIMIT_S
        missing = PARTS
        while missing:
            for component in components:
                if not component.is_alive():
                    reason = _last_line(self._log_of(component.name))
                    raise LocalStackError(
                        f"Airflow's {component.name} ended during the start: {reason} "
                        f"(see {self._log_path(component.name)})"
                    )
            if time.monotonic() > until:
                raise LocalStackError(
                    f"Airflow did not become healthy within {_HEALTHY_LIMIT_S:.0f} s. "
                    f"Not healthy: {', '.join(sorted(missing))}. See the logs in {self._layout.logs}."
                )
            time.sleep(0.3)
            missing = PARTS - healthy_parts(self.settings.url)

    def _log_path(self, name: str) -> Path:
        return self._layout.logs / f"{name}.log"

    def _log_of(self, name: str) -> str:
        return self._log_path(name).read_text(errors="replace")


def _last_line(text: str) -> str:
    return next((line.strip() for line in reversed(text.splitlines()) if line.strip()), "it printed nothing")
