"""The store's connection and the two API clients, made from Airflow's connections.

These three Airflow connections hold the addresses and secrets of the database and the APIs.
"""

import json
import os
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any
from urllib.parse import urlsplit

from airflow.providers.http.hooks.http import HttpHook
from airflow.providers.postgres.hooks.postgres import PostgresHook
from airflow.sdk.exceptions import AirflowNotFoundException
from psycopg import Connection, OperationalError

from fpl_pulse.airflow.metrics import count_call
from fpl_pulse.api.calls import Api
from fpl_pulse.api.http import DEFAULT_TIMEOUT_S, MAX_ATTEMPTS, ApiClient
from fpl_pulse.errors import AccessRefusedError, StoreUnavailableError
from fpl_pulse.store.connection import CONNECTION_LIMITS, limit_waits
from fpl_pulse.store.ledger import recorder
from fpl_pulse.store.pace import Pace
from fpl_pulse.store.runs import Run

POSTGRES = "fpl_postgres"
CONNECTION_OF: dict[Api, str] = {"sofasport": "sofasport_api", "fpl": "fpl_api"}

CALLS_PER_SECOND = "FPL_PULSE_CALLS_PER_SECOND"
MOST_CALLS_A_RUN = "FPL_PULSE_MOST_CALLS_A_RUN"
SET_KEY = "Set it to the RapidAPI key, then clear the failed tasks"
DEFAULT_CALLS_PER_SECOND = 5.0
"""Below the limit of every known plan of the API."""


def connect() -> Connection[Any]:
    """The store's connection, in autocommit mode, with times in UTC whatever the server's zone. The caller closes it.

    Raises:
        AirflowNotFoundException: the connection `fpl_postgres` does not exist.
        OperationalError: the database cannot be reached.
    """
    hook = PostgresHook(postgres_conn_id=POSTGRES)
    known: Any = hook.connection
    known.extra = json.dumps({**CONNECTION_LIMITS, **known.extra_dejson})
    conn = hook.get_conn()
    if not isinstance(conn, Connection):
        raise TypeError("The Postgres provider did not use psycopg 3; is the package psycopg installed?")
    conn.autocommit = True
    limit_waits(conn, CONNECTION_LIMITS["connect_timeout"])
    # Revisions and digests hold times as text, which a session writes in its own zone.
    conn.execute("set time zone 'UTC'")
    limit_waits(conn, None)
    return conn


@contextmanager
def open_store() -> Iterator[Connection[Any]]:
    """The store's connection for a command: an error of the database becomes one sentence.

    Raises:
        StoreUnavailableError: the connection does not exist, the database cannot be reached or goes away, or it lacks
            what a statement needs.
    """
    try:
        conn = connect()
    except (OperationalError, AirflowNotFoundException) as error:
        raise StoreUnavailableError(_unreachable(error)) from error
    with closing(conn):
        try:
            yield conn
        except OperationalError as error:
            if conn.closed:
                raise StoreUnavailableError(_unreachable(error)) from error
            raise StoreUnavailableError(
                f"The database of the connection {POSTGRES} did not execute a statement. The error was: {_line(error)}"
            ) from error


def _unreachable(error: Exception) -> str:
    return (
        f"The database of the connection {POSTGRES} cannot be reached: check that it is running and that the connection"
        f" is right. The error was: {_line(error)}"
    )


def _line(error: Exception) -> str:
    return " ".join(str(error).split())


def store_address() -> str:
    """The store's address for Alembic. It holds the password: never log it."""
    return str(PostgresHook.get_connection(POSTGRES).get_uri())


def clients(conn: Connection[Any], run: Run, max_attempts: int = MAX_ATTEMPTS) -> dict[Api, ApiClient]:
    """A client for each API. The store sets the clients' pace and records their calls.

    A call has `max_attempts` attempts.

    Raises:
        AccessRefusedError: the connection to SofaSport has no password.
    """
    return {api: _client(api, conn, run, max_attempts) for api in CONNECTION_OF}


def _client(api: Api, conn: Connection[Any], run: Run, max_attempts: int) -> ApiClient:
    connection_id = CONNECTION_OF[api]
    hook = HttpHook(method="GET", http_conn_id=connection_id)
    session = hook.get_conn()
    connection = hook.get_connection(connection_id)
    address = urlsplit(hook.base_url)
    # The password is sent as a header. Without this line the hook would also send it as basic authentication.
    session.auth = None
    if api == "sofasport":
        if not connection.password:
            raise AccessRefusedError(
                f"The Airflow connection {connection_id} has no password. {SET_KEY}", remedy=SET_KEY
            )
        session.headers["x-rapidapi-key"] = connection.password
        session.headers.setdefault("x-rapidapi-host", address.hostname or "")
    pace = Pace(conn, api, calls_per_second())
    return ApiClient(
        connection_id,
        session,
        f"{address.scheme}://{address.netloc}",
        wait_for_slot=pace.wait_for_slot,
        record=recorder(conn, run, pace.on_response, count_call),
        timeout_s=float(connection.extra_dejson.get("timeout") or DEFAULT_TIMEOUT_S),
        max_attempts=max_attempts,
    )


def calls_per_second() -> float:
    """The installation's limit of calls per second, for each API.

    Raises:
        ValueError: the environment variable is not a number above 0 and below 1000.
    """
    text = os.environ.get(CALLS_PER_SECOND, "")
    if not text:
        return DEFAULT_CALLS_PER_SECOND
    try:
        rate = float(text)
    except ValueError:
        rate = 0.0
    if not 0 < rate < 1000:
        raise ValueError(f"{CALLS_PER_SECOND} is {text!r}. Set it to a number above 0 and below 1000")
    return rate


def most_calls_a_run() -> int | None:
    """The installation's limit of SofaSport calls per run; None when there is none.

    Raises:
        ValueError: the environment variable is not a whole number above 0.
    """
    text = os.environ.get(MOST_CALLS_A_RUN, "")
    if not text:
        return None
    if not (text.isdecimal() and len(text) < 10 and int(text) > 0):
        raise ValueError(f"{MOST_CALLS_A_RUN} is {text!r}. Set it to a whole number above 0")
    return int(text)
