"""Seasons in Postgres: a `Season` is stored as plain text, and a run works for the one that was accepted last."""

from datetime import UTC, datetime, timedelta

import psycopg
import pytest

from fpl_pulse.errors import SelectionError
from fpl_pulse.etl.context import StepContext
from fpl_pulse.season import Season
from fpl_pulse.store.runs import Run

AS_OF = datetime(2025, 8, 25, 1, tzinfo=UTC)
ACCEPTED = "insert into pulse.fpl_seasons (season, observed_at) values (%s, %s)"


def context_on(conn: psycopg.Connection) -> StepContext:
    return StepContext(conn, {}, Run("update_lineups", "test", AS_OF))


def test_psycopg_sends_a_season_as_text(conn: psycopg.Connection) -> None:
    season = Season("2025-26")
    row = conn.execute("select %s, %s::text[], pg_typeof(%s::text)::text", (season, [season], season)).fetchone()
    assert row == ("2025-26", ["2025-26"], "text")
    with conn.cursor(binary=True) as cursor:
        assert cursor.execute("select %b::text", (season,)).fetchone() == ("2025-26",)


def test_a_run_works_for_the_season_that_was_accepted_last(conn: psycopg.Connection) -> None:
    context = context_on(conn)
    with pytest.raises(SelectionError, match="The store is empty"):
        context.season()
    for years, season in enumerate(("2024-25", "2026-27", "2025-26")):
        conn.execute(ACCEPTED, (Season(season), AS_OF + timedelta(days=365 * years)))
    season = context.season()
    assert (season, season.sofasport_year) == ("2025-26", "25/26")
