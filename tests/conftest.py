"""Settings and fixtures for all tests: loopback network only, a separate Airflow home, a real Postgres on request."""

import logging
import os
import socket
import sys
import tempfile
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from hypothesis import settings
from xdist.scheduler import LoadScopeScheduling

from dev.local.postgres import EmbeddedPostgres

# The first example imports what the matching imports late, which takes longer than an example may.
settings.register_profile("fpl_pulse", deadline=None)
settings.load_profile("fpl_pulse")

pytest_plugins = ["tests.installations"]

PROJECT = Path(__file__).resolve().parents[1]
TEMPLATE = "template_pulse"
REPLAY = "tests/replay/"
LONG = (PROJECT / "tests" / "long", PROJECT / "tests" / "db" / "convergence")
"""Suites of several minutes. A contributor selects one by its path only."""


def _set_airflow_environment(home: Path) -> None:
    """Give the tests their own Airflow home. Airflow reads these variables once, at its first import."""
    for name in [name for name in os.environ if name.startswith(("AIRFLOW__", "AIRFLOW_CONN_", "AIRFLOW_VAR_"))]:
        del os.environ[name]
    os.environ |= {
        "AIRFLOW_HOME": str(home),
        "AIRFLOW__CORE__DAGS_FOLDER": str(PROJECT / "dags"),
        "AIRFLOW__CORE__PLUGINS_FOLDER": str(PROJECT / "plugins"),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__CORE__UNIT_TEST_MODE": "True",
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": f"sqlite:///{home}/airflow.db",
        "AIRFLOW__USAGE_DATA_COLLECTION__ENABLED": "False",
        "PYTHONPATH": str(PROJECT / "include"),
        "no_proxy": "127.0.0.1,localhost",
        "NO_PROXY": "127.0.0.1,localhost",
    }


def pytest_configure(config: pytest.Config) -> None:
    """Set Airflow's environment before any test module can import Airflow."""
    if "airflow" in sys.modules:
        raise pytest.UsageError("airflow was imported before the tests could choose its AIRFLOW_HOME")
    home = tempfile.TemporaryDirectory(prefix="fpl-pulse-tests-", ignore_cleanup_errors=True)
    config.add_cleanup(home.cleanup)
    _set_airflow_environment(Path(home.name))


def selected_paths(config: pytest.Config) -> list[Path]:
    """The files and folders that the command line names, or `testpaths` where it names none."""
    return [(config.invocation_params.dir / name.partition("::")[0]).resolve() for name in config.args]


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Skip the folders of `LONG` unless the command line names one or a path inside it. No `-m` or `-k` selects it."""
    folder = next((one for one in LONG if collection_path.is_relative_to(one)), None)
    if folder is None:
        return None
    named = [path for path in selected_paths(config) if path.is_relative_to(folder)]
    is_named = any(collection_path.is_relative_to(path) or path.is_relative_to(collection_path) for path in named)
    return None if is_named else True


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run the longest tests first, so that one process does not run them alone at the end."""
    items.sort(key=lambda item: not {"e2e", "replay"} & set(item.path.relative_to(PROJECT).parts))


@pytest.hookimpl(trylast=True)
def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print one line per reason for which tests were skipped, with the number of tests."""
    reports = terminalreporter.stats.get("skipped", [])
    # A skip has (file, line, reason). Anything else in this list is an expected failure.
    reasons = Counter(
        str(report.longrepr[2]).removeprefix("Skipped: ") for report in reports if isinstance(report.longrepr, tuple)
    )
    for reason, count in reasons.most_common():
        terminalreporter.write_line(f"Skipped {count} test{'s' * (count > 1)}: {reason}", yellow=True)


class ByServer(LoadScopeScheduling):  # type: ignore[misc]  # xdist has no types
    """Send tests that share a server to one process: a file, or all of `replay/`, whose season has one clock."""

    def _split_scope(self, nodeid: str) -> str:
        path = nodeid.partition("::")[0]
        return REPLAY if path.startswith(REPLAY) else path


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> ByServer:  # noqa: ANN401 - type of xdist
    """Distribute the tests of `pytest -n 2` by server, whatever `--dist` says."""
    return ByServer(config, log)


@pytest.fixture(autouse=True)
def _log_levels() -> Iterator[None]:
    """Restore log levels. A command that a test runs in this process may have changed them."""
    loggers = [logging.getLogger(name) for name in ("airflow", "alembic", "fpl_pulse", "fpl_pulse.etl.rebuild")]
    levels = [logger.level for logger in loggers]
    yield
    for logger, level in zip(loggers, levels, strict=True):
        logger.setLevel(level)


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fail every connection to another machine, and name its address."""
    connect = socket.socket.connect
    connect_ex = socket.socket.connect_ex

    def guarded(original: Callable[..., Any]) -> Callable[..., Any]:
        def call(self: socket.socket, address: Any) -> Any:  # noqa: ANN401 - type of the socket module
            if self.family in (socket.AF_INET, socket.AF_INET6) and not _is_loopback(str(address[0])):
                raise OSError(
                    f"The test tried to connect to {address[0]}:{address[1]}. Tests may use loopback addresses only."
                )
            return original(self, address)

        return call

    monkeypatch.setattr(socket.socket, "connect", guarded(connect))
    monkeypatch.setattr(socket.socket, "connect_ex", guarded(connect_ex))


def _is_loopback(host: str) -> bool:
    return host in ("localhost", "::1") or host.startswith("127.")


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedPostgres]:
    """A real Postgres server, one for each test process."""
    server = EmbeddedPostgres(tmp_path_factory.mktemp("postgres"), durable=False)
    with server:
        yield server
    server.remove()


@pytest.fixture(scope="session")
def _template(postgres: EmbeddedPostgres) -> str:
    """The name of a database with every migration applied. Each test gets a copy."""
    from fpl_pulse.store.schema import upgrade

    postgres.create_database(TEMPLATE)
    upgrade(postgres.dsn(TEMPLATE))
    return TEMPLATE


@pytest.fixture
def dsn(postgres: EmbeddedPostgres, _template: str) -> Iterator[str]:
    """The address of a fresh database with the schema `pulse`."""
    name = f"test_{uuid.uuid4().hex[:12]}"
    postgres.create_database(name, template=_template)
    yield postgres.dsn(name)
    postgres.drop_database(name)


@pytest.fixture
def database(dsn: str) -> Iterator[psycopg.Connection]:
    """A connection to the fresh database at `dsn`."""
    with psycopg.connect(dsn) as connection:
        yield connection
