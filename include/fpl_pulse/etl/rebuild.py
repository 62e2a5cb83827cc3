"""Rebuilding every derived table from the archive, without a call.

The archive holds each response with the as-of time of the run that fetched it. Loading the responses in that order, and
resolving identities and reconciling where runs did, gives the same tables as the runs. Manual decisions are made again
at their as-of times.
"""

import logging
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from graphlib import TopologicalSorter

from psycopg import sql

from fpl_pulse.api import sofasport
from fpl_pulse.errors import PayloadError, SelectionError
from fpl_pulse.etl import attributes, garbage_collection, heatmaps, lineups, season_statistics, squads
from fpl_pulse.etl.context import StepContext
from fpl_pulse.etl.deciding import decisions_set_aside
from fpl_pulse.etl.events import load_all_events
from fpl_pulse.etl.mappings import Confirmations, confirm, load_mappings, resolve_identities
from fpl_pulse.etl.queries import query
from fpl_pulse.etl.reconciliation import reconcile_cards, reconcile_figures
from fpl_pulse.etl.reference import load_fpl
from fpl_pulse.etl.season_id import has_season_id, load_season_id
from fpl_pulse.etl.selection import Selection
from fpl_pulse.store.connection import select_rows
from fpl_pulse.store.digest import TableDigest, different, keep_times, restore_times, tables
from fpl_pulse.store.player_matches import filled_at_the_end
from fpl_pulse.store.revisions import no_revisions
from fpl_pulse.store.runs import Run
from fpl_pulse.wording import quantity

log = logging.getLogger(__name__)

NOT_DERIVED = frozenset({"mapping_decisions", "external_ids"})
"""The tables of data that follow from no response: manual decisions, and ids from a register of people."""

FIXTURE_MAPPINGS, LINEUPS, SEASON_STATISTICS = "update_fixture_mappings", "update_lineups", "update_season_stats"
"""The pipelines that resolve identities or compare figures with FPL's."""


@dataclass(frozen=True)
class ArchivedTime:
    """An as-of time with archived responses or runs."""

    as_of: datetime
    pipelines: Sequence[str]
    """The pipelines that ran."""
    first_deadline: str | None
    """The first deadline that bootstrap-static stated; None where it was not fetched. It changes with the season."""


@dataclass(frozen=True)
class Comparisons:
    """The as-of times at which a rebuild compares SofaSport's figures with FPL's."""

    figures: frozenset[datetime]
    cards: frozenset[datetime]


@dataclass
class Progress:
    """What a rebuild carries from one as-of time to the next."""

    comparisons: Comparisons
    waiting: set[str] = field(default_factory=set)
    """The endpoints with responses that are not loaded yet."""
    confirmations: Confirmations = field(default_factory=dict)
    """Written at the end: updating each link at each as-of time would leave dead rows that every later query reads."""


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
    with context.conn.transaction(force_rollback=rehearse), garbage_collection.paused():
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
    responses = quantity(rebuilt.responses, "archived response")
    yield f"Rebuilt from {responses} of {quantity(rebuilt.as_of_times, 'as-of time')}, without a call."
    wide = max(map(len, rebuilt.after), default=0)
    for name, after in rebuilt.after.items():
        before = rebuilt.before.get(name, TableDigest(0, ""))
        verdict = "as before" if before == after else f"differs; before {quantity(before.rows, 'row')}"
        yield f"  {name:<{wide}}  {after.rows:>9,} rows  {verdict}"
    count = len(rebuilt.different)
    differ = "1 table differs." if count == 1 else f"{count} tables differ."
    yield differ if count else "Every table is as before."


def _rebuild(context: StepContext) -> Rebuilt:
    conn = context.conn
    # Other runs that want to load or archive wait here until the rebuild is done.
    conn.execute("lock table pulse.raw_resources in exclusive mode")
    before = keep_times(conn)
    with no_revisions(conn):
        _empty(context)
    # The next check of the mappings stores it again, from the rebuilt tables.
    conn.execute("delete from pulse.final_freshness")
    conn.execute("create temporary table resources_before on commit drop as select * from pulse.raw_resources")
    conn.execute("update pulse.raw_resources set response_id = null, loaded_response_id = null")
    conn.execute("create temporary table alerts_before on commit drop as select * from pulse.alerts")
    conn.execute(query("archive_by_time"))
    conn.execute("create index on archive_by_time (as_of)")
    # Autovacuum does not see temporary tables.
    conn.execute("analyze archive_by_time")
    times = select_rows(conn, ArchivedTime, query("as_of_times_of_archive"))
    with filled_at_the_end(conn):
        responses, confirmations = _load_all(context, times)
        confirm(context, confirmations)
    conn.execute(query("restore_archive"))
    conn.execute(query("restore_alerts"))
    conn.execute("drop table resources_before, alerts_before, archive_by_time")
    # An unchanged row keeps its time: plans request again what follows from rows that changed.
    with no_revisions(conn):
        after = restore_times(conn)
    return Rebuilt(len(times), responses, before, after)


