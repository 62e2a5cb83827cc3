"""The tables at the end of a week: what each run did, what is covered, and three looks at the data."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, LiteralString

import psycopg
from psycopg import sql
from psycopg.rows import class_row, dict_row
from rich import box
from rich.console import Console
from rich.table import Table

from dev.local.week_run import PlannedRun, SlotRun
from fpl_pulse.store.digest import RECORDS

_QUERIES = Path(__file__).parent / "queries"
_LOOKS = ("most_minutes", "goals_against_expected", "average_position")
"""The queries that show what the data is good for."""

APIS = ("sofasport", "fpl")


@dataclass(frozen=True)
class RunFigures:
    """One run, as the database tells it."""

    run: SlotRun
    api_calls: dict[str, int]
    """API to the number of calls."""
    rows_inserted: int
    rows_updated: int
    coverage: dict[str, tuple[int, int]] = field(default_factory=dict)
    """Thing counted to (have, want)."""
    is_recorded: bool = True
    """False: the run wrote no row into pulse.pipeline_runs."""

    @property
    def rows_changed(self) -> int:
        """Rows that differ after the run."""
        return self.rows_inserted + self.rows_updated


@dataclass(frozen=True)
class OldCost:
    """SofaSport calls that the old system would have spent on a week, part by part."""

    event_pages: int
    lineups: int
    heatmaps: int
    players_twice: int
    """Season statistics and attributes of every linked player."""

    @property
    def total(self) -> int:
        """All of them."""
        return sum(asdict(self).values())


def was_run_before(dsn: str, planned: Sequence[PlannedRun]) -> bool:
    """Whether every slot of the week has been run with success: running it again must change nothing."""
    with psycopg.connect(dsn) as connection:
        if connection.execute("select to_regclass('pulse.pipeline_runs')").fetchone() == (None,):
            return False
        done = connection.execute(
            "select dag_id, as_of from pulse.pipeline_runs where state = 'success'"
        ).fetchall()
    return {(one.slot.dag_id, one.as_of) for one in planned} <= set(done)


def fingerprints(dsn: str) -> dict[str, str]:
    """Of each table that holds data rather than the record of the work: a hash of all its rows.

    It does not rely on what the runs say of themselves.
    """
    with psycopg.connect(dsn) as connection:
        names = connection.execute(
            "select tablename from pg_tables where schemaname = 'pulse' and tablename <> all(%s)",
            [sorted(RECORDS)],
        ).fetchall()
        found = {}
        for (name,) in names:
            row = connection.execute(
                sql.SQL(
                    "select md5(string_agg(one, '' order by one)) from"
                    " (select md5(line::text) as one from pulse.{} as line) as lines"
                ).format(sql.Identifier(name))
            ).fetchone()
            found[str(name)] = str(row[0]) if row else ""
        return found


def figures_of(dsn: str, runs: Sequence[SlotRun]) -> list[RunFigures]:
    """Read what the runs have recorded of themselves."""
    with psycopg.connect(dsn, row_factory=dict_row) as connection:
        return [_figures(connection, run) for run in runs]


def _figures(connection: psycopg.Connection[dict[str, Any]], run: SlotRun) -> RunFigures:
    key = [run.slot.dag_id, run.run_id]
    recorded = connection.execute(
        "select rows_inserted, rows_updated, coverage from pulse.pipeline_runs"
        " where dag_id = %s and run_id = %s",
        key,
    ).fetchone()
    calls = connection.execute(
        "select api, count(*) as calls from pulse.api_calls where dag_id = %s and run_id = %s group by api",
        key,
    ).fetchall()
    counted = {api: 0 for api in APIS} | {row["api"]: row["calls"] for row in calls}
    if recorded is None:
        return RunFigures(run, counted, 0, 0, is_recorded=False)
    coverage = {name: (part["have"], part["want"]) for name, part in recorded["coverage"].items()}
    return RunFigures(run, counted, recorded["rows_inserted"], recorded["rows_updated"], coverage)


def old_cost(dsn: str, as_of: datetime) -> OldCost:
    """What the old system would have spent on the week that ends at a moment, from what the store knows of it."""
    with psycopg.connect(dsn, row_factory=class_row(OldCost)) as connection:
        cost = connection.execute(_statement("old_system_calls"), {"as_of": as_of}).fetchone()
    if cost is None:
        raise LookupError("an aggregate without groups has one row")
    return cost


def cost_sentence(dsn: str, figures: Sequence[RunFigures]) -> str:
    """The week's SofaSport calls beside what the old system would have spent."""
    spent = sum(one.api_calls["sofasport"] for one in figures)
    old = old_cost(dsn, max(one.run.as_of for one in figures)).total
    share = f" ({spent / old:.0%})" if old else ""
    sentence = f"SofaSport calls this week: {spent}; the old system would have spent {old}{share}."
    if _fetched_the_past(dsn, figures):
        sentence += " This week also fetched all earlier matches of the season, as only a first one does."
    return sentence


