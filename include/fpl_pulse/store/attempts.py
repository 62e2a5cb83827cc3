"""Every try of every task: who is at work and since when, and with which sentence a task failed.

Airflow knows the states; the sentences and what they advise only we know, and a callback of Airflow's sees no more of a
run than its name.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from psycopg import Connection
from psycopg.rows import class_row

from fpl_pulse.store.runs import Run

BEGIN = """
    insert into pulse.task_attempts (dag_id, run_id, task_id, map_index, try_number, state)
    values (%(dag_id)s, %(run_id)s, %(task_id)s, %(map_index)s, %(try_number)s, 'running')
    on conflict (dag_id, run_id, task_id, map_index, try_number) do nothing
"""
"""A sensor that looks again, and a task that was deferred, began when they first did."""
FINISH = """
    update pulse.task_attempts
    set state = %(state)s, finished_at = now(), message = %(message)s, can_retry = %(can_retry)s
    where dag_id = %(dag_id)s and run_id = %(run_id)s and task_id = %(task_id)s and map_index = %(map_index)s
      and try_number = %(try_number)s
"""
NEWEST = """
    select * from (
        select distinct on (task_id, map_index)
               task_id, map_index, try_number, label as place, state, started_at, finished_at, message, can_retry
        from pulse.task_attempts
        where dag_id = %(dag_id)s and run_id = %(run_id)s
          and started_at >= coalesce(%(since)s, '-infinity'::timestamptz)
        order by task_id, map_index, try_number desc
    ) as newest
    order by started_at, task_id, map_index
"""


@dataclass(frozen=True)
class Attempt:
    """The newest try of one task of a run."""

    task_id: str
    map_index: int
    try_number: int
    place: str | None
    state: str
    """`running`, `success` or `failed`; a killed one stays `running`."""
    started_at: datetime
    finished_at: datetime | None
    message: str | None
    can_retry: bool | None

    @property
    def label(self) -> str:
        """The task's name, and of a mapped one the match or club: `fetch_lineup [GW7 Liverpool-Everton]`."""
        if self.map_index < 0:
            return self.task_id
        return f"{self.task_id} [{self.place or self.map_index}]"


def begin(conn: Connection[Any], run: Run) -> None:
    """Note that a try has begun."""
    conn.execute(BEGIN, _key(run))


def set_label(conn: Connection[Any], run: Run, place: str) -> None:
    """Note which match or club a mapped task is about, in words."""
    conn.execute(
        "update pulse.task_attempts set label = %(place)s where dag_id = %(dag_id)s and run_id = %(run_id)s"
        " and task_id = %(task_id)s and map_index = %(map_index)s and try_number = %(try_number)s",
        {**_key(run), "place": place},
    )


def succeed(conn: Connection[Any], run: Run) -> None:
    """Note that a try has done its work."""
    conn.execute(FINISH, {**_key(run), "state": "success", "message": None, "can_retry": None})


def fail(conn: Connection[Any], run: Run, message: str, *, can_retry: bool) -> None:
    """Note why a try has failed, and whether another one may work without anything changed by a person."""
    conn.execute(FINISH, {**_key(run), "state": "failed", "message": message, "can_retry": can_retry})


def newest(conn: Connection[Any], dag_id: str, run_id: str, since: datetime | None = None) -> list[Attempt]:
    """The newest try of every task of a run that has been at work since a moment, in the order in which they began."""
    with conn.cursor(row_factory=class_row(Attempt)) as cursor:
        return cursor.execute(NEWEST, {"dag_id": dag_id, "run_id": run_id, "since": since}).fetchall()


def first_began(conn: Connection[Any], dag_id: str, run_id: str) -> datetime | None:
    """When the first task of a run began, before any clear; None when none has."""
    row = conn.execute(
        "select min(started_at) from pulse.task_attempts where dag_id = %s and run_id = %s", (dag_id, run_id)
    ).fetchone()
    return None if row is None else row[0]


def _key(run: Run) -> dict[str, object]:
    return {
        "dag_id": run.dag_id,
        "run_id": run.run_id,
        "task_id": run.task_id,
        "map_index": run.map_index,
        "try_number": run.try_number,
    }
