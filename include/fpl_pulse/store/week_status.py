"""How this week is doing: its five runs, open alerts, cases in review and the quota, as `pulse.week_status` sees them.

This week is the week of `pulse.as_of_now()`: the wall clock, or the time in the session's setting `pulse.now`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from psycopg import Connection, Cursor

from fpl_pulse.store import open_alerts
from fpl_pulse.store.connection import scalar, select_rows
from fpl_pulse.store.open_alerts import OpenAlert
from fpl_pulse.store.queries import query
from fpl_pulse.week import WEEK

MOST_ALERTS = 50


@dataclass(frozen=True)
class SlotStatus:
    """A row of `pulse.week_status`: a pipeline's slot of the week, and its newest full run of the week, if any."""

    dag_id: str
    title: str
    slot_at: datetime
    deadline_at: datetime
    state: str
    """`not due`, `due`, `not run`, `missing`, `waiting`, `running`, `retrying`, `failed` or `success`."""
    is_all_right: bool | None
    """None while it is not known."""
    has_missed_deadline: bool
    run_id: str | None
    run_type: str | None
    as_of: datetime | None
    started_at: datetime | None
    finished_at: datetime | None
    calls: int | None
    calls_skipped: int | None
    rows_inserted: int | None
    rows_updated: int | None
    have: int | None
    want: int | None
    lacking: str | None
    message: str | None
    open_alerts: int
    idle_since: datetime | None = None
    """Since when no task of a running run has been running; None if one is."""


@dataclass(frozen=True)
class Review:
    """How many players and clubs wait for a manual decision."""

    players: int
    clubs: int


@dataclass(frozen=True)
class Outlook:
    """The row of `pulse.quota_outlook`, whose comments explain the fields."""

    calls_left: int | None
    heard_at: datetime | None
    resets_at: datetime | None
    as_of: datetime
    calls_7_days: int
    matches_coming: int
    calls_forecast: int | None
    is_enough: bool | None


@dataclass(frozen=True)
class WeekStatus:
    """Everything that answers whether the week is all right."""

    now: datetime
    """The time for which a run would work now."""
    slots: Sequence[SlotStatus]
    """In the order of the week."""
    alerts: Sequence[OpenAlert]
    """The newest ones, at most `MOST_ALERTS`."""
    review: Review
    outlook: Outlook | None
    """None before the first full run."""


def read(conn: Connection[Any]) -> WeekStatus:
    """The status of this week, in one transaction."""
    with conn.transaction():
        outlook = select_rows(conn, Outlook, query("outlook"))
        return WeekStatus(
            now=scalar(conn, "select pulse.as_of_now()"),
            slots=select_rows(conn, SlotStatus, query("week_status")),
            alerts=open_alerts.read(conn, MOST_ALERTS),
            review=select_rows(conn, Review, query("review_cases"))[0],
            outlook=outlook[0] if outlook else None,
        )


def set_now(conn: Connection[Any], now: datetime) -> None:
    """Let a session's queries see the week of another time. It cannot be in the future."""
    conn.execute("select set_config('pulse.now', %s, false)", (now.isoformat(),))


def write_slots(cursor: Cursor[Any]) -> None:
    """Write the schedule of `week.WEEK` into the store, in the caller's transaction."""
    cursor.execute("delete from pulse.week_slots")
    cursor.executemany(
        "insert into pulse.week_slots (dag_id, title, weekday, hour, done_by)"
        " values (%(dag_id)s, %(title)s, %(weekday)s, %(hour)s, %(done_by)s)",
        [vars(slot) for slot in WEEK],
    )
