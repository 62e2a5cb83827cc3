"""Where the pipelines' data comes from: the sandbox of this project, or the environment's connections."""

import json
import os
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import quote, unquote, urlsplit

import requests

from dev.local.airflow_environment import POSTGRES_CONNECTION
from dev.local.errors import LocalStackError
from dev.local.layout import IMPORT_PATH, Layout, kept_secret
from dev.local.processes import LOOPBACK, Running, free_port, local_session

SOFASPORT_CONNECTION = "AIRFLOW_CONN_SOFASPORT_API"
FPL_CONNECTION = "AIRFLOW_CONN_FPL_API"
CLOCK_URL = "FPL_PULSE_SOURCE_CLOCK_URL"
_START_LIMIT_S = 60.0
_TIMEOUT_S = 30


@dataclass(frozen=True)
class Source:
    """The connections, and the clock of a source that can be set."""

    connections: dict[str, str] = field(default_factory=dict)
    clock_url: str | None = None
    """Takes POST {"as_of": moment}; None for a source with its own time."""

    def set_clock(self, moment: datetime) -> None:
        """Have the source show what it would at that moment.

        Raises:
            LocalStackError: it does not take the moment.
        """
        if self.clock_url is None:
            raise LocalStackError("The clock of this data source cannot be set.")
        try:
            answer = local_session().post(
                self.clock_url, json={"as_of": moment.isoformat()}, timeout=_TIMEOUT_S
            )
        except requests.RequestException as error:
            raise LocalStackError(
                f"The data source's clock at {self.clock_url} does not answer: {error}"
            ) from error
        if not answer.ok:
            raise LocalStackError(
                f"The clock at {self.clock_url} refused {moment.isoformat()}: {answer.text[:200]}"
            )


@dataclass(frozen=True)
class Sandbox:
    """The pretend season of this project, as a process beside the stack."""

    layout: Layout
    port: int
    as_of: datetime

    @classmethod
    def at(cls, layout: Layout, as_of: datetime) -> "Sandbox":
        """A sandbox on a free port, showing a moment."""
        return cls(layout, free_port(), as_of)

    @property
    def key(self) -> str:
        """The only key that it accepts; random per installation."""
        return kept_secret(self.layout.secrets / "sandbox-key")

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
        return Source(connections, f"{host}/__sandbox__/clock")

    def start(self, run: Callable[[str, list[str], dict[str, str]], Running]) -> None:
        """Start it by `run` (name, command, environment) and wait until it answers.

        Raises:
            LocalStackError: it does not.
        """
        command = [sys.executable, "-m", "dev.sandbox", "--port", str(self.port)]
        env = os.environ | {"PYTHONPATH": IMPORT_PATH, "FPL_PULSE_SANDBOX_KEY": self.key}
        env.pop("PYTHONDONTWRITEBYTECODE", None)
        running = run("sandbox", [*command, "--as-of", self.as_of.isoformat().replace("+00:00", "Z")], env)
        until = time.monotonic() + _START_LIMIT_S
        while not self._answers():
            if not running.is_alive() or time.monotonic() > until:
                raise LocalStackError(f"The sandbox does not start; see {self.layout.logs / 'sandbox.log'}.")
            time.sleep(0.1)

    def _answers(self) -> bool:
        try:
            return local_session().get(f"http://{LOOPBACK}:{self.port}/__sandbox__/clock", timeout=5).ok
        except (requests.ConnectionError, requests.Timeout):
            return False


def from_environment() -> Source:
    """The connections that the environment gives.

    Raises:
        LocalStackError: one that is needed is absent.
    """
    missing = [name for name in (SOFASPORT_CONNECTION, FPL_CONNECTION) if not os.environ.get(name)]
    if missing:
        raise LocalStackError(
            f"Set {' and '.join(missing)} to say where the data comes from (see .env.example); "
            "`make demo` needs nothing."
        )
    names = (SOFASPORT_CONNECTION, FPL_CONNECTION, POSTGRES_CONNECTION)
    return Source(
        {name: os.environ[name] for name in names if os.environ.get(name)}, os.environ.get(CLOCK_URL)
    )


def dsn_of(connection: str) -> str:
    """The Postgres address of an Airflow connection, in its JSON or its URI form."""
    if not connection.lstrip().startswith("{"):
        parts = urlsplit(connection)
        return parts._replace(scheme="postgresql").geturl()
    stored = json.loads(connection)
    login, password = _quoted(stored.get("login")), _quoted(stored.get("password"))
    server = f"{stored['host']}:{stored.get('port') or 5432}"
    return f"postgresql://{login}:{password}@{server}/{stored.get('schema') or ''}"


def libpq_environment(connection: str) -> dict[str, str]:
    """The variables by which `psql`, `pg_dump` and `pg_restore` find the database of an Airflow connection.

    A password in a variable is seen by nobody else; on a command line it would be.
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
