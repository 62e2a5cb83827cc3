"""Alerts as rows of `pulse.alerts`: raised once, closed when the problem is over.

The table is also the outbox. Every process that can reach the channels sends all unsent alerts, so an alert survives a
channel that is down.
"""

import logging
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from psycopg import Connection
from psycopg.rows import class_row

from fpl_pulse.alerts.queries import query
from fpl_pulse.runbook import SECTION_OF_ALERT, with_link
from fpl_pulse.store.connection import scalar
from fpl_pulse.store.runs import Run

log = logging.getLogger(__name__)

RUN_ALERT_KINDS = ("run_failed", "deadline_missed", "run_missing", "run_late")
"""Kinds that a later success of the same pipeline closes."""

MAX_DELIVERIES = 5
"""Delivery attempts per alert."""

CLOSE = """
    update pulse.alerts set closed_at = now()
    where kind = %(kind)s and closed_at is null and as_of <= %(as_of)s and subject <> all (%(still)s)
"""
CLOSE_ABOUT_RUNS = """
    update pulse.alerts set closed_at = now()
    where kind = any (%(kinds)s) and closed_at is null and dag_id = %(dag_id)s
      and (run_id = %(run_id)s or (%(is_full)s and as_of <= %(as_of)s))
"""


@dataclass(frozen=True)
class Alert:
    """A row of `pulse.alerts` to be sent."""

    alert_id: int
    kind: str
    subject: str
    as_of: datetime
    message: str
    dag_id: str
    run_id: str


def raise_alert(
    conn: Connection[Any],
    run: Run,
    kind: str,
    subject: str,
    message: str,
    *,
    once: bool = False,
    renew: bool = False,
    section: str | None = None,
) -> None:
    """Log an alert as a warning and store it, in the caller's transaction if there is one.

    The stored message ends with a link to the runbook.

    Args:
        conn: the store's connection.
        run: the run that raises the alert, or that the alert is about.
        kind: one of the kinds in the comment of the column `pulse.alerts.kind`.
        subject: what the alert is about, such as `player 1234`.
        message: sentences that say what happened and what to do.
        once: skip the alert if the same message about the subject is open and less than four weeks old. For problems
            that last until somebody acts.
        renew: only replace the message if an alert about the subject is open and less than four weeks old. For a
            message whose numbers change from week to week.
        section: the runbook's section, as an anchor; by default the one about the kind.
    """
    message = with_link(message, section or SECTION_OF_ALERT[kind])
    log.warning("ALERT %s, %s: %s", kind, subject, message)
    params = {"kind": kind, "subject": subject, "as_of": run.as_of, "message": message, "once": once}
    if not (renew and conn.execute(query("renew_alert"), params).rowcount):
        conn.execute(query("raise_alert"), {**run.key, **params})


def times_reported(conn: Connection[Any], run: Run, kind: str) -> int:
    """How many alerts of a kind were raised about a run before its newest attempt of a task began."""
    return int(scalar(conn, query("times_reported"), {**run.key, "kind": kind}))


def close_alerts(conn: Connection[Any], run: Run, kind: str, *, still: Collection[str]) -> None:
    """Close the open alerts of a kind, except those about the subjects in `still`, whose problem persists."""
    conn.execute(CLOSE, {"kind": kind, "as_of": run.as_of, "still": sorted(still)})


def close_alerts_about_runs(conn: Connection[Any], run: Run) -> None:
    """Close the run alerts about a successful run and, if it is a full run, about the pipeline's earlier runs."""
    params = {"kinds": list(RUN_ALERT_KINDS), "as_of": run.as_of, "is_full": run.is_full}
    conn.execute(CLOSE_ABOUT_RUNS, {**run.key, **params})


def close_by_hand(conn: Connection[Any], alert_ids: Collection[int], closed_by: str, because: str) -> list[int]:
    """Close open alerts by their numbers, and record who did it and why. Returns the numbers that were open."""
    return _close_by_hand(conn, closed_by, because, alert_ids=list(alert_ids), kinds=[], dag_id="", run_id="")


def close_marked_run(conn: Connection[Any], dag_id: str, run_id: str, how: str) -> list[int]:
    """Close the open alerts about a run that somebody has marked in Airflow; `how` says what was marked."""
    because = "the operator has decided so in Airflow"
    kinds = list(RUN_ALERT_KINDS)
    return _close_by_hand(conn, how, because, alert_ids=[], kinds=kinds, dag_id=dag_id, run_id=run_id)


def _close_by_hand(conn: Connection[Any], closed_by: str, because: str, **which: object) -> list[int]:
    closed = conn.execute(query("close_alerts_by_hand"), {"closed_by": closed_by, "because": because, **which})
    return sorted(row[0] for row in closed.fetchall())


def claim_unsent(conn: Connection[Any]) -> list[Alert]:
    """Claim the unsent open alerts of the last eight days, so that no other process sends them.

    A claim without a result expires after ten minutes. Eight days, because no run sends alerts between Wednesday's
    last check and Monday.
    """
    with conn.cursor(row_factory=class_row(Alert)) as cursor:
        claimed = cursor.execute(query("claim_unsent"), {"max_deliveries": MAX_DELIVERIES}).fetchall()
    return sorted(claimed, key=lambda alert: alert.alert_id)


def record_sent(conn: Connection[Any], alerts: Collection[Alert], refusals: str | None) -> None:
    """Mark alerts as sent; `refusals` names the services that did not accept them, if only some did."""
    conn.execute(
        "update pulse.alerts set notified_at = now(), claimed_at = null, delivery_error = %s where alert_id = any (%s)",
        (refusals, [alert.alert_id for alert in alerts]),
    )


def record_not_sent(conn: Connection[Any], alerts: Collection[Alert], reason: str) -> None:
    """Release alerts that no service accepted; the next process that sends alerts tries again."""
    conn.execute(
        "update pulse.alerts set claimed_at = null, delivery_error = %s where alert_id = any (%s)",
        (reason, [alert.alert_id for alert in alerts]),
    )
