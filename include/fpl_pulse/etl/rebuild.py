"""Rebuilding every derived table from the archive, without a call.

The archive holds each response with the as-of time of the run that fetched it. Loading the responses in that order, and
resolving identities and reconciling where runs did, gives the same tables as the runs. Manual decisions count from the
beginning.
"""

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from graphlib import TopologicalSorter

from psycopg import sql

from fpl_pulse.errors import SelectionError
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
"""The one table of data that follows from no response: manual decisions."""

Step = Callable[[StepContext], object]


@dataclass(frozen=True)
class Rebuilt:
    """The result of a rebuild."""

    as_of_times: int
    responses: int
    before: dict[str, TableDigest]
    after: dict[str, TableDigest]

    @property
    def different(self) -> list[str]:
        """Tables that differ from before."""
        return different(self.before, self.after)


def rebuild(context: StepContext, *, rehearse: bool = False) -> Rebuilt:
    """Empty every derived table and fill it from the archive, in one transaction.

    Readers see the old tables until its end. Loads of other runs wait for it. A rehearsal is rolled back at the end.
    """
    with context.conn.transaction(force_rollback=rehearse):
        rebuilt = _rebuild(context)
    context.set_database_as_of()
    return rebuilt


def rebuild_from_raw(context: StepContext) -> dict[str, int]:
    """The step of the DAG: rebuild, and log for each table whether it differs from before.

    Returns:
        {"as_of_times", "responses", "different_tables"}.

    Raises:
        SelectionError: the manual run chose something; a part cannot be rebuilt.
    """
    if context.selection != Selection():
        raise SelectionError("A rebuild always covers everything: trigger it without gameweeks, matches or players")
    rebuilt = rebuild(context)
    for line in report_lines(rebuilt):
        log.info("%s", line)
    counts = {"as_of_times": rebuilt.as_of_times, "responses": rebuilt.responses}
    return counts | {"different_tables": len(rebuilt.different)}


def report_lines(rebuilt: Rebuilt) -> Iterator[str]:
    """The result, a line a table."""
    yield f"Rebuilt from {rebuilt.responses} archived responses of {rebuilt.as_of_times} as-of times, without a call."
    wide = max(map(len, rebuilt.after), default=0)
    for name, after in rebuilt.after.items():
        before = rebuilt.before.get(name, TableDigest(0, ""))
        verdict = "as before" if before == after else f"differs; before {before.rows:,} rows"
        yield f"  {name:<{wide}}  {after.rows:>9,} rows  {verdict}"
    count = len(rebuilt.different)
    yield f"{count} tables differ." if count else "Every table is as before."


def _rebuild(context: StepContext) -> Rebuilt:
    conn = context.conn
    # Other runs that want to load or archive wait here until the rebuild is done.
    conn.execute("lock table pulse.raw_resources in exclusive mode")
    before = digest(conn)
    keep_times(conn)
    _empty(context)
    # The next check of the mappings stores it again, from the rebuilt tables.
    conn.execute("delete from pulse.final_freshness")
    conn.execute("create temporary table resources_before on commit drop as select * from pulse.raw_resources")
    conn.execute("update pulse.raw_resources set response_id = null, loaded_response_id = null")
    conn.execute("create temporary table alerts_before on commit drop as select * from pulse.alerts")
    times = conn.execute(query("as_of_times_of_archive")).fetchall()
    responses = 0
    for number, (as_of, pipelines) in enumerate(times, 1):
        selected = conn.execute(query("select_archive_as_of"), {"as_of": as_of}).rowcount
        responses += selected
        log.info("%d of %d: %s, %d responses", number, len(times), as_of.isoformat(), selected)
        # The rows that are written count for no run.
        _load(StepContext(conn, {}, Run("rebuild", context.run.run_id, as_of)), set(pipelines or ()))
    conn.execute(query("restore_archive"))
    conn.execute(query("restore_alerts"))
    conn.execute("drop table resources_before, alerts_before")
    # An unchanged row keeps its time: plans request again what follows from rows that changed.
    restore_times(conn)
    return Rebuilt(len(times), responses, before, digest(conn))


def _empty(context: StepContext) -> None:
    """Delete the rows of every derived table, referencing tables first. Revisions, which triggers write, go last."""
    derived = {name for name in tables(context.conn) if name != DECIDED}
    referenced_by = {name: set[str]() for name in derived}
    for table, target in context.conn.execute(query("references_of_tables")).fetchall():
        if table in derived and target in derived and table != target:
            referenced_by[target].add(table)
    order = [*TopologicalSorter(referenced_by).static_order()]
    order.remove("revisions")
    for name in [*order, "revisions"]:
        context.conn.execute(sql.SQL("delete from {}").format(sql.Identifier("pulse", name)))


def _load(context: StepContext, pipelines: set[str]) -> None:
    """Load the selected responses, in the order of the week."""
    load_bootstrap(context)
    if not context.has_season():
        # The very first run may have failed before it fetched the season: its archive begins with other responses.
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
