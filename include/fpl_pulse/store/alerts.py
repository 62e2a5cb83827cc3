"""Alerts: what somebody should look at, kept as rows; a repeated run raises nothing twice, what is over is closed."""

import logging
from collections.abc import Collection
from typing import Any

from psycopg import Connection

from fpl_pulse.store.runs import Run

log = logging.getLogger(__name__)

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


def raise_alert(
    conn: Connection[Any], run: Run, kind: str, subject: str, message: str, *, once: bool = False
) -> None:
    """Log a warning and keep it; in the caller's transaction, if there is one.

    Args:
        conn: the store's connection.
        run: which run raises it.
        kind: as the table's comment lists them.
        subject: what it is about, as `player 1234`.
        message: a sentence that says what happened and what to do.
        once: do not repeat what was said of the subject in the last four weeks; for what lasts until somebody acts.
    """
    log.warning("ALERT %s, %s: %s", kind, subject, message)
    conn.execute(
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


def close_alerts(conn: Connection[Any], run: Run, kind: str, *, still: Collection[str]) -> None:
    """Close the open alerts of a kind whose subjects are not among those that it is still true of."""
    conn.execute(CLOSE, {"kind": kind, "as_of": run.as_of, "still": sorted(still)})