def _load_all(context: StepContext, times: Sequence[ArchivedTime]) -> tuple[int, Confirmations]:
    """Load the archive, and make the manual decisions again; return how many responses, and the confirmations."""
    conn = context.conn
    progress = Progress(last_comparisons(times))
    responses = 0
    # The rows that are written count for no run.
    run = Run("rebuild", context.run.run_id, context.as_of)
    with decisions_set_aside(conn) as decisions:
        for number, time in enumerate(times, 1):
            decisions.make_again(run, time.as_of, progress.confirmations)
            selected = conn.execute(query("select_archive_as_of"), {"as_of": time.as_of}).fetchall()
            progress.waiting.update(endpoint for (endpoint,) in selected)
            responses += len(selected)
            read = quantity(len(selected), "response")
            log.info("%d of %d: %s, %s", number, len(times), time.as_of.isoformat(), read)
            _load(StepContext(conn, {}, replace(run, as_of=time.as_of), is_rebuild=True), time, progress)
        decisions.make_again(run, None, progress.confirmations)
    return responses, progress.confirmations


def _empty(context: StepContext) -> None:
    """Delete the rows of every derived table, referencing tables first. Revisions, which triggers write, go last."""
    derived = {name for name in tables(context.conn) if name not in NOT_DERIVED}
    referenced_by = {name: set[str]() for name in derived}
    for table, target in context.conn.execute(query("references_of_tables")).fetchall():
        if table in derived and target in derived and table != target:
            referenced_by[target].add(table)
    order = [*TopologicalSorter(referenced_by).static_order()]
    order.remove("revisions")
    for name in [*order, "revisions"]:
        context.conn.execute(sql.SQL("delete from {}").format(sql.Identifier("pulse", name)))


def last_comparisons(times: Sequence[ArchivedTime]) -> Comparisons:
    """The comparisons that are not replaced by a later one.

    A comparison covers the season and replaces the one before it, so only the last one of a season counts. That of the
    cards reads that of the figures. A season may begin wherever the first deadline changes.
    """
    figures: dict[str | None, datetime] = {}
    figures_for_cards: dict[str | None, datetime] = {}
    cards: dict[str | None, datetime] = {}
    deadline = None
    for time in times:
        deadline = time.first_deadline or deadline
        if LINEUPS in time.pipelines:
            figures[deadline] = time.as_of
        if SEASON_STATISTICS in time.pipelines:
            cards[deadline] = time.as_of
            if figures:
                figures_for_cards[deadline] = max(figures.values())
    return Comparisons(frozenset({*figures.values(), *figures_for_cards.values()}), frozenset(cards.values()))


def _load(context: StepContext, time: ArchivedTime, progress: Progress) -> None:
    """Load the selected responses, in the order of the week."""
    waiting = progress.waiting
    _tolerant(load_fpl)(context)
    if not context.has_season():
        # The very first run may have failed before it fetched the season: its archive begins with other responses.
        return
    if sofasport.SEASONS in waiting or not has_season_id(context):
        load_season_id(context)
    if has_season_id(context):
        # Pages that were read to verify an id wait until one is known.
        _load_waiting(context, waiting, {sofasport.EVENTS: load_all_events})
    _load_waiting(context, waiting, {sofasport.SQUAD: squads.load_squads})
    if FIXTURE_MAPPINGS in time.pipelines:
        _match(context, progress)
    _load_waiting(context, waiting, {sofasport.LINEUPS: lineups.load_lineups})
    if LINEUPS in time.pipelines:
        _match(context, progress)
    if time.as_of in progress.comparisons.figures:
        reconcile_figures(context)
    statistics = {
        sofasport.HEATMAP: heatmaps.load_heatmaps,
        sofasport.SEASON_STATISTICS: season_statistics.load_season_statistics,
    }
    _load_waiting(context, waiting, statistics)
    if time.as_of in progress.comparisons.cards:
        reconcile_cards(context)
    _load_waiting(context, waiting, {sofasport.ATTRIBUTES: attributes.load_attributes})
    waiting.clear()


def _load_waiting(
    context: StepContext, waiting: Collection[str], loads: Mapping[str, Callable[[StepContext], object]]
) -> None:
    """Load the responses of the endpoints that have any."""
    for endpoint, load in loads.items():
        if endpoint in waiting:
            _tolerant(load)(context)


def _tolerant(load: Callable[[StepContext], object]) -> Callable[[StepContext], None]:
    """A load that refuses the same responses as the run did, without ending the rebuild as it ended the run."""

    def tolerant(context: StepContext) -> None:
        try:
            load(context)
        except PayloadError as error:
            log.warning("%s", error)

    return tolerant


def _match(context: StepContext, progress: Progress) -> None:
    resolve_identities(context)
    load_mappings(context, progress.confirmations)
