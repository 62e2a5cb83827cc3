"""What every test gets: no net outside loopback; on request a real Postgres, and a settled Airflow."""

import logging
import os
import socket
import sys
import tempfile
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from xdist.scheduler import LoadScopeScheduling

from dev.local.postgres import EmbeddedPostgres

PROJECT = Path(__file__).resolve().parents[1]
TEMPLATE = "template_pulse"
REPLAY = "tests/replay/"


def _settle_airflow(home: Path) -> None:
    """Set up an Airflow of the tests' own; it reads its settings once, when it is first imported."""
    for name in [
        name for name in os.environ if name.startswith(("AIRFLOW__", "AIRFLOW_CONN_", "AIRFLOW_VAR_"))
    ]:
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
    """Settle Airflow before any test module can import it."""
    if "airflow" in sys.modules:
        raise pytest.UsageError("airflow was imported before the tests could choose its AIRFLOW_HOME")
    home = tempfile.TemporaryDirectory(prefix="fpl-pulse-tests-", ignore_cleanup_errors=True)
    config.add_cleanup(home.cleanup)
    _settle_airflow(Path(home.name))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest first, so that no process is left with them at the end."""
    items.sort(key=lambda item: not {"e2e", "replay"} & set(item.path.relative_to(PROJECT).parts))


class ByServer(LoadScopeScheduling):  # type: ignore[misc]  # xdist has no types
    """What shares a server goes to one process: a file, and all of `replay/`, whose season has one clock."""

    def _split_scope(self, nodeid: str) -> str:
        path = nodeid.partition("::")[0]
        return REPLAY if path.startswith(REPLAY) else path


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> ByServer:  # noqa: ANN401 - xdist's own
    """How `pytest -n 2` shares out the tests, whatever `--dist` says."""
    return ByServer(config, log)


@pytest.fixture(autouse=True)
def _log_levels() -> Iterator[None]:
    """A command that a test runs in this process may be quiet; the next test's is not."""
    loggers = [logging.getLogger(name) for name in ("airflow", "fpl_pulse", "fpl_pulse.etl.rebuild")]
    levels = [logger.level for logger in loggers]
    yield
    for logger, level in zip(loggers, levels, strict=True):
        logger.setLevel(level)


@pytest.fixture(autouse=True)
def _no_net(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test that would leave this machine fails at once, and says where it wanted to go."""
    connect = socket.socket.connect
    connect_ex = socket.socket.connect_ex

    def guarded(original: Callable[..., Any]) -> Callable[..., Any]:
        def call(self: socket.socket, address: Any) -> Any:  # noqa: ANN401 (as the socket module has it)
            if self.family in (socket.AF_INET, socket.AF_INET6) and not _is_loopback(str(address[0])):
                raise OSError(
                    f"A test wanted to reach {address[0]}:{address[1]}; tests stay on this machine."
                )
            return original(self, address)

        return call

    monkeypatch.setattr(socket.socket, "connect", guarded(connect))
    monkeypatch.setattr(socket.socket, "connect_ex", guarded(connect_ex))


def _is_loopback(host: str) -> bool:
    return host in ("localhost", "::1") or host.startswith("127.")


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedPostgres]:
    """One real Postgres server for the whole test session."""
    server = EmbeddedPostgres(tmp_path_factory.mktemp("postgres"), durable=False)
    with server:
        yield server
    server.remove()


@pytest.fixture(scope="session")
def _template(postgres: EmbeddedPostgres) -> str:
    """A database with every migration applied; each test gets a copy."""
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
    """A connection to a fresh database with the schema `pulse`; `dsn` is its address."""
    with psycopg.connect(dsn) as connection:
        yield connection
