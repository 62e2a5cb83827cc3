"""The ledger: every call of every run is a row."""

from collections.abc import Callable
from typing import Any

from psycopg import Connection

from fpl_pulse.api.calls import Call
from fpl_pulse.store.runs import Run

RECORD_CALL = """
    insert into pulse.api_calls
        (api, endpoint, resource, purpose, dag_id, run_id, task_id, map_index, try_number, attempt,
         status, outcome, seconds, bytes, quota_remaining, quota_resets_at, called_at, event_id)
    values
        (%(api)s, %(endpoint)s, %(resource)s, %(purpose)s, %(dag_id)s, %(run_id)s, %(task_id)s, %(map_index)s,
         %(try_number)s, %(attempt)s, %(status)s, %(outcome)s, %(seconds)s, %(bytes)s, %(quota_remaining)s,
         clock_timestamp() + %(quota_resets_in_s)s * interval '1 second',
         clock_timestamp() - %(seconds)s * interval '1 second', %(event_id)s)
"""


def recorder(conn: Connection[Any], run: Run, *listeners: Callable[[Call], None]) -> Callable[[Call], None]:
    """A function that writes each call of a run into the ledger, and tells whoever wants to heed it."""

    def record(call: Call) -> None:
        conn.execute(
            RECORD_CALL,
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
