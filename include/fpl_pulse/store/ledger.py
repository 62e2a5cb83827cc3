"""The ledger `pulse.api_calls`: one row for every HTTP call of every run."""

from collections.abc import Callable
from typing import Any

from psycopg import Connection

from fpl_pulse.api.calls import Call
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
        conn.execute(
            query("record_call").encode(),
            {
                "api": call.resource.api,
                "endpoint": call.resource.endpoint,
                "resource": call.resource.key,
                "event_id": call.resource.params.get("event_id"),
                "purpose": call.purpose,
                "dag_id": run.dag_id,
                "run_id": run.run_id,
                "task_id": run.task_id,
                "map_index": run.map_index,
                "try_number": run.try_number,
                "attempt": call.attempt,
                "status": call.status,
                "outcome": call.outcome,
                "seconds": round(call.seconds, 3),
                "bytes": call.size_bytes,
                "quota_remaining": call.quota_remaining,
                "quota_resets_in_s": call.quota_resets_in_s,
            },
        )
        for on_response in listeners:
            on_response(call)

    return record
