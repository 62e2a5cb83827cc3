"""How requests read the database: few sessions, which can write nothing, and statements with a time limit."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from threading import Lock
from typing import Any, TypeVar

from psycopg import Connection, IsolationLevel
from psycopg.rows import dict_row
from psycopg_pool import ConnectionPool, PoolClosed
from pydantic import BaseModel

from fpl_pulse.store.connection import limit_waits, use_fast_json
from fpl_pulse.web.queries import query

Row = TypeVar("Row", bound=BaseModel)

MOST_CONNECTIONS = 6
"""For each process of the server. A statement takes milliseconds, so more would wait for the processor."""

WAIT_FOR_CONNECTION_S = 3.0
STATEMENT_TIMEOUT_MS = 5_000
RECONNECT_S = 10.0
"""For how long the pool tries to connect before it waits for the next request."""

CHECK_LIMIT_S = 1.5
"""For a database that does not respond at all: half of `WAIT_FOR_CONNECTION_S`, the rest is for a new connection."""

REQUEST_LIMIT_S = 10.0
"""For all statements of a request, from the moment it has a connection. A database that is frozen reaches it, or a
request with several slow statements: one slow statement ends by `STATEMENT_TIMEOUT_MS`."""


@dataclass(frozen=True)
class Reader:
    """One request's view of the data. All its queries see the same state, also while a pipeline loads."""

    conn: Connection[Any]

    def rows(self, kind: type[Row], name: str, params: Mapping[str, object] | None = None) -> list[Row]:
        """The rows of the statement in `queries/<name>.sql`, as objects with a field for each column."""
        return [kind.model_validate(row) for row in self.records(name, params)]

    def records(self, name: str, params: Mapping[str, object] | None = None) -> list[dict[str, Any]]:
        """The rows of the statement in `queries/<name>.sql`, a dict each.

        Raises:
            psycopg.errors.QueryCanceled: the statement took longer than `STATEMENT_TIMEOUT_MS`.
            psycopg.OperationalError: the connection is lost.
        """
        with self.conn.cursor(row_factory=dict_row) as cursor:
            return cursor.execute(query(name).encode(), params).fetchall()

    def set_time(self, time: datetime) -> None:
        """Let the statements of this request see the week of a time. The connection forgets it with the transaction."""
        self.conn.execute("select set_config('pulse.now', %s, true)", (time.isoformat(),))

    def record(self, name: str, params: Mapping[str, object] | None = None) -> dict[str, Any] | None:
        """The first row as a dict, or None when there is none."""
        return next(iter(self.records(name, params)), None)


class Database:
    """A pool of connections that opens with the first request: importing or mounting the application opens none."""

    def __init__(self, connect: Callable[[], Connection[Any]]) -> None:
        """`connect` opens a connection to the store. Its errors become those of a request."""
        self._pool = ConnectionPool(
            connection_class=_opened_by(connect),
            min_size=1,
            max_size=MOST_CONNECTIONS,
            open=False,
            configure=_make_read_only,
            check=_check,
            timeout=WAIT_FOR_CONNECTION_S,
            reconnect_timeout=RECONNECT_S,
            name="fpl-pulse-web",
        )
        self._opening = Lock()
        self._is_over = False

    @contextmanager
    def reading(self) -> Iterator[Reader]:
        """A connection in a read-only transaction, which ends with the block.

        Raises:
            psycopg_pool.PoolTimeout: all connections are in use, or the database cannot be reached.
            psycopg_pool.PoolClosed: `close` has been called.
            psycopg.OperationalError: the database has not ended the statements within `REQUEST_LIMIT_S`.
        """
        with self._opening:
            if self._is_over:
                raise PoolClosed("The API has been stopped")
            if self._pool.closed:
                self._pool.open()
        with self._pool.connection() as conn:
            limit_waits(conn, REQUEST_LIMIT_S)
            yield Reader(conn)

    def close(self) -> None:
        """Close all connections, for good. One that a request uses is closed when the request ends."""
        with self._opening:
            self._is_over = True
        self._pool.close()


def _opened_by(connect: Callable[[], Connection[Any]]) -> type[Connection[Any]]:
    """A class whose `connect` is ours: the pool opens its connections through it, whatever the way to the database."""

    class StoreConnection(Connection[Any]):
        @classmethod
        def connect(cls, *_: object, **__: object) -> Any:  # noqa: ANN401 - the pool accepts any connection
            return connect()

    return StoreConnection


def _check(conn: Connection[Any]) -> None:
    """Raise OperationalError when a connection that a request is about to get no longer works."""
    limit_waits(conn, CHECK_LIMIT_S)
    ConnectionPool.check_connection(conn)


def _make_read_only(conn: Connection[Any]) -> None:
    """Configure a new connection of the pool."""
    limit_waits(conn, REQUEST_LIMIT_S)
    use_fast_json(conn)
    conn.autocommit = True
    conn.execute(
        "select set_config('default_transaction_read_only', 'on', false), set_config('search_path', 'fpl', false),"
        " set_config('TimeZone', 'UTC', false), set_config('statement_timeout', %s, false)",
        [str(STATEMENT_TIMEOUT_MS)],
    )
    conn.autocommit = False
    conn.isolation_level = IsolationLevel.REPEATABLE_READ
