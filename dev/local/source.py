"""The source of the pipelines' data: this project's sandbox, or the connections in the environment."""

import json
import os
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

import requests

from dev.local.airflow_environment import POSTGRES_CONNECTION
from dev.local.errors import LocalStackError
from dev.local.layout import IMPORT_PATH, Layout, stored_secret
from dev.local.processes import LOOPBACK, StartedProcess, local_session
from dev.local.stored_ports import SANDBOX, StoredPorts
from fpl_pulse.api.source_clock import SOURCE_CLOCK

SOFASPORT_CONNECTION = "AIRFLOW_CONN_SOFASPORT_API"
FPL_CONNECTION = "AIRFLOW_CONN_FPL_API"
_START_LIMIT_S = 60.0
_TIMEOUT_S = 30


@dataclass(frozen=True)
class Source:
    """The connections to a source of data, and its clock if the clock can be set."""

    connections: dict[str, str] = field(default_factory=dict)
    clock_url: str | None = None
    """Answers GET with {"as_of": time in ISO 8601}, and accepts the same by POST; None if the source has no clock."""

    @property
    def variables(self) -> dict[str, str]:
        """The connections and the address of the clock, for the environment of Airflow; empty without a clock."""
        return {**self.connections, SOURCE_CLOCK: self.clock_url or ""}

    def set_clock(self, as_of: datetime) -> None:
        """Make the source respond as it would at this time.

        Raises:
            LocalStackError: the clock cannot be set, does not respond, or refuses the time.
        """
        if self.clock_url is None:
            raise LocalStackError("The clock of this data source cannot be set.")
        try:
            response = local_session().post(self.clock_url, json={"as_of": as_of.isoformat()}, timeout=_TIMEOUT_S)
        except requests.RequestException as error:
            raise LocalStackError(
                f"The clock of the data source does not respond at {self.clock_url}: {error}"
            ) from error
        if not response.ok:
            raise LocalStackError(
                f"The clock of the data source at {self.clock_url} refused {as_of.isoformat()}: {response.text[:200]}"
            )


@dataclass(frozen=True)
class Sandbox:
    """The sandbox as a process of the stack."""

    layout: Layout
    port: int
    as_of: datetime

    @classmethod
    def at(cls, layout: Layout, as_of: datetime) -> "Sandbox":
        """A sandbox with its clock at `as_of`, on the port of the last start if it is free."""
        return cls(layout, StoredPorts(layout).choose(SANDBOX), as_of)

    @classmethod
    def again(cls, layout: Layout, first_as_of: datetime) -> "Sandbox":
        """A sandbox with its clock where the last start has left it; the first start begins at `first_as_of`.

        The data of the store reaches up to that time. An earlier clock would take back what has happened.
        """
        return cls.at(layout, cls.clock_of(layout) or first_as_of)

    @staticmethod
    def clock_of(layout: Layout) -> datetime | None:
        """The clock of the sandbox that runs, or ran last; None if there was none, or its file is damaged."""
        try:
            stored = datetime.fromisoformat(_clock_file(layout).read_text().strip())
        except (FileNotFoundError, ValueError):
            return None
        return stored if stored.tzinfo is not None else None

    @staticmethod
    def clock_url_of(layout: Layout) -> str:
        """Where the clock of the sandbox is set that runs, or ran last."""
        return _clock_url(StoredPorts(layout).last(SANDBOX) or 0)

    @property
    def key(self) -> str:
        """The only key that it accepts; random for each installation."""
        return stored_secret(self.layout.secrets / "sandbox-key")

    @property
    def source(self) -> Source:
        """The connections to it."""
        host = f"http://{LOOPBACK}:{self.port}"
        sofasport = {
            "conn_type": "http",
            "host": host,
            "password": self.key,
            "extra": {"x-rapidapi-host": "sandbox", "timeout": 30},
        }
        fpl = {"conn_type": "http", "host": host, "extra": {"timeout": 30}}
        connections = {SOFASPORT_CONNECTION: json.dumps(sofasport), FPL_CONNECTION: json.dumps(fpl)}
        return Source(connections, _clock_url(self.port))

    def start(self, run: Callable[[str, list[str], dict[str, str]], StartedProcess]) -> None:
        """Start it with `run(name, command, environment)` and wait until it responds.

        Raises:
            LocalStackError: it does not start.
        """
        command = [sys.executable, "-m", "dev.sandbox", "--port", str(self.port)]
        env = os.environ | {"PYTHONPATH": IMPORT_PATH, "FPL_PULSE_SANDBOX_KEY": self.key}
        env.pop("PYTHONDONTWRITEBYTECODE", None)
        command += ["--as-of", self.as_of.isoformat(), "--clock-file", str(_clock_file(self.layout))]
        running = run("sandbox", command, env)
        until = time.monotonic() + _START_LIMIT_S
        while not self._is_ready():
            if not running.is_alive() or time.monotonic() > until:
                raise LocalStackError(f"The sandbox did not start; see {self.layout.logs / 'sandbox.log'}.")
            time.sleep(0.1)

    def _is_ready(self) -> bool:
        try:
            return local_session().get(_clock_url(self.port), timeout=5).ok
        except (requests.ConnectionError, requests.Timeout):
            return False


def _clock_file(layout: Layout) -> Path:
    """The file in which the sandbox stores its clock."""
    return layout.state / "sandbox-clock"


def _clock_url(port: int) -> str:
    return f"http://{LOOPBACK}:{port}/__sandbox__/clock"


def from_environment() -> Source:
    """The connections in the environment.

    Raises:
        LocalStackError: a required connection is missing.
    """
    missing = [name for name in (SOFASPORT_CONNECTION, FPL_CONNECTION) if not os.environ.get(name)]
    if missing:
        raise LocalStackError(
            f"Missing in the environment: {' and '.join(missing)}. Set them as .env.example shows; "
            "`make demo` needs no connection."
        )
    names = (SOFASPORT_CONNECTION, FPL_CONNECTION, POSTGRES_CONNECTION)
    return Source({name: os.environ[name] for name in names if os.environ.get(name)}, os.environ.get(SOURCE_CLOCK))


def dsn_of(connection: str) -> str:
    """The Postgres address of an Airflow connection in JSON or URI form."""
    if not connection.lstrip().startswith("{"):
        parts = urlsplit(connection)
        return parts._replace(scheme="postgresql").geturl()
    stored = json.loads(connection)
    login, password = _quoted(stored.get("login")), _quoted(stored.get("password"))
    server = f"{stored['host']}:{stored.get('port') or 5432}"
    return f"postgresql://{login}:{password}@{server}/{stored.get('schema') or ''}"


def libpq_environment(connection: str) -> dict[str, str]:
    """The variables that point `psql`, `pg_dump` and `pg_restore` to the database of an Airflow connection.

    Other users of the machine can see a password on a command line, but not one in a variable.
    """
    if not connection:
        return {}
    parts = urlsplit(dsn_of(connection))
    found = {
        "PGHOST": parts.hostname or "",
        "PGPORT": str(parts.port or 5432),
        "PGUSER": unquote(parts.username or ""),
        "PGPASSWORD": unquote(parts.password or ""),
        "PGDATABASE": unquote(parts.path.lstrip("/")),
    }
    return {name: value for name, value in found.items() if value}


def _quoted(value: object) -> str:
    return quote(str(value or ""), safe="")
