"""The environment variables of the local Airflow: the shared settings, and those of this machine."""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from dev.local.layout import PROJECT, Layout, stored_secret, write_private
from dev.local.postgres import ROLE
from dev.local.processes import LOOPBACK
from fpl_pulse.packs.settings import PACKS, is_address

SHARED_SETTINGS = PROJECT / "include" / "fpl_pulse" / "settings"
"""Settings that the local stack and docker-compose.yaml have in common: `airflow.env` and `pools.json`."""

ADMIN = "admin"
POSTGRES_CONNECTION = "AIRFLOW_CONN_FPL_POSTGRES"

_METRICS = "AIRFLOW__METRICS__"

# More than the slots of the pool `sofasport`, so that other tasks do not wait for those that fetch.
PARALLEL_TASKS = 8


@dataclass(frozen=True)
class AirflowSettings:
    """The choices for one start of the stack."""

    layout: Layout
    api_port: int
    database_dsn: str
    """Address of Airflow's own database."""
    schedules: bool
    """Whether DAGs run on their schedules. If False, only triggered runs exist."""
    connections: Mapping[str, str] = field(default_factory=dict)
    """Variable name (AIRFLOW_CONN_...) to connection in JSON, and the clock of the source."""
    calls_per_second: str | None = None
    packs: Path | None = None
    """Where packs go; None for the product's default. The user's setting FPL_PULSE_PACKS overrides it."""

    @property
    def url(self) -> str:
        """The address of the user interface and of the REST API."""
        return f"http://{LOOPBACK}:{self.api_port}"


@dataclass(frozen=True)
class Databases:
    """The names of a stack's two databases: Airflow's own, and the product's."""

    airflow: str
    data: str
    packs: str = ""
    """A folder below that of the packs."""


# Separate databases and packs, so that the sandbox's season never mixes with a real one.
DEMO_DATABASES = Databases("airflow_demo", "fpl_pulse_demo", "sandbox")
REAL_DATABASES = Databases("airflow", "fpl_pulse")


def admin_password(layout: Layout) -> str:
    """The random password of the user `admin`."""
    return stored_secret(layout.secrets / "admin-password", 12)


def postgres_connection(port: int, password: str, database: str) -> str:
    """The connection `fpl_postgres` to the embedded Postgres, in Airflow's JSON form."""
    return json.dumps(
        {
            "conn_type": "postgres",
            "host": LOOPBACK,
            "port": port,
            "login": ROLE,
            "password": password,
            "schema": database,
        }
    )


def environment(settings: AirflowSettings) -> dict[str, str]:
    """The complete environment of Airflow's processes and commands.

    The user's own AIRFLOW__ settings belong to another Airflow and are dropped. Those about metrics are kept
    (docs/metrics.md).
    """
    inherited = {
        name: value
        for name, value in os.environ.items()
        if name.startswith(_METRICS) or not name.startswith("AIRFLOW__")
    }
    # Compiled modules halve the start time of every process.
    inherited.pop("PYTHONDONTWRITEBYTECODE", None)
    chosen = shared_settings() | _local_settings(settings)
    return inherited | chosen | _no_proxy(inherited) | dict(settings.connections)


def shared_settings() -> dict[str, str]:
    """The settings in `airflow.env`, read as docker compose reads it."""
    lines = (SHARED_SETTINGS / "airflow.env").read_text().splitlines()
    pairs = (line.partition("=") for line in lines if line and not line.startswith("#"))
    return {name: value for name, _, value in pairs}


def _no_proxy(inherited: Mapping[str, str]) -> dict[str, str]:
    """Exempt loopback from the user's proxy. Programs read either spelling."""
    exempt = inherited.get("no_proxy") or inherited.get("NO_PROXY") or ""
    hosts = ",".join(part for part in (exempt, LOOPBACK, "localhost") if part)
    return {"no_proxy": hosts, "NO_PROXY": hosts}


def _local_settings(settings: AirflowSettings) -> dict[str, str]:
    layout = settings.layout
    secrets = layout.secrets
    chosen = {
        "AIRFLOW_HOME": str(layout.airflow_home),
        "PYTHONPATH": str(PROJECT / "include"),
        "PYTHONUNBUFFERED": "1",
        "AIRFLOW__CORE__DAGS_FOLDER": str(layout.project / "dags"),
        "AIRFLOW__CORE__PLUGINS_FOLDER": str(layout.project / "plugins"),
        "AIRFLOW__CORE__EXECUTOR": "LocalExecutor",
        "AIRFLOW__CORE__PARALLELISM": str(PARALLEL_TASKS),
        # A Fernet key is 32 bytes in base64 with padding.
        "AIRFLOW__CORE__FERNET_KEY": stored_secret(secrets / "fernet-key") + "=",
        # Airflow's default looks the host name up in DNS; this does not. Airflow's processes cannot import `dev`.
        "AIRFLOW__CORE__HOSTNAME_CALLABLE": "socket.gethostname",
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE": str(_passwords_file(layout)),
        "AIRFLOW__CORE__EXECUTION_API_SERVER_URL": f"{settings.url}/execution/",
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": settings.database_dsn.replace("://", "+psycopg2://", 1),
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN_ASYNC": settings.database_dsn.replace("://", "+asyncpg://", 1),
        "AIRFLOW__API__HOST": LOOPBACK,
        "AIRFLOW__API__PORT": str(settings.api_port),
        "AIRFLOW__API__BASE_URL": settings.url,
        "AIRFLOW__API__SECRET_KEY": stored_secret(secrets / "api-secret-key"),
        "AIRFLOW__API_AUTH__JWT_SECRET": stored_secret(secrets / "jwt-secret", 64),
        "AIRFLOW__DAG_PROCESSOR__REFRESH_INTERVAL": "10",
        "AIRFLOW__DAG_PROCESSOR__MIN_FILE_PROCESS_INTERVAL": "10",
        "AIRFLOW__SCHEDULER__USE_JOB_SCHEDULE": str(settings.schedules),
        # The default second between two loops would be most of the time of a week of short tasks.
        "AIRFLOW__SCHEDULER__SCHEDULER_IDLE_SLEEP_TIME": "0.1",
        "AIRFLOW__LOGGING__BASE_LOG_FOLDER": str(layout.airflow_home / "logs"),
    }
    if settings.calls_per_second is not None:
        chosen["FPL_PULSE_CALLS_PER_SECOND"] = settings.calls_per_second
    if packs := _packs(settings):
        chosen[PACKS] = packs
    return chosen


def _packs(settings: AirflowSettings) -> str | None:
    """Where packs go. A folder of the user's setting is relative to the folder of `make`, not to that of a task."""
    own = os.environ.get(PACKS, "").strip()
    if own:
        return own if is_address(own) else str(Path(own).absolute())
    return str(settings.packs) if settings.packs else None


def _passwords_file(layout: Layout) -> Path:
    """The file from which Airflow's simple login reads passwords.

    Written here with mode 600, because the file that Airflow generates is readable by everybody.
    """
    path = layout.airflow_home / "passwords.json"
    wanted = json.dumps({ADMIN: admin_password(layout)})
    if not path.exists() or path.read_text().strip() != wanted:
        write_private(path, wanted + "\n")
    return path
