"""What this project expects of a Postgres connection.

Connections are in autocommit mode: every unit of work opens its own `conn.transaction()`, and between units
nothing is held. An HTTP call inside a transaction would hold locks for as long as another machine likes,
therefore `require_no_transaction` guards the callers.
"""

from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any, TypeVar

from psycopg import Connection, OperationalError
from psycopg.abc import PQGen
from psycopg.pq import TransactionStatus
from psycopg.rows import class_row, dict_row
from psycopg.types.json import set_json_dumps, set_json_loads
from pydantic_core import from_json, to_json

if TYPE_CHECKING:
    import pandas as pd

Row = TypeVar("Row")
Result = TypeVar("Result")

CONNECTION_LIMITS = {
    "connect_timeout": 10,
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
    "tcp_user_timeout": 60_000,
}
"""Parameters of libpq for a connection that sets none itself: a host that has vanished is noticed within a minute.

Airflow kills a failure callback after 50 s: a store that does not respond to a new connection must not take that long,
or the alert would be lost. `tcp_user_timeout` is in ms, the others are seconds and a count.
"""


def require_no_transaction(conn: Connection[Any]) -> None:
    """Raise RuntimeError when the connection is in the middle of a transaction."""
    if conn.info.transaction_status is not TransactionStatus.IDLE:
        raise RuntimeError("An API must not be called inside a database transaction")


def use_fast_json(conn: Connection[Any]) -> None:
    """Let the connection read and write JSON with pydantic's parser, which takes half the time of Python's."""
    set_json_loads(from_json, conn)
    set_json_dumps(to_json, conn)


def limit_waits(conn: Connection[Any], limit_s: float | None) -> None:
    """Limit how long a connection waits for the server from now on: all its statements together, until the next call.

    None removes the limit. The server cannot enforce it: a process that is frozen does not end its own statement, and
    the system that it runs on still acknowledges what the network brings. After the limit, the connection is closed and
    the statement raises `OperationalError`.
    """
    # psycopg waits for the server in this method only. Airflow opens the connection, so its class cannot be ours.
    vars(conn).pop("wait", None)
    if limit_s is None:
        return
    unlimited = conn.wait
    deadline = monotonic() + limit_s

    def wait(gen: PQGen[Result], interval: float = 0.1, timeout: float | None = None) -> Result:
        left = max(deadline - monotonic(), 0.0)
        try:
            return unlimited(gen, interval, left if timeout is None else min(left, timeout))
        except OperationalError as error:
            if monotonic() < deadline:
                raise
            conn.close()
            raise OperationalError(f"The database has not responded within {limit_s:g} seconds") from error

    conn.wait = wait  # type: ignore[method-assign]


def in_transaction(conn: Connection[Any]) -> AbstractContextManager[object]:
    """The caller's transaction, or a new one. Unlike `conn.transaction()` it makes no savepoint, which costs time.

    An error in the caller's transaction ends that one.
    """
    is_idle = conn.info.transaction_status is TransactionStatus.IDLE
    return conn.transaction() if is_idle else nullcontext()


class QueryFolder:
    """The SQL files of a package's `queries/` folder, each read once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._texts: dict[str, str] = {}

    def __call__(self, name: str) -> str:
        """The text of `<name>.sql`.

        Raises:
            FileNotFoundError: there is no such file.
        """
        if name not in self._texts:
            self._texts[name] = (self._folder / f"{name}.sql").read_text()
        return self._texts[name]


DTYPES = {"bool": "boolean", "int2": "Int64", "int4": "Int64", "int8": "Int64", "float8": "Float64", "text": "string"}
"""Postgres type -> the nullable dtype of its column. Columns of other types hold objects, as psycopg gives them."""


def select(conn: Connection[Any], statement: str, params: Mapping[str, object] | None = None) -> "pd.DataFrame":
    """The result of a query as a frame whose dtypes follow from the types of its columns, also when it is empty."""
    import pandas as pd  # noqa: PLC0415 - slow, and DAG files import this module

    cursor = conn.execute(statement.encode(), params)
    described = cursor.description or ()
    frame = pd.DataFrame(cursor.fetchall(), columns=[column.name for column in described], dtype=object)
    dtypes = {column.name: DTYPES.get(column.type_display, "object") for column in described}
    return frame.astype(dtypes)


def select_records(
    conn: Connection[Any], statement: str, params: Mapping[str, object] | None = None
) -> list[dict[str, Any]]:
    """The result of a query as dicts, a row each, with values as psycopg gives them."""
    with conn.cursor(row_factory=dict_row) as cursor:
        return cursor.execute(statement.encode(), params).fetchall()


def select_rows(
    conn: Connection[Any], row: type[Row], statement: str, params: Mapping[str, object] | None = None
) -> list[Row]:
    """The result of a query as objects of a class with a field for each column."""
    with conn.cursor(row_factory=class_row(row)) as cursor:
        return cursor.execute(statement.encode(), params).fetchall()


def scalar(conn: Connection[Any], statement: str, params: Mapping[str, object] | None = None) -> Any:  # noqa: ANN401
    """The first column of the first row, or None when there is no row."""
    row = conn.execute(statement.encode(), params).fetchone()
    return None if row is None else row[0]
