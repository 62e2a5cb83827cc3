"""The tables at the end of a week: what each run did, what is covered, and three looks at the data."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql
from psycopg.rows import dict_row
from rich.console import Console
from rich.table import Table

from fpl_pulse.local.week_run import PlannedRun, SlotRun

_QUERIES = Path(__file__).parent / "queries"
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


def was_run_before(dsn: str, planned: Sequence[PlannedRun]) -> bool:
    """Whether every slot of the week has been run with success: running it again must change nothing."""
    with psycopg.connect(dsn) as connection:
        if connection.execute("select to_regclass('pulse.pipeline_runs')").fetchone() == (None,):
            return False
        done = connection.execute(
            "select dag_id, as_of from pulse.pipeline_runs where state = 'success'"
        ).fetchall()
    return {(one.slot.dag_id, one.as_of) for one in planned} <= set(done)


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


def print_report(console: Console, dsn: str, figures: Sequence[RunFigures]) -> None:
    """Print all tables."""
    console.print(_runs_table(figures))
    console.print(_coverage_table(figures))
    for path in sorted(_QUERIES.glob("*.sql")):
        console.print(_query_table(dsn, path))


def faults(figures: Sequence[RunFigures], *, must_change_nothing: bool) -> list[str]:
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
    return found


def _runs_table(figures: Sequence[RunFigures]) -> Table:
    table = Table(title="The week")
    for name in ("pipeline", "slot (UTC)", "state"):
        table.add_column(name)
    for name in ("seconds", "SofaSport calls", "FPL calls", "rows inserted", "rows updated"):
        table.add_column(name, justify="right")
    for one in figures:
        table.add_row(
            one.run.slot.dag_id,
            f"{one.run.as_of:%a %d %b %Y %H:%M}",
            one.run.state,
            f"{one.run.seconds:.1f}",
            *(str(one.api_calls[api]) for api in APIS),
            str(one.rows_inserted),
            str(one.rows_updated),
        )
    totals = [str(sum(one.api_calls[api] for one in figures)) for api in APIS]
    rows = [str(sum(one.rows_inserted for one in figures)), str(sum(one.rows_updated for one in figures))]
    table.add_section()
    table.add_row("all", "", "", f"{sum(one.run.seconds for one in figures):.1f}", *totals, *rows)
    return table


def _coverage_table(figures: Sequence[RunFigures]) -> Table:
    table = Table(title="Coverage")
    table.add_column("what")
    for name in ("have", "of", "share"):
        table.add_column(name, justify="right")
    newest = {name: pair for one in figures for name, pair in one.coverage.items()}
    for name, (have, want) in newest.items():
        table.add_row(name.replace("_", " "), str(have), str(want), f"{have / want:.1%}" if want else "-")
    return table


def _query_table(dsn: str, path: Path) -> Table:
    text = path.read_text()
    table = Table(title=text.splitlines()[0].removeprefix("-- "))
    with psycopg.connect(dsn) as connection:
        # The text is a file of this package; nothing of it comes from outside.
        cursor = connection.execute(sql.SQL(text))
        for column in cursor.description or ():
            table.add_column(column.name.replace("_", " "))
        for row in cursor.fetchall():
            table.add_row(*("" if value is None else str(value) for value in row))
    return table
