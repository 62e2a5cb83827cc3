"""The alerts that are open: nobody and no run has closed them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from psycopg import Connection

from fpl_pulse.store.connection import select_rows
from fpl_pulse.store.queries import query


@dataclass(frozen=True)
class OpenAlert:
    """An open row of `pulse.alerts`."""

    alert_id: int
    kind: str
    subject: str
    dag_id: str
    raised_at: datetime
    """Wall clock."""
    message: str
    total: int
    """How many alerts are open."""


def read(conn: Connection[Any], most: int | None = None) -> list[OpenAlert]:
    """The open alerts, the newest first; at most `most`, all if it is None."""
    return select_rows(conn, OpenAlert, query("open_alerts"), {"most": most})
