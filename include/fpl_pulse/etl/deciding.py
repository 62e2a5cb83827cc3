"""Manual decisions about links: stored and applied at once, and made again by a rebuild.

A decision is about the data of the newest run. It therefore has the as-of time of that run, and the links that follow
from it too. A rebuild makes each decision again at this time, so that the links and what follows from them have every
column as before, whatever was decided since.
"""

from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from psycopg import Connection

from fpl_pulse.etl.context import StepContext
from fpl_pulse.etl.mappings import Confirmations, load_mappings, resolve_identities
from fpl_pulse.etl.queries import query
from fpl_pulse.etl.reconciliation import reconcile_cards, reconcile_figures
from fpl_pulse.store import decisions, runs
from fpl_pulse.store.connection import select_rows
from fpl_pulse.store.decisions import Decision
from fpl_pulse.store.runs import Run


def decide(context: StepContext, decision: Decision) -> None:
    """Store a decision, resolve the identities again and compare the figures again, in one transaction."""
    as_of = runs.newest_as_of(context.conn) or context.as_of
    with context.conn.transaction():
        decisions.store(context.conn, decision)
        _apply(replace(context, run=replace(context.run, as_of=as_of)))


def _apply(context: StepContext, confirmations: Confirmations | None = None) -> None:
    """Apply the decisions in force. `confirmations` as in `load_mappings`."""
    resolve_identities(context)
    load_mappings(context, confirmations)
    reconcile_figures(context)
    reconcile_cards(context)


@dataclass(frozen=True)
class PastDecision:
    """A stored decision that a rebuild makes again."""

    decision_id: int
    as_of: datetime


class PastDecisions:
    """The stored decisions during a rebuild, oldest first."""

    def __init__(self, conn: Connection[Any], stored: Iterable[PastDecision]) -> None:
        self._conn = conn
        self._waiting = deque(stored)

    def make_again(self, run: Run, before: datetime | None, confirmations: Confirmations) -> None:
        """Make the decisions again that were made before an as-of time; all that are left when it is None.

        Args:
            run: the rebuild.
            before: the as-of time that is loaded next.
            confirmations: as in `load_mappings`.
        """
        while self._waiting and (before is None or self._waiting[0].as_of < before):
            past = self._waiting.popleft()
            self._conn.execute(query("make_decision_again"), {"decision_id": past.decision_id})
            context = StepContext(self._conn, {}, replace(run, as_of=past.as_of), is_rebuild=True)
            if context.has_season():
                _apply(context, confirmations)


@contextmanager
def decisions_set_aside(conn: Connection[Any]) -> Iterator[PastDecisions]:
    """Remove the stored decisions from their table, in the caller's transaction, and restore each column at the end."""
    conn.execute("create temporary table decisions_before on commit drop as select * from pulse.mapping_decisions")
    conn.execute("delete from pulse.mapping_decisions")
    ordered = "select decision_id, as_of from decisions_before order by as_of, decision_id"
    yield PastDecisions(conn, select_rows(conn, PastDecision, ordered))
    conn.execute("delete from pulse.mapping_decisions")
    conn.execute("insert into pulse.mapping_decisions overriding system value select * from decisions_before")
    conn.execute("drop table decisions_before")
