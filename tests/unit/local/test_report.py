"""The tables at the end, read from a real database."""

from datetime import date
from io import StringIO

import psycopg
from psycopg.types.json import Jsonb
from rich.console import Console

from fpl_pulse.local import report
from fpl_pulse.local.week_run import SlotRun, plan_week

MONDAY = date(2025, 10, 13)


def ran(database: psycopg.Connection, *, inserted: int = 0, slots: int = 5) -> list[SlotRun]:
    runs = []
    for planned in plan_week(MONDAY)[:slots]:
        run = SlotRun(planned.slot, planned.as_of, f"week__{planned.as_of.isoformat()}", "success", 1.5)
        database.execute(
            "insert into pulse.pipeline_runs (dag_id, run_id, as_of, state, started_at, rows_inserted, coverage)"
            " values (%s, %s, %s, 'success', now(), %s, %s)",
            [run.slot.dag_id, run.run_id, run.as_of, inserted, Jsonb({"matches": {"have": 69, "want": 70}})],
        )
        runs.append(run)
    database.commit()
    return runs


def call_fpl(database: psycopg.Connection, run: SlotRun) -> None:
    database.execute(
        "insert into pulse.api_calls (api, endpoint, resource, purpose, dag_id, run_id, task_id, map_index,"
        " try_number, attempt, status, outcome, seconds, bytes, called_at)"
        " values ('fpl', 'fixtures', '', 'test', %s, %s, 't', -1, 1, 1, 200, 'answered', 0.1, 10, now())",
        [run.slot.dag_id, run.run_id],
    )
    database.commit()


def test_figures_come_from_what_the_runs_recorded(database: psycopg.Connection, dsn: str) -> None:
    runs = ran(database, inserted=7)
    call_fpl(database, runs[0])
    figures = report.figures_of(dsn, runs)
    assert figures[0].api_calls == {"sofasport": 0, "fpl": 1}
    assert figures[0].rows_changed == 7
    assert figures[0].coverage == {"matches": (69, 70)}
    out = StringIO()
    report.print_report(Console(file=out, width=160), dsn, figures)
    for text in ("update_radar_attributes", "Mon 13 Oct 2025 01:00", "98.6%", "Most minutes in the season"):
        assert text in out.getvalue()


def test_a_week_that_changed_rows_when_run_again_is_a_fault(database: psycopg.Connection, dsn: str) -> None:
    figures = report.figures_of(dsn, ran(database, inserted=1, slots=1))
    assert report.faults(figures, must_change_nothing=False) == []
    assert report.faults(figures, must_change_nothing=True) == [
        "update_fixture_mappings changed 1 rows, though the week had been run before."
    ]


def test_a_run_that_recorded_nothing_is_a_fault(database: psycopg.Connection, dsn: str) -> None:
    planned = plan_week(MONDAY)[0]
    figures = report.figures_of(dsn, [SlotRun(planned.slot, planned.as_of, "week__x", "success", 1.0)])
    assert report.faults(figures, must_change_nothing=False) == [
        "update_fixture_mappings has left no row in pulse.pipeline_runs for week__x."
    ]


def test_a_week_counts_as_run_when_every_slot_succeeded(database: psycopg.Connection, dsn: str) -> None:
    planned = plan_week(MONDAY)
    assert not report.was_run_before(dsn, planned)
    ran(database, slots=4)
    assert not report.was_run_before(dsn, planned)
    database.execute("truncate pulse.pipeline_runs")
    ran(database)
    assert report.was_run_before(dsn, planned)
