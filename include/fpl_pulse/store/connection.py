"""What this project expects of a Postgres connection.

Connections are in autocommit mode: every unit of work opens its own `conn.transaction()`, and between units
nothing is held. An HTTP call inside a transaction would hold locks for as long as another machine likes,
therefore `require_no_transaction` guards the callers.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd
from psycopg import Connection
from psycopg.pq import TransactionStatus


def require_no_transaction(conn: Connection[Any]) -> None:
    """Raise RuntimeError when the connection is in the middle of a transaction."""
    if conn.info.transaction_status is not TransactionStatus.IDLE:
        raise RuntimeError("An API must not be called inside a database transaction")


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


def select(conn: Connection[Any], statement: str, params: Mapping[str, object] | None = None) -> pd.DataFrame:
    """A query's result as a frame.

    Columns of whole numbers or truth values without nulls are typed; all others hold Python objects as psycopg gives
    them, so that integers with nulls do not silently become floats.
    """
    cursor = conn.execute(statement.encode(), params)
    columns = [column.name for column in cursor.description or ()]
    frame = pd.DataFrame(cursor.fetchall(), columns=columns, dtype=object)
    plain = [name for name in columns if not frame.empty and frame[name].map(type).isin((int, bool)).all()]
    return frame.astype({name: bool if isinstance(frame[name].iloc[0], bool) else "int64" for name in plain})


def scalar(conn: Connection[Any], statement: str, params: Mapping[str, object] | None = None) -> Any:  # noqa: ANN401
    """The first column of the first row, or None when there is no row."""
    row = conn.execute(statement.encode(), params).fetchone()
    return None if row is None else row[0]
