"""The report at the end of a week: the runs, the coverage, three sample queries, and the checks."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, LiteralString

import psycopg
from psycopg import sql
from psycopg.rows import dict_row
from rich import box
from rich.console import Console
from rich.table import Table

from dev.local.week_run import PlannedRun, SlotRun
from fpl_pulse.store.digest import RECORDS
from fpl_pulse.wording import quantity

_QUERIES = Path(__file__).parent / "queries"
_SAMPLE_QUERIES = ("most_minutes", "goals_against_expected", "average_position")
"""Queries that show what the data can answer."""

APIS = ("sofasport", "fpl")


@dataclass(frozen=True)
class RunFigures:
    """The figures of one run, from the database."""

    run: SlotRun
    api_calls: dict[str, int]
    """API to the number of calls."""
    rows_inserted: int
    rows_updated: int
    coverage: dict[str, tuple[int, int]] = field(default_factory=dict)
    """What was counted to (number present, number expected)."""
    is_recorded: bool = True
    """Whether the run wrote its row in pulse.pipeline_runs."""

    @property
    def rows_changed(self) -> int:
        """Rows that the run inserted or updated."""
        return self.rows_inserted + self.rows_updated


def was_run_before(dsn: str, planned: Sequence[PlannedRun]) -> bool:
    """Whether every slot of the week has succeeded before. Then a new run must change no row."""
    with psycopg.connect(dsn) as connection:
        if connection.execute("select to_regclass('pulse.pipeline_runs')").fetchone() == (None,):
            return False
        done = connection.execute("select dag_id, as_of from pulse.pipeline_runs where state = 'success'").fetchall()
    return {(one.slot.dag_id, one.as_of) for one in planned} <= set(done)


def fingerprints(dsn: str) -> dict[str, str]:
    """Table to a hash of all its rows, for each table of data. Tables that record the runs are excluded.

    Computed from the rows, so that it does not depend on the counts that the runs record.
    """
    with psycopg.connect(dsn) as connection:
        names = connection.execute(
            "select tablename from pg_tables where schemaname = 'pulse' and tablename <> all(%s)", [sorted(RECORDS)]
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
    """Read what the runs recorded."""
    with psycopg.connect(dsn, row_factory=dict_row) as connection:
        return [_figures(connection, run) for run in runs]


def _figures(connection: psycopg.Connection[dict[str, Any]], run: SlotRun) -> RunFigures:
    key = [run.slot.dag_id, run.run_id]
    recorded = connection.execute(
        "select rows_inserted, rows_updated, coverage from pulse.pipeline_runs where dag_id = %s and run_id = %s", key
    ).fetchone()
    calls = connection.execute(
        "select api, count(*) as calls from pulse.api_calls where dag_id = %s and run_id = %s group by api", key
    ).fetchall()
    counted = {api: 0 for api in APIS} | {row["api"]: row["calls"] for row in calls}
    if recorded is None:
        return RunFigures(run, counted, 0, 0, is_recorded=False)
    coverage = {name: (part["have"], part["want"]) for name, part in recorded["coverage"].items()}
    return RunFigures(run, counted, recorded["rows_inserted"], recorded["rows_updated"], coverage)


def calls_sentence(dsn: str, figures: Sequence[RunFigures]) -> str:
    """The number of SofaSport calls in the week."""
    sentence = f"SofaSport calls this week: {sum(one.api_calls['sofasport'] for one in figures)}."
    if _fetched_earlier_matches(dsn, figures):
        sentence += " They include all earlier matches of the season, which only the first week fetches."
    return sentence


def _fetched_earlier_matches(dsn: str, figures: Sequence[RunFigures]) -> bool:
    """Whether lineups of matches older than 14 days were fetched; later weeks do not fetch them."""
    with psycopg.connect(dsn) as connection:
        found = connection.execute(
            "select exists (select from pulse.api_calls as calls join pulse.sofasport_events as events using (event_id)"
            " where calls.endpoint = 'events/lineups'"
            " and calls.run_id = any(%s) and events.start_at < %s::timestamptz - interval '14 days')",
            [[one.run.run_id for one in figures], max(one.run.as_of for one in figures)],
        ).fetchone()
    return found == (True,)


def print_report(console: Console, dsn: str, figures: Sequence[RunFigures]) -> None:
    """Print all tables."""
    tables = [_coverage_table(figures), *(_query_table(dsn, name) for name in _SAMPLE_QUERIES)]
    console.print(_runs_table(figures))
    console.print(calls_sentence(dsn, figures), highlight=False, soft_wrap=True)
    for table in tables:
        console.print()
        console.print(table)
    console.print()


def problems(
    figures: Sequence[RunFigures], *, expect_no_changes: bool, changed_tables: Sequence[str] = ()
) -> list[str]:
    """The failed checks of the week, one sentence each."""
    found = [
        f"{one.run.slot.dag_id} ended as {one.run.state}; see its log in Airflow."
        for one in figures
        if one.run.state != "success"
    ]
    found += [
        f"{one.run.slot.dag_id} wrote no row in pulse.pipeline_runs for {one.run.run_id}."
        for one in figures
        if not one.is_recorded
    ]
    if expect_no_changes:
        found += [
            f"{one.run.slot.dag_id} changed {quantity(one.rows_changed, 'row')}, but a repeated week must change none."
            for one in figures
            if one.rows_changed
        ]
        found += [f"pulse.{table} changed, but a repeated week must change no row." for table in changed_tables]
    return found


def _table(title: str, gap: int = 2) -> Table:
    """A table that fits into 80 columns."""
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
    table = _table(f"Week of {monday:%d %B %Y}: API calls and changed rows", gap=1)
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
    table.add_row("", "total", "", f"{sum(one.run.seconds for one in figures):.1f}", *totals, *rows)
    return table


def _coverage_table(figures: Sequence[RunFigures]) -> Table:
    table = _table("Coverage: data present of data expected")
    table.add_column("data")
    for name in ("present", "expected", "share"):
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
    # The text is a file of this package and contains no input.
    text: LiteralString = (_QUERIES / f"{name}.sql").read_text()
    return text
