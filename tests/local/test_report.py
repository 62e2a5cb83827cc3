"""The report at the end of a week, from a real database."""

from datetime import date
from io import StringIO

import psycopg
from psycopg.types.json import Jsonb
from rich.console import Console

from dev.local import report
from dev.local.week_run import SlotRun, plan_week

MONDAY = date(2025, 10, 13)


def ran(database: psycopg.Connection, *, inserted: int = 0, slots: int = 5) -> list[SlotRun]:
    runs = []
    for planned in plan_week(MONDAY)[:slots]:
        run = SlotRun(planned.slot, planned.as_of, f"week__{planned.as_of.isoformat()}", "success", 1.5)
        database.execute(
            "insert into pulse.pipeline_runs (dag_id, run_id, as_of, state, started_at, is_full, rows_inserted,"
            " coverage) values (%s, %s, %s, 'success', now(), true, %s, %s)",
            [run.slot.dag_id, run.run_id, run.as_of, inserted, Jsonb({"matches": {"have": 69, "want": 70}})],
        )
        runs.append(run)
    database.commit()
    return runs


def call_fpl(database: psycopg.Connection, run: SlotRun) -> None:
    database.execute(
        "insert into pulse.api_calls (api, endpoint, resource, purpose, dag_id, run_id, task_id, map_index,"
        " try_number, attempt, status, outcome, seconds, bytes, called_at)"
        " values ('fpl', 'fixtures', '', 'test', %s, %s, 't', -1, 1, 1, 200, 'fetched', 0.1, 10, now())",
        [run.slot.dag_id, run.run_id],
    )
    database.commit()


def test_figures_are_those_that_the_runs_recorded(database: psycopg.Connection, dsn: str) -> None:
    runs = ran(database, inserted=7)
    call_fpl(database, runs[0])
    figures = report.figures_of(dsn, runs)
    assert figures[0].api_calls == {"sofasport": 0, "fpl": 1}
    assert figures[0].rows_changed == 7
    assert figures[0].coverage == {"matches": (69, 70)}
    out = StringIO()
    report.print_report(Console(file=out, width=80), dsn, figures)
    for text in ("Wed 03:00 Radar attributes ", "Week of 13 October 2025", "98.6%", "Most minutes in the season"):
        assert text in out.getvalue()
    assert "…" not in out.getvalue()
    # A first week fetches a whole season: a comparison with one week of the old system would compare unlike things.
    assert "old system" not in out.getvalue()


def played(database: psycopg.Connection, *, minutes: tuple[int, ...]) -> None:
    """A match of 4 October whose players played these minutes and are linked, and a later match."""
    database.execute("insert into pulse.fpl_seasons (season, observed_at) values ('2025-26', '2025-07-20')")
    database.execute("insert into pulse.sofasport_teams (team_id, name) values (1, 'A'), (2, 'B')")
    database.execute(
        "insert into pulse.sofasport_events (event_id, season, home_team_id, away_team_id, start_at, status_code,"
        " details) values (1, '2025-26', 1, 2, '2025-10-04T14:00Z', 100, '{}'),"
        " (2, '2025-26', 2, 1, '2025-10-18T14:00Z', 0, '{}')"
    )
    database.execute(
        "insert into pulse.sofasport_lineups (event_id, side, team_id, confirmed, starters, with_minutes,"
        " missing_players, observed_at) values (1, 'home', 1, true, 11, 2, '[]', now())"
    )
    for player, played_minutes in enumerate(minutes, 1):
        database.execute("insert into pulse.sofasport_players (player_id, name) values (%s, 'P')", [player])
        database.execute(
            "insert into pulse.sofasport_lineup_players (event_id, player_id, side, team_id, is_starter, is_captain,"
            " minutes, statistics, observed_at) values (1, %s, 'home', 1, true, false, %s, '{}', now())",
            [player, played_minutes],
        )
        database.execute(
            "insert into pulse.player_mappings (sofasport_player_id, fpl_code, method, confidence, evidence, made_at,"
            " confirmed_at) values (%s, %s, 'name', 1, '', now(), now())",
            [player, 100 + player],
        )
    database.commit()


def test_the_first_week_explains_its_many_calls(database: psycopg.Connection, dsn: str) -> None:
    played(database, minutes=(90,))
    figures = report.figures_of(dsn, ran(database))
    begins = "SofaSport calls this week: 0."
    assert report.calls_sentence(dsn, figures) == begins
    call_lineups(database, figures[1].run, started_at="2025-10-04T14:00Z")
    assert report.calls_sentence(dsn, figures) == begins
    call_lineups(database, figures[1].run, started_at="2025-09-27T14:00Z")
    assert report.calls_sentence(dsn, figures) == (
        f"{begins} They include all earlier matches of the season, which only the first week fetches."
    )


def call_lineups(database: psycopg.Connection, run: SlotRun, *, started_at: str) -> None:
    """A call for the lineups of a match that began at this time."""
    database.execute("update pulse.sofasport_events set start_at = %s where event_id = 1", [started_at])
    database.execute("delete from pulse.api_calls")
    database.execute(
        "insert into pulse.api_calls (api, endpoint, resource, purpose, dag_id, run_id, task_id, map_index,"
        " try_number, attempt, status, outcome, seconds, bytes, called_at, event_id) values ('sofasport',"
        " 'events/lineups', 'event_id=1', 'test', %s, %s, 't', -1, 1, 1, 200, 'fetched', 0.1, 10, now(), 1)",
        [run.slot.dag_id, run.run_id],
    )
    database.commit()


def test_a_changed_table_is_a_problem_even_if_the_runs_recorded_no_change(
    database: psycopg.Connection, dsn: str
) -> None:
    figures = report.figures_of(dsn, ran(database))
    before = report.fingerprints(dsn)
    call_fpl(database, figures[0].run)
    assert report.fingerprints(dsn) == before
    played(database, minutes=(90,))
    after = report.fingerprints(dsn)
    changed = {table for table in after if after[table] != before[table]}
    assert changed == {
        "fpl_seasons",
        "player_mappings",
        "sofasport_events",
        "sofasport_lineup_players",
        "sofasport_lineups",
        "sofasport_players",
        "sofasport_teams",
    }
    assert report.problems(figures, expect_no_changes=True, changed_tables=["fpl_teams"]) == [
        "pulse.fpl_teams changed, but a repeated week must change no row."
    ]
