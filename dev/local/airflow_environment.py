"""The environment in which the local Airflow runs: every setting that differs from Airflow's own."""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from dev.local.layout import PROJECT, Layout, kept_secret, write_private
from dev.local.postgres import ROLE
from dev.local.processes import LOOPBACK

ADMIN = "admin"
POSTGRES_CONNECTION = "AIRFLOW_CONN_FPL_POSTGRES"

_METRICS = "AIRFLOW__METRICS__"

# Two cores: as many tasks as keep them busy while most tasks wait for an answer from the net.
PARALLEL_TASKS = 8


@dataclass(frozen=True)
class AirflowSettings:
    """What is chosen for one start of the stack."""

    layout: Layout
    api_port: int
    database_dsn: str
    """Of Airflow's own database."""
    schedules: bool
    """False: nothing runs by the clock, only what is triggered."""
    connections: Mapping[str, str] = field(default_factory=dict)
    """AIRFLOW_CONN_… in JSON form."""
    calls_per_second: str | None = None

    @property
    def url(self) -> str:
        """The address of the user interface and of the REST API."""
        return f"http://{LOOPBACK}:{self.api_port}"


def admin_password(layout: Layout) -> str:
    """The random password of the user `admin`."""
    return kept_secret(layout.secrets / "admin-password", 12)


@dataclass(frozen=True)
class Databases:
    """The two databases of a stack: Airflow's own, and the data's."""

    airflow: str
    data: str


# A pretend season and a real one must never meet in one table.
DEMO_DATABASES = Databases("airflow_demo", "fpl_pulse_demo")
REAL_DATABASES = Databases("airflow", "fpl_pulse")


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
    """The whole environment of Airflow's processes and of its commands.

    The caller's own AIRFLOW__ settings are not taken over: they are for another Airflow. Where the metrics go is his to
    say (docs/metrics.md).
    """
    inherited = {
        name: value
        for name, value in os.environ.items()
        if name.startswith(_METRICS) or not name.startswith("AIRFLOW__")
    }
    # Compiled modules halve the start of every process.
    inherited.pop("PYTHONDONTWRITEBYTECODE", None)
    return inherited | _settings(settings) | _no_proxy(inherited) | dict(settings.connections)


def _no_proxy(inherited: Mapping[str, str]) -> dict[str, str]:
    """Loopback beside what the caller exempts from his proxy; programs read one spelling or the other."""
    exempt = inherited.get("no_proxy") or inherited.get("NO_PROXY") or ""
    hosts = ",".join(part for part in (exempt, LOOPBACK, "localhost") if part)
    return {"no_proxy": hosts, "NO_PROXY": hosts}


def _settings(settings: AirflowSettings) -> dict[str, str]:
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
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        # A Fernet key is 32 bytes in base64 with its padding.
        "AIRFLOW__CORE__FERNET_KEY": kept_secret(secrets / "fernet-key") + "=",
        "AIRFLOW__CORE__HOSTNAME_CALLABLE": "dev.local.airflow_environment.hostname",
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_USERS": f"{ADMIN}:admin",
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE": str(_passwords_file(layout)),
        "AIRFLOW__CORE__EXECUTION_API_SERVER_URL": f"{settings.url}/execution/",
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": settings.database_dsn.replace("://", "+psycopg2://", 1),
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN_ASYNC": settings.database_dsn.replace("://", "+asyncpg://", 1),
        "AIRFLOW__API__HOST": LOOPBACK,
        "AIRFLOW__API__PORT": str(settings.api_port),
        "AIRFLOW__API__BASE_URL": settings.url,
        "AIRFLOW__API__WORKERS": "1",
        "AIRFLOW__API__SECRET_KEY": kept_secret(secrets / "api-secret-key"),
        "AIRFLOW__API_AUTH__JWT_SECRET": kept_secret(secrets / "jwt-secret", 64),
        "AIRFLOW__DAG_PROCESSOR__REFRESH_INTERVAL": "10",
        "AIRFLOW__DAG_PROCESSOR__MIN_FILE_PROCESS_INTERVAL": "10",
        "AIRFLOW__SCHEDULER__USE_JOB_SCHEDULE": str(settings.schedules),
        # A week is a chain of short tasks: a second's sleep between any two would be most of its time.
        "AIRFLOW__SCHEDULER__SCHEDULER_IDLE_SLEEP_TIME": "0.1",
        # A task whose process was killed is noticed after half a minute rather than five.
        "AIRFLOW__SCHEDULER__TASK_INSTANCE_HEARTBEAT_TIMEOUT": "30",
        # Some finished tasks linger for this long.
        "AIRFLOW__WORKERS__MIN_HEARTBEAT_INTERVAL": "1",
        "AIRFLOW__USAGE_DATA_COLLECTION__ENABLED": "False",
        "AIRFLOW__LOGGING__BASE_LOG_FOLDER": str(layout.airflow_home / "logs"),
    }
    if settings.calls_per_second is not None:
        chosen["FPL_PULSE_CALLS_PER_SECOND"] = settings.calls_per_second
    return chosen


def hostname() -> str:
    """The name of this machine in the local Airflow; no name service is asked."""
    return LOOPBACK


def _passwords_file(layout: Layout) -> Path:
    """Where Airflow reads the password of its simple login; made by us, as Airflow's own file is public."""
    path = layout.airflow_home / "passwords.json"
    wanted = json.dumps({ADMIN: admin_password(layout)})
    if not path.exists() or path.read_text().strip() != wanted:
        write_private(path, wanted + "\n")
    return path
