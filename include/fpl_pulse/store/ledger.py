"""The ledger of calls and the pace that all tasks of the installation share."""

import time
from collections.abc import Callable
from typing import Any

from psycopg import Connection

from fpl_pulse.api.http import Api, Call
from fpl_pulse.store.connection import require_no_transaction
from fpl_pulse.store.runs import Run

TAKE_SLOT = """
    insert into pulse.api_pace as pace (api, next_slot_at)
    values (%(api)s, clock_timestamp() + %(interval_s)s * interval '1 second')
    on conflict (api) do update set
        next_slot_at = greatest(pace.next_slot_at, clock_timestamp()) + %(interval_s)s * interval '1 second'
    returning extract(epoch from next_slot_at - clock_timestamp()) - %(interval_s)s
"""

RECORD_CALL = """
    insert into pulse.api_calls
        (api, endpoint, resource, purpose, dag_id, run_id, task_id, map_index, try_number, attempt,
         status, outcome, seconds, bytes, quota_remaining, called_at)
    values
        (%(api)s, %(endpoint)s, %(resource)s, %(purpose)s, %(dag_id)s, %(run_id)s, %(task_id)s, %(map_index)s,
         %(try_number)s, %(attempt)s, %(status)s, %(outcome)s, %(seconds)s, %(bytes)s, %(quota_remaining)s,
         clock_timestamp() - %(seconds)s * interval '1 second')
"""


def pace(
    conn: Connection[Any], api: Api, calls_per_second: float, sleep: Callable[[float], None] = time.sleep
) -> Callable[[], None]:
    """A function that blocks until the next call may start.

    Slots are handed out by one row in Postgres, so the pace holds for every task and machine together.

    Raises:
        ValueError: when the rate is not above zero.
    """
    if calls_per_second <= 0:
        raise ValueError(f"The pace must be above 0 calls a second, not {calls_per_second}")
    params = {"api": api, "interval_s": 1.0 / calls_per_second}

    def wait_for_slot() -> None:
        require_no_transaction(conn)
        row = conn.execute(TAKE_SLOT, params).fetchone()
        wait_s = float(row[0]) if row else 0.0
        if wait_s > 0:
            sleep(wait_s)

    return wait_for_slot


def recorder(conn: Connection[Any], run: Run) -> Callable[[Call], None]:
    """A function that writes each call of a run into the ledger."""

    def record(call: Call) -> None:
        conn.execute(
            RECORD_CALL,
            {
                "api": call.resource.api,
                "endpoint": call.resource.endpoint,
                "resource": call.resource.key,
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
            },
        )

    return record
