"""What `make up` prints about a running stack: its address and login, its data, and which pipelines are switched on."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from dev.local import source, switches
from dev.local.airflow_api import AirflowApi
from dev.local.airflow_environment import ADMIN, POSTGRES_CONNECTION, admin_password
from dev.local.errors import LocalStackError
from dev.local.layout import Layout
from dev.local.source import Sandbox
from dev.local.stack_record import StackRecord

_CONNECTIONS = (source.SOFASPORT_CONNECTION, source.FPL_CONNECTION, POSTGRES_CONNECTION)


@dataclass(frozen=True)
class RunningStack:
    """A stack that is healthy and keeps running."""

    layout: Layout
    url: str
    connections: Mapping[str, str]
    """Variable name (AIRFLOW_CONN_...) to connection."""
    on_sandbox: bool
    """Whether the sandbox provides its data. Then no DAG runs on its schedule."""

    @classmethod
    def find(cls, layout: Layout) -> "RunningStack | None":
        """The stack that is running; None if it is not, or one of its processes has ended."""
        record = StackRecord.load(layout)
        environment = record.environment() if record is not None and record.is_full() else None
        if record is None or environment is None:
            return None
        connections = {name: environment[name] for name in _CONNECTIONS if name in environment}
        return cls(layout, record.url, connections, any(one.name == "sandbox" for one in record.processes))

    def require_connections(self, wanted: Mapping[str, str]) -> None:
        """Require that the stack was started with the connections of the caller's environment, if that has some.

        Raises:
            LocalStackError: it was started with other ones; the message names them and says what to do.
        """
        if not wanted.get(source.SOFASPORT_CONNECTION):
            return
        other = [name for name in _CONNECTIONS if wanted.get(name) and wanted[name] != self.connections.get(name)]
        if other:
            what = "the sandbox" if self.on_sandbox else f"other connections ({', '.join(other)})"
            raise LocalStackError(
                f"The local stack is already running at {self.url}, with {what}. To use the connections of your"
                " environment, run `make down`, then `make up`."
            )

    def switch_on(self) -> None:
        """Unpause every pipeline.

        Raises:
            LocalStackError: a DAG cannot be parsed, or Airflow does not respond.
        """
        airflow = self._airflow()
        switches.wait_for_dags(airflow, switches.EVERY_DAG, f"(logs in {self.layout.logs})")
        switches.switch_on(airflow)

    def lines(self) -> list[str]:
        """Where the data comes from, what is switched on, and what switching on the rest starts.

        Raises:
            LocalStackError: a DAG cannot be parsed, or Airflow does not respond.
        """
        airflow = self._airflow()
        switches.wait_for_dags(airflow, switches.EVERY_DAG, f"(logs in {self.layout.logs})")
        found = switches.switches(airflow)
        if self.on_sandbox:
            return [*self._sandbox_lines(), *switches.sandbox_lines(found)]
        dsn = source.dsn_of(self.connections[POSTGRES_CONNECTION])
        return switches.schedule_lines(found, datetime.now(UTC), dsn)

    def _airflow(self) -> AirflowApi:
        return AirflowApi(self.url, ADMIN, admin_password(self.layout))

    def _sandbox_lines(self) -> Sequence[str]:
        clock = Sandbox.clock_of(self.layout)
        shown = f", whose clock shows {clock:%-d %B %Y, %H:%M} UTC" if clock is not None else ""
        return [
            f"The data comes from the sandbox{shown}."
            " No DAG runs on its schedule, and a manual run works for that time.",
            f"To set the clock: curl -H 'content-type: application/json' {Sandbox.clock_url_of(self.layout)}"
            ' -d \'{"as_of": "2025-10-20T01:00:00Z"}\'',
        ]


def connections_of_caller() -> Mapping[str, str]:
    """The connections in the environment of this process."""
    return {name: os.environ[name] for name in _CONNECTIONS if os.environ.get(name)}
