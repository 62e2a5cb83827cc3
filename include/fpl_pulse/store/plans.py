"""The stored plan of a run: one row for every planned call, its rank, and what became of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from psycopg import Connection
from psycopg.rows import class_row
from psycopg.types.json import Jsonb

from fpl_pulse.store.archive import ArchivedResponse
from fpl_pulse.store.queries import query
from fpl_pulse.store.runs import Run

Outcome = Literal["fetched", "no_data", "superseded", "failed"]


@dataclass(frozen=True)
class PlannedCall:
    """One open call of a plan; the ids that its resource does not have are None."""

    planned_call_id: int
    event_id: int | None
    player_id: int | None
    team_id: int | None
    purpose: str
    is_superseded: bool
    """A newer run has fetched the resource since the plan: the call is not to be made."""


def replace_plan(
    conn: Connection[Any],
    run: Run,
    endpoint: str,
    purpose: str,
    due: Sequence[Mapping[str, object]],
    *,
    affordable: int,
) -> None:
    """Plan the calls of a run to one endpoint. After a clear, calls that were made and are not due again stay as made.

    Args:
        conn: the store's connection.
        run: whose plan.
        endpoint: as in the archive.
        purpose: what the calls are for, in words.
        due: a mapping a call, with its `rank` and the ids that it has of `event_id`, `player_id`, `team_id`; optionally
            the `reason`.
        affordable: how many calls the budget allows; higher ranks are skipped.
    """
    plan = {**run.key, "endpoint": endpoint, "purpose": purpose, "affordable": affordable, "due": Jsonb(list(due))}
    with conn.transaction():
        conn.execute(
            "delete from pulse.planned_calls where dag_id = %(dag_id)s and run_id = %(run_id)s"
            " and endpoint = %(endpoint)s and (outcome is null or outcome in ('skipped', 'failed'))",
            plan,
        )
        conn.execute(query("replace_plan"), plan)


def open_calls(
    conn: Connection[Any], run: Run, endpoint: str, *, event_id: int | None = None, team_id: int | None = None
) -> list[PlannedCall]:
    """The calls of a run that are open, that failed or whose response was rejected; the most valuable first.

    Args:
        conn: the store's connection.
        run: whose plan.
        endpoint: as in the archive.
        event_id: only the calls of this match.
        team_id: only the calls of this club's task.
    """
    params = {**run.key, "endpoint": endpoint, "event_id": event_id, "team_id": team_id}
    with conn.cursor(row_factory=class_row(PlannedCall)) as cursor:
        return cursor.execute(query("open_calls"), params).fetchall()


def record_outcome(conn: Connection[Any], call: PlannedCall, outcome: Outcome, response_id: int | None = None) -> None:
    """Note what became of a call; of a fetched one in the transaction that stores its response."""
    conn.execute(
        "update pulse.planned_calls set outcome = %s, response_id = %s, finished_at = now() where planned_call_id = %s",
        (outcome, response_id, call.planned_call_id),
    )


def mark_failed(conn: Connection[Any], response: ArchivedResponse) -> None:
    """Note that a response could not be loaded in the plans of the runs that fetched it."""
    conn.execute(
        "update pulse.planned_calls set outcome = 'failed', finished_at = now() where response_id = %s",
        (response.response_id,),
    )
