"""The cost of the old system, from a real database."""

from datetime import UTC, datetime

import psycopg

from dev.bench.old_system import OldCost, old_cost
from tests.local.test_report import played


def test_the_earlier_systems_calls_are_computed_from_the_stored_matches_and_players(
    database: psycopg.Connection, dsn: str
) -> None:
    played(database, minutes=(90, 12, 0))
    in_its_week = old_cost(dsn, datetime(2025, 10, 8, 2, tzinfo=UTC))
    assert in_its_week == OldCost(event_pages=2, lineups=1, heatmaps=2, players_twice=6)
    assert in_its_week.total == 11
    assert old_cost(dsn, datetime(2025, 10, 15, 2, tzinfo=UTC)).heatmaps == 0
