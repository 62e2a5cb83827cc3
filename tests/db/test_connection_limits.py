"""A database that vanishes or freezes does not hold a connection for ever."""

import os
import socket
import time

import psycopg
import pytest

from fpl_pulse.airflow.connections import connect
from fpl_pulse.store import schema
from fpl_pulse.store.connection import CONNECTION_LIMITS, limit_waits

CONNECTION = "AIRFLOW_CONN_FPL_POSTGRES"


def keepalives(conn: psycopg.Connection) -> dict[str, int]:
    """What the system was told about a connection, by the names of libpq."""
    with socket.socket(fileno=os.dup(conn.fileno())) as copy:
        return {
            name: copy.getsockopt(socket.IPPROTO_TCP, getattr(socket, option))
            for name, option in {
                "keepalives_idle": "TCP_KEEPIDLE",
                "keepalives_interval": "TCP_KEEPINTVL",
                "keepalives_count": "TCP_KEEPCNT",
                "tcp_user_timeout": "TCP_USER_TIMEOUT",
            }.items()
            if hasattr(socket, option)
        }


def test_the_system_notices_that_the_databases_host_has_vanished(dsn: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(CONNECTION, dsn)
    with connect() as conn:
        found = keepalives(conn)
    assert found
    assert found == {name: CONNECTION_LIMITS[name] for name in found}
    with schema._engine(dsn).connect() as migration:
        raw = migration.connection.driver_connection
        assert isinstance(raw, psycopg.Connection)
        assert keepalives(raw) == found


def test_a_connection_keeps_the_limits_that_it_sets_itself(dsn: str, monkeypatch: pytest.MonkeyPatch) -> None:
    own = f"{dsn}?keepalives_idle=7&connect_timeout=3"
    monkeypatch.setenv(CONNECTION, own)
    with connect() as conn:
        assert keepalives(conn)["keepalives_idle"] == 7
    with schema._engine(own).connect() as migration:
        raw = migration.connection.driver_connection
        assert isinstance(raw, psycopg.Connection)
        assert keepalives(raw)["keepalives_idle"] == 7


def test_a_pipelines_statement_may_take_longer_than_the_connect(dsn: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(CONNECTION, dsn)
    monkeypatch.setitem(CONNECTION_LIMITS, "connect_timeout", 1)
    with connect() as conn:
        conn.execute("select pg_sleep(1.2)")


def test_the_limit_of_waits_is_for_all_statements_together(dsn: str) -> None:
    with psycopg.connect(dsn, autocommit=True) as conn:
        limit_waits(conn, 0.5)
        conn.execute("select pg_sleep(0.3)")
        started = time.monotonic()
        with pytest.raises(psycopg.OperationalError, match=r"has not responded within 0\.5 seconds"):
            conn.execute("select pg_sleep(5)")
        assert time.monotonic() - started < 0.4
        assert conn.closed


def test_an_error_before_the_limit_stays_what_it_is(dsn: str) -> None:
    with psycopg.connect(dsn, autocommit=True, options="-c statement_timeout=50") as conn:
        limit_waits(conn, 5)
        with pytest.raises(psycopg.errors.QueryCanceled):
            conn.execute("select pg_sleep(5)")
        assert not conn.closed
        limit_waits(conn, 0)
        with pytest.raises(psycopg.OperationalError, match="has not responded"):
            conn.execute("select 1")