def _fetched_the_past(dsn: str, figures: Sequence[RunFigures]) -> bool:
    """Whether lineups of matches were fetched that no steady week looks at any more."""
    with psycopg.connect(dsn) as connection:
        found = connection.execute(
            "select exists (select from pulse.api_calls as calls join pulse.sofasport_events as events"
            " on calls.resource = 'event_id=' || events.event_id where calls.endpoint = 'events/lineups'"
            " and calls.run_id = any(%s) and events.start_at < %s::timestamptz - interval '14 days')",
            [[one.run.run_id for one in figures], max(one.run.as_of for one in figures)],
        ).fetchone()
    return found == (True,)


def print_report(console: Console, dsn: str, figures: Sequence[RunFigures]) -> None:
    """Print all tables."""
    tables = [_coverage_table(figures), *(_query_table(dsn, name) for name in _LOOKS)]
    console.print(_runs_table(figures))
    console.print(cost_sentence(dsn, figures), highlight=False, soft_wrap=True)
    for table in tables:
        console.print()
        console.print(table)
    console.print()


def faults(
    figures: Sequence[RunFigures], *, must_change_nothing: bool, changed_tables: Sequence[str] = ()
) -> list[str]:
    """What does not hold after the week, a sentence each; none when all is well."""
    found = [
        f"{one.run.slot.dag_id} has ended as {one.run.state}."
        for one in figures
        if one.run.state != "success"
    ]
    found += [
        f"{one.run.slot.dag_id} has left no row in pulse.pipeline_runs for {one.run.run_id}."
        for one in figures
        if not one.is_recorded
    ]
    if must_change_nothing:
        found += [
            f"{one.run.slot.dag_id} changed {one.rows_changed} rows, though the week had been run before."
            for one in figures
            if one.rows_changed
        ]
        found += [
            f"pulse.{table} is not as it was before, though the week had been run before."
            for table in changed_tables
        ]
    return found


def _table(title: str, gap: int = 2) -> Table:
    """A table that fits 80 columns."""
    return Table(
        title=title,
        title_justify="left",
        box=box.SIMPLE_HEAD,
        show_edge=False,
        title_style="bold",
        padding=(0, gap - 1, 0, 0),
    )


def _runs_table(figures: Sequence[RunFigures]) -> Table:
    monday = min(one.run.as_of for one in figures)
    table = _table(f"The week of {monday:%d %B %Y}: calls and rows", gap=1)
    for name in ("slot", "pipeline", "state"):
        table.add_column(name, no_wrap=True)
    for name in ("seconds", "SofaSport", "FPL", "inserted", "updated"):
        table.add_column(name, justify="right")
    for one in figures:
        slot = one.run.slot
        table.add_row(
            f"{slot.day} {slot.hour:02d}:00",
            slot.title,
            one.run.state,
            f"{one.run.seconds:.1f}",
            *(str(one.api_calls[api]) for api in APIS),
            str(one.rows_inserted),
            str(one.rows_updated),
        )
    totals = [str(sum(one.api_calls[api] for one in figures)) for api in APIS]
    rows = [str(sum(one.rows_inserted for one in figures)), str(sum(one.rows_updated for one in figures))]
    table.add_section()
    table.add_row("", "all", "", f"{sum(one.run.seconds for one in figures):.1f}", *totals, *rows)
    return table


def _coverage_table(figures: Sequence[RunFigures]) -> Table:
    table = _table("Coverage")
    table.add_column("what")
    for name in ("have", "of", "share"):
        table.add_column(name, justify="right")
    newest = {name: pair for one in figures for name, pair in one.coverage.items()}
    for name, (have, want) in newest.items():
        table.add_row(name.replace("_", " "), str(have), str(want), f"{have / want:.1%}" if want else "-")
    return table


def _query_table(dsn: str, name: str) -> Table:
    statement = _statement(name)
    table = _table(statement.splitlines()[0].removeprefix("-- "))
    with psycopg.connect(dsn) as connection:
        cursor = connection.execute(statement)
        for column in cursor.description or ():
            table.add_column(column.name.replace("_", " "))
        for row in cursor.fetchall():
            table.add_row(*("" if value is None else str(value) for value in row))
    return table


def _statement(name: str) -> LiteralString:
    # The text is a file of this package; nothing of it comes from outside.
    text: LiteralString = (_QUERIES / f"{name}.sql").read_text()
    return text
