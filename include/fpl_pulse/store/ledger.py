"""The ledger `pulse.api_calls`: one row for every HTTP call of every run."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from psycopg import Connection

from fpl_pulse.api.calls import Call
from fpl_pulse.store.connection import scalar
from fpl_pulse.store.queries import query
from fpl_pulse.store.runs import Run


def recorder(conn: Connection[Any], run: Run, *listeners: Callable[[Call], None]) -> Callable[[Call], None]:
    """A function for `ApiClient` that records a call in the ledger.

    Args:
        conn: the store's connection, in autocommit mode.
        run: the task that makes the calls.
        listeners: called with each recorded call, for example `Pace.on_response`.
    """

    def record(call: Call) -> None:
        of_call = {
            **vars(call),
            "api": call.resource.api,
            "endpoint": call.resource.endpoint,
            "resource": call.resource.key,
            "event_id": call.resource.params.get("event_id"),
            "seconds": round(call.seconds, 3),
        }
        conn.execute(query("record_call"), {**vars(run), **of_call})
        for on_response in listeners:
            on_response(call)

    return record


def quota_resets_at(conn: Connection[Any]) -> datetime | None:
    """When SofaSport's quota is reset, by the wall clock; None when no response has stated a coming reset."""
    statement = "select resets_at from pulse.quota_left where resets_at > clock_timestamp()"
    resets_at: datetime | None = scalar(conn, statement)
    return resets_at
