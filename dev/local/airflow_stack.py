"""A real Airflow on the embedded Postgres: started in order, watched until healthy, stopped in order."""

import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

import psutil
import requests

from dev.local.airflow_api import AirflowApi
from dev.local.airflow_environment import (
    ADMIN,
    POSTGRES_CONNECTION,
    AirflowSettings,
    Databases,
    admin_password,
    environment,
    postgres_connection,
)
from dev.local.errors import LocalStackError
from dev.local.layout import Layout
from dev.local.lifeline import Lifeline
from dev.local.postgres import EmbeddedPostgres
from dev.local.processes import (
    Running,
    free_port,
    hold_interrupts,
    local_session,
    port_is_taken,
    stop_together,
)
from dev.local.stack_record import StackLock, StackRecord

_HEALTHY_LIMIT_S = 180.0
_MIGRATION_LIMIT_S = 300.0
_POOLS = {"sofasport": (6, "Tasks that call the SofaSport API at the same time")}

_COMPONENTS: Mapping[str, Sequence[str]] = {
    "api-server": (),
    "scheduler": ("--skip-serve-logs",),
    "dag-processor": (),
    "triggerer": ("--skip-serve-logs",),
}


class LocalStack:
    """Postgres, Airflow and whatever else is started beside them, as one thing."""

    def __init__(
        self,
        layout: Layout,
        connections: Mapping[str, str],
        *,
        databases: Databases,
        schedules: bool,
        say: Callable[[str], None],
        calls_per_second: str | None = None,
        ui_port: int | None = None,
        outlive_starter: bool = False,
    ) -> None:
        """Choose what to start.

        Args:
            layout: the folders.
            connections: AIRFLOW_CONN_… in JSON form; without fpl_postgres the embedded server has the data.
            databases: the names of the databases in the embedded Postgres.
            schedules: whether pipelines also run by the clock.
            say: takes one line of progress.
            calls_per_second: pace of the API clients; the product's own when None.
            ui_port: TCP port of the user interface; a free one when None.
            outlive_starter: leave everything running when this process ends.
        """
        self._layout = layout
        self._connections = dict(connections)
        self._databases = databases
        self._schedules = schedules
        self._say = say
        self._calls_per_second = calls_per_second
        self._ui_port = ui_port
        self._outlive = outlive_starter
        self._postgres = EmbeddedPostgres(layout.postgres)
        self._lock = StackLock(layout)
        self._lifeline: Lifeline | None = None
        self._record: StackRecord | None = None
        self._children: dict[str, subprocess.Popen[bytes]] = {}
        self._settings: AirflowSettings | None = None

    @property
    def settings(self) -> AirflowSettings:
        """What this start has chosen.

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
        """Make sure that no other stack runs here, and clear up what a killed one has left.

        Raises:
            LocalStackError: one runs already.
        """
        self._lock.take()
        before = StackRecord.load(self._layout)
        if before is not None and before.is_full():
            self._lock.free()
            raise LocalStackError(f"The local stack already runs at {before.url}; stop it with `make down`.")
        if before is not None and before.stop():
            self._say("Stopped what an earlier start had left running")
        self._record = StackRecord(Running.of("starter", psutil.Process().pid), self._outlive)
        self._record.save(self._layout)
        self._lifeline = Lifeline()

    def start(self) -> None:
        """Start everything and wait until it is healthy; a failure stops what had been started.

        Raises:
            LocalStackError: one sentence that says what does not start, and where its log is.
        """
        if self._record is None:
            self.reserve()
        try:
            self._start_parts()
        except BaseException:
            self.stop()
            raise

    def run_beside(self, name: str, command: Sequence[str], env: Mapping[str, str]) -> Running:
        """Start one more process of the stack; its output goes to the logs folder."""
        with self._log_path(name).open("w") as log, hold_interrupts():
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
            running = Running.of(name, process.pid)
            self._remember(running)
        return running

    def stop(self) -> None:
        """Stop everything: the parts that give work first, then the API they report to, Postgres last."""
        record = self._record
        if record is not None:
            parts = {one.name: one for one in record.processes}
            stop_together(
                [parts[name] for name in ("scheduler", "dag-processor", "triggerer") if name in parts]
            )
            record.stop()
            self._postgres.stop()
            self._layout.record.unlink(missing_ok=True)
            self._record = None
        self._let_go()

    def leave_running(self) -> None:
        """End the start of a stack that outlives this process."""
        self._let_go()

    def __enter__(self) -> Self:
        """Start."""
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop."""
        self.stop()

    def _let_go(self) -> None:
        if self._lifeline is not None:
            self._lifeline.release()
            self._lifeline = None
        self._lock.free()

    def _remember(self, running: Running) -> None:
        if self._record is None:
            raise LocalStackError("The local stack has not been reserved.")
        if self._lifeline is not None:
            self._lifeline.guard(running)
        self._record.processes.append(running)
        self._record.save(self._layout)

    def _forget(self, name: str) -> None:
        """A step that is over is no part of what runs."""
        if self._record is not None:
            self._record.processes = [one for one in self._record.processes if one.name != name]
            self._record.save(self._layout)

    def _start_parts(self) -> None:
        if self._ui_port is not None and port_is_taken(self._ui_port):
            raise LocalStackError(
                f"Port {self._ui_port} is taken by another program; give FPL_PULSE_UI_PORT another, or none."
            )
        self._say("Starting Postgres")
        with hold_interrupts():
            self._remember(self._postgres.start(outlive_starter=True))
        for database in (self._databases.airflow, self._databases.data):
            self._postgres.create_database(database)
        embedded = postgres_connection(self._postgres.port, self._postgres.password, self._databases.data)
        self._connections.setdefault(POSTGRES_CONNECTION, embedded)
        self._settings = AirflowSettings(
            self._layout,
            self._ui_port or free_port(),
            self._postgres.dsn(self._databases.airflow),
            self._schedules,
            self._connections,
            self._calls_per_second,
        )
        env = environment(self._settings)
        self._say("Bringing the databases up to date")
        self._migrate(env)
        self._say("Starting Airflow")
        components = [
            self.run_beside(name, [sys.executable, "-m", "airflow", name, *options], env)
            for name, options in _COMPONENTS.items()
        ]
        self._wait_until_healthy(components)
        for pool, (slots, purpose) in _POOLS.items():
            self.airflow.set_pool(pool, slots, purpose)
        if self._record is not None:
            self._record.url = self._settings.url
            self._record.save(self._layout)

    def _migrate(self, env: Mapping[str, str]) -> None:
        """Airflow's own tables and the data's, at the same time."""
        steps = {
            "airflow-migration": [sys.executable, "-m", "airflow", "db", "migrate"],
            "schema-migration": [sys.executable, "-m", "fpl_pulse.cli.schema", "upgrade"],
        }
        for name, command in steps.items():
            self.run_beside(name, command, env)
        for name in steps:
            if self._children[name].wait(timeout=_MIGRATION_LIMIT_S) != 0:
                reason = _last_line(self._log_of(name))
                raise LocalStackError(
                    f"The {name.replace('-', ' ')} failed: {reason} (see {self._log_path(name)})"
                )
            self._forget(name)

    def _wait_until_healthy(self, components: Sequence[Running]) -> None:
        until = time.monotonic() + _HEALTHY_LIMIT_S
        wanted = {"metadatabase", "scheduler", "triggerer", "dag_processor"}
        missing = wanted
        while missing:
            for component in components:
                if not component.is_alive():
                    reason = _last_line(self._log_of(component.name))
                    raise LocalStackError(
                        f"Airflow's {component.name} ended: {reason} (see {self._log_path(component.name)})"
                    )
            if time.monotonic() > until:
                raise LocalStackError(
                    f"Airflow did not become healthy within {_HEALTHY_LIMIT_S:.0f} s: "
                    f"{', '.join(sorted(missing))}; see the logs in {self._layout.logs}."
                )
            time.sleep(0.3)
            missing = wanted - self._healthy_parts()

    def _healthy_parts(self) -> set[str]:
        try:
            answer = local_session().get(f"{self.settings.url}/api/v2/monitor/health", timeout=5)
        except (requests.ConnectionError, requests.Timeout):
            return set()
        parts = answer.json() if answer.ok else {}
        return {name for name, part in parts.items() if part and part.get("status") == "healthy"}

    def _log_path(self, name: str) -> Path:
        return self._layout.logs / f"{name}.log"

    def _log_of(self, name: str) -> str:
        return self._log_path(name).read_text(errors="replace")


def _last_line(text: str) -> str:
    return next((line.strip() for line in reversed(text.splitlines()) if line.strip()), "it printed nothing")
