"""Alerts: what somebody should look at, kept as rows; a repeated run raises nothing twice, what is over is closed.

The table is also the outbox: whoever can reach the channels sends what has not been sent yet, so that an alert survives
a channel that is away.
"""

import logging
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from psycopg import Connection
from psycopg.rows import class_row

from fpl_pulse.store.runs import Run

log = logging.getLogger(__name__)

ABOUT_THE_WEEK = ("run_failed", "deadline_missed", "run_missing", "run_late")
"""Kinds that a later success of the same pipeline closes."""

MOST_DELIVERIES = 5
"""So often it is tried to send an alert."""

RAISE = """
    insert into pulse.alerts (kind, subject, as_of, message, dag_id, run_id)
    select %(kind)s, %(subject)s, %(as_of)s, %(message)s, %(dag_id)s, %(run_id)s
    where not %(once)s or not exists (
        select from pulse.alerts
        where kind = %(kind)s and subject = %(subject)s and message = %(message)s and closed_at is null
          and as_of > %(as_of)s - interval '28 days')
    on conflict (kind, subject, as_of) do nothing
"""
CLOSE = """
    update pulse.alerts set closed_at = %(as_of)s
    where kind = %(kind)s and closed_at is null and as_of <= %(as_of)s and subject <> all (%(still)s)
"""
CLOSE_ABOUT_RUNS = """
    update pulse.alerts set closed_at = greatest(as_of, %(as_of)s)
    where kind = any (%(kinds)s) and closed_at is null and dag_id = %(dag_id)s
      and (run_id = %(run_id)s or (%(is_full)s and as_of <= %(as_of)s))
"""
CLAIM = """
    update pulse.alerts set claimed_at = now(), deliveries = deliveries + 1
    where alert_id in (
        select alert_id from pulse.alerts
        where notified_at is null and closed_at is null and raised_at > now() - interval '8 days'
          and deliveries < %(most)s and (claimed_at is null or claimed_at < now() - interval '10 minutes')
        for update skip locked)
    returning alert_id, kind, subject, as_of, message, dag_id, run_id
"""


@dataclass(frozen=True)
class Alert:
    """A row of pulse.alerts that is to be sent."""

    alert_id: int
    kind: str
    subject: str
    as_of: datetime
    message: str
    dag_id: str
    run_id: str


def raise_alert(
    conn: Connection[Any], run: Run, kind: str, subject: str, message: str, *, once: bool = False
) -> bool:
    """Log a warning and keep it; in the caller's transaction, if there is one.

    Args:
        conn: the store's connection.
        run: which run raises it.
        kind: as the table's comment lists them.
        subject: what it is about, as `player 1234`.
        message: a sentence that says what happened and what to do.
        once: do not repeat what was said of the subject in the last four weeks; for what lasts until somebody acts.

    Returns:
        Whether it is new.
    """
    log.warning("ALERT %s, %s: %s", kind, subject, message)
    raised = conn.execute(
        RAISE,
        {
            "kind": kind,
            "subject": subject,
            "as_of": run.as_of,
            "message": message,
            "dag_id": run.dag_id,
            "run_id": run.run_id,
            "once": once,
        },
    )
    return raised.rowcount > 0


def close_alerts(conn: Connection[Any], run: Run, kind: str, *, still: Collection[str]) -> None:
    """Close the open alerts of a kind whose subjects are not among those that it is still true of."""
    conn.execute(CLOSE, {"kind": kind, "as_of": run.as_of, "still": sorted(still)})


def close_alerts_about_runs(conn: Connection[Any], run: Run) -> None:
    """Close what was said of a run that is green now and, when it was a whole one, of the pipeline's runs before it."""
    conn.execute(
        CLOSE_ABOUT_RUNS,
        {
            "kinds": list(ABOUT_THE_WEEK),
            "dag_id": run.dag_id,
            "run_id": run.run_id,
            "as_of": run.as_of,
            "is_full": run.is_full,
        },
    )


def claim_unsent(conn: Connection[Any]) -> list[Alert]:
    """Take the open alerts of the last eight days that nobody has been told, so that no other process sends them.

    Eight, since after Wednesday's last check nobody sends until Monday.

    One that was taken and not reported back within ten minutes can be taken again.
    """
    with conn.cursor(row_factory=class_row(Alert)) as cursor:
        found = cursor.execute(CLAIM, {"most": MOST_DELIVERIES}).fetchall()
    return sorted(found, key=lambda alert: alert.alert_id)


def note_sent(conn: Connection[Any], alerts: Collection[Alert], but: str | None = None) -> None:
    """Somebody has been told; `but` says which of several channels did not take it."""
    conn.execute(
        "update pulse.alerts set notified_at = now(), claimed_at = null, delivery_error = %s"
        " where alert_id = any (%s)",
        (but, [alert.alert_id for alert in alerts]),
    )


def note_not_sent(conn: Connection[Any], alerts: Collection[Alert], why: str) -> None:
    """The channels did not take them; whoever comes next tries again."""
    conn.execute(
        "update pulse.alerts set claimed_at = null, delivery_error = %s where alert_id = any (%s)",
        (why, [alert.alert_id for alert in alerts]),
    )
