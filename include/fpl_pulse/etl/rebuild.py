"""Every derived table built anew from the archive, moment by moment, without a single call.

The archive holds each answer with the moment of the run that fetched it. Loading them in that order, and matching and
comparing where runs did, gives the tables that the runs have left. What people decided counts from the beginning.
"""

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from graphlib import TopologicalSorter

from psycopg import sql

from fpl_pulse.errors import FplPulseError, SelectionError
from fpl_pulse.etl import attributes, heatmaps, lineups, season_statistics, squads
from fpl_pulse.etl.context import StepContext
from fpl_pulse.etl.events import load_all_events, load_season_id
from fpl_pulse.etl.mappings import load_mappings, resolve_identities
from fpl_pulse.etl.queries import query
from fpl_pulse.etl.reconciliation import reconcile_cards, reconcile_figures
from fpl_pulse.etl.reference import load_bootstrap, load_fpl_results
from fpl_pulse.etl.selection import Selection
from fpl_pulse.store.digest import TableDigest, different, digest, keep_times, restore_times, tables
from fpl_pulse.store.runs import Run

log = logging.getLogger(__name__)

DECIDED = "mapping_decisions"
"""The table of data that follows from no answer: people's word."""

Step = Callable[[StepContext], object]


@dataclass(frozen=True)
class Rebuilt:
    """What a rebuild did."""

    moments: int
    answers: int
    before: dict[str, TableDigest]
    after: dict[str, TableDigest]

    @property
    def different(self) -> list[str]:
        """Tables that are not as they were."""
        return different(self.before, self.after)


class RehearsalOverError(FplPulseError):
    """Takes a rehearsal's transaction back; carries its result."""

    def __init__(self, rebuilt: Rebuilt) -> None:
        super().__init__("the rehearsal is over")
        self.rebuilt = rebuilt


def rebuild(context: StepContext, *, rehearse: bool = False) -> Rebuilt:
    """Empty every derived table and fill it from the archive, in one transaction.

    Readers see the old tables to its end; loads of other runs wait for it.

    Args:
        context: the tools; makes no call.
        rehearse: take everything back at the end.

    Returns:
        What was done, and the digests before and after.
    """
    try:
        with context.conn.transaction():
            rebuilt = _rebuild(context)
            if rehearse:
                raise RehearsalOverError(rebuilt)
    except RehearsalOverError as over:
        rebuilt = over.rebuilt
    context.set_database_as_of()
    return rebuilt


def rebuild_from_raw(context: StepContext) -> dict[str, int]:
    """The step of the DAG: rebuild, and say table by table what is not as it was.

    Returns:
        Counts: moments, answers, tables that differ.

    Raises:
        SelectionError: when something was chosen; a part cannot be rebuilt.
    """
    if context.selection != Selection():
        raise SelectionError(
            "A rebuild is always of everything: trigger it without gameweeks, matches or players"
        )
    rebuilt = rebuild(context)
    for line in report_lines(rebuilt):
        log.info("%s", line)
    return {
        "moments": rebuilt.moments,
        "answers": rebuilt.answers,
        "different_tables": len(rebuilt.different),
    }


def report_lines(rebuilt: Rebuilt) -> Iterator[str]:
    """The result line by line."""
    yield f"Rebuilt from {rebuilt.answers} archived answers of {rebuilt.moments} moments, without a call."
    wide = max(map(len, rebuilt.after), default=0)
    for name, after in rebuilt.after.items():
        before = rebuilt.before.get(name, TableDigest(0, ""))
        verdict = "as before" if before == after else f"differs; before {before.rows:,} rows"
        yield f"  {name:<{wide}}  {after.rows:>9,} rows  {verdict}"
    count = len(rebuilt.different)
    yield f"{count} tables differ." if count else "Every table is as it was."


def _rebuild(context: StepContext) -> Rebuilt:
    conn = context.conn
    # Whoever wants to load or to archive waits here until the rebuilt tables are there.
    conn.execute("lock table pulse.raw_resources in exclusive mode")
    before = digest(conn)
    keep_times(conn)
    _empty(context)
    conn.execute(
        "create temporary table resources_before on commit drop as select * from pulse.raw_resources"
    )
    conn.execute("update pulse.raw_resources set response_id = null, loaded_response_id = null")
    conn.execute("create temporary table alerts_as_they_were on commit drop as select * from pulse.alerts")
    moments = conn.execute(query("as_of_times_of_archive")).fetchall()
    answers = 0
    for number, (as_of, pipelines) in enumerate(moments, 1):
        turned = conn.execute(query("select_archive_as_of"), {"as_of": as_of}).rowcount
        answers += turned
        log.info("%d of %d: %s, %d answers", number, len(moments), as_of.isoformat(), turned)
        _load(_at(context, as_of), set(pipelines or ()))
    conn.execute(query("restore_archive"))
    conn.execute(query("restore_alerts"))
    conn.execute("drop table resources_before, alerts_as_they_were")
    # What is as it was has not changed: plans ask again for what follows from changed rows.
    restore_times(conn)
    return Rebuilt(len(moments), answers, before, digest(conn))


def _at(context: StepContext, as_of: datetime) -> StepContext:
    """The tools as a run of that moment has them; what it writes is on nobody's account."""
    return StepContext(context.conn, {}, Run("rebuild", context.run.run_id, as_of))


def _empty(context: StepContext) -> None:
    """Delete the rows of every derived table, those that point at others first. The triggers' revisions go last."""
    derived = {name for name in tables(context.conn) if name != DECIDED}
    points_at = {name: set[str]() for name in derived}
    for table, target in context.conn.execute(query("references_of_tables")).fetchall():
        if table in derived and target in derived and table != target:
            points_at[target].add(table)
    order = [*TopologicalSorter(points_at).static_order()]
    order.remove("revisions")
    for name in [*order, "revisions"]:
        context.conn.execute(sql.SQL("delete from {}").format(sql.Identifier("pulse", name)))


def _load(context: StepContext, pipelines: set[str]) -> None:
    """Load what the archive is turned to, in the order of the week."""
    load_bootstrap(context)
    if not context.has_season():
        # The archive of a store whose very first run failed begins with other answers.
        return
    load_fpl_results(context)
    load_season_id(context)
    load_all_events(context)
    squads.load_squads(context)
    if "update_fixture_mappings" in pipelines:
        _match(context)
    lineups.load_lineups(context)
    if "update_lineups" in pipelines:
        _match(context)
        reconcile_figures(context)
    heatmaps.load_heatmaps(context)
    season_statistics.load_season_statistics(context)
    if "update_season_stats" in pipelines:
        reconcile_cards(context)
    attributes.load_attributes(context)


def _match(context: StepContext) -> None:
    resolve_identities(context)
    load_mappings(context)
