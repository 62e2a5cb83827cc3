"""Airflow's connections turned into the store's connection and the two API clients.

The three connections are the only place that holds an address or a secret.
"""

import json
import os
from typing import Any
from urllib.parse import urlsplit

from airflow.providers.http.hooks.http import HttpHook
from airflow.providers.postgres.hooks.postgres import PostgresHook
from psycopg import Connection

from fpl_pulse.airflow.metrics import count_call
from fpl_pulse.api.calls import Api
from fpl_pulse.api.http import DEFAULT_TIMEOUT_S, ApiClient
from fpl_pulse.errors import AccessRefusedError
from fpl_pulse.store.ledger import recorder
from fpl_pulse.store.pace import Pace
from fpl_pulse.store.runs import Run

SOFASPORT = "sofasport_api"
FPL = "fpl_api"
POSTGRES = "fpl_postgres"
CONNECTION_OF: dict[Api, str] = {"sofasport": SOFASPORT, "fpl": FPL}

CONNECT_TIMEOUT_S = 10
"""Unless the connection says otherwise. A store that does not answer would hold the dag-processor until it is killed,
after 50 s, and with it the alert of a failed run."""

CALLS_PER_SECOND = "FPL_PULSE_CALLS_PER_SECOND"
MOST_CALLS_A_RUN = "FPL_PULSE_MOST_CALLS_A_RUN"
DEFAULT_CALLS_PER_SECOND = 5.0
"""Below what any reseller of the data is known to allow."""


def connect() -> Connection[Any]:
    """The store's connection, in autocommit mode; the caller closes it."""
    hook = PostgresHook(postgres_conn_id=POSTGRES)
    known: Any = hook.connection
    known.extra = json.dumps({"connect_timeout": CONNECT_TIMEOUT_S, **known.extra_dejson})
    conn = hook.get_conn()
    if not isinstance(conn, Connection):
        raise TypeError("The Postgres provider did not use psycopg 3; is the package psycopg installed?")
    conn.autocommit = True
    return conn


def store_address() -> str:
    """The store's address with its password, for Alembic; never to be logged."""
    connection = PostgresHook(postgres_conn_id=POSTGRES).get_connection(POSTGRES)
    uri: str = connection.get_uri()
    return uri


def clients(conn: Connection[Any], run: Run) -> dict[Api, ApiClient]:
    """A client for each API, paced and recorded through the store.

    Raises:
        AccessRefusedError: when the connection to SofaSport has no password.
    """
    return {"sofasport": _client("sofasport", conn, run), "fpl": _client("fpl", conn, run)}


def _client(api: Api, conn: Connection[Any], run: Run) -> ApiClient:
    connection_id = CONNECTION_OF[api]
    hook = HttpHook(method="GET", http_conn_id=connection_id)
    session = hook.get_conn()
    connection = hook.get_connection(connection_id)
    address = urlsplit(hook.base_url)
    # Only the password is ours to send, as a header: without this the hook would send it as basic authentication.
    session.auth = None
    if api == "sofasport":
        if not connection.password:
            raise AccessRefusedError(
                f"The Airflow connection {connection_id} has no password: put the RapidAPI key there"
            )
        session.headers["x-rapidapi-key"] = connection.password
        session.headers.setdefault("x-rapidapi-host", address.hostname or "")
    pace = Pace(conn, api, calls_per_second())
    timeout_s = float(connection.extra_dejson.get("timeout") or DEFAULT_TIMEOUT_S)
    return ApiClient(
        connection_id,
        session,
        f"{address.scheme}://{address.netloc}",
        wait_for_slot=pace.wait_for_slot,
        record=recorder(conn, run, pace.on_response, count_call),
        timeout_s=timeout_s,
    )


def calls_per_second() -> float:
    """The installation's pace for each API.

    Raises:
        ValueError: when the environment holds no number above zero.
    """
    text = os.environ.get(CALLS_PER_SECOND, "")
    if not text:
        return DEFAULT_CALLS_PER_SECOND
    try:
        rate = float(text)
    except ValueError:
        rate = 0.0
    if not 0 < rate < 1000:
        raise ValueError(f"{CALLS_PER_SECOND} must be a number of calls above 0, not {text!r}")
    return rate


def most_calls_a_run() -> int | None:
    """The installation's ceiling of calls to SofaSport for one run; None when there is none.

    Raises:
        ValueError: when the environment holds no whole number above zero.
    """
    text = os.environ.get(MOST_CALLS_A_RUN, "")
    if not text:
        return None
    if not (text.isdecimal() and len(text) < 10 and int(text) > 0):
        raise ValueError(f"{MOST_CALLS_A_RUN} must be a whole number of calls above 0, not {text!r}")
    return int(text)
