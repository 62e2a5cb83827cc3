"""An upgrade of a database that an earlier version filled, and the downgrade after it, lose no row."""

from collections.abc import Iterator

import psycopg
import pytest

from dev.local.postgres import EmbeddedPostgres
from fpl_pulse.store import schema

BEFORE = "0009"
FILL = """
    insert into pulse.raw_answers (api, endpoint, resource, sha256, fetched_at, as_of, is_wanted, body) values
        ('sofasport', 'events/lineups', 'event_id=7', 'a', now(), '2025-10-13', false, '{"a": 1}'),
        ('sofasport', 'events/lineups', 'event_id=7', 'b', now(), '2025-10-14', true, '{"a": 2}'),
        ('sofasport', 'events/player-heatmap', 'event_id=7&player_id=9', 'c', now(), '2025-10-14', false, '[]'),
        ('fpl', 'fpl/event/live', 'gw=7&season=2025-26', 'd', now(), '2025-10-14', false, '{}');
    insert into pulse.raw_reads
        (endpoint, resource, api, params, outcome, answer_id, loaded_answer_id, no_data_times, no_data_since,
         fetched_at, as_of) values
        ('events/lineups', 'event_id=7', 'sofasport', '{"event_id": 7}', 'answered', 2, 1, 0, null, now(),
         '2025-10-14'),
        ('events/player-heatmap', 'event_id=7&player_id=9', 'sofasport', '{"event_id": 7, "player_id": 9}', 'refused',
         3, 3, 0, null, now(), '2025-10-14'),
        ('events/player-heatmap', 'event_id=7&player_id=8', 'sofasport', '{"event_id": 7, "player_id": 8}', 'no_data',
         null, null, 2, '2025-10-13', now(), '2025-10-14'),
        ('fpl/event/live', 'gw=7&season=2025-26', 'fpl', '{"gw": 7, "season": "2025-26"}', 'answered', 4, 4, 0, null,
         now(), '2025-10-14');
    insert into pulse.rejected_records (endpoint, resource, place, answer_id, reason, record, as_of)
        values ('events/player-heatmap', 'event_id=7&player_id=9', 'points[0]', 3, 'x: missing', '{}', '2025-10-14');
    insert into pulse.pipeline_runs (dag_id, run_id, as_of, state, started_at, is_whole, short_by)
        values ('collect_heatmaps', 'scheduled__1', '2025-10-14', 'success', now(), true, 5);
    insert into pulse.api_calls
        (api, endpoint, resource, purpose, dag_id, run_id, task_id, map_index, try_number, attempt, status, outcome,
         seconds, bytes, called_at) values
        ('sofasport', 'events/player-heatmap', 'event_id=7&player_id=9', 'heatmaps', 'collect_heatmaps', 'scheduled__1',
         'fetch_heatmaps', 0, 1, 1, 200, 'answered', 0.1, 10, now()),
        ('fpl', 'fpl/fixtures', 'season=2025-26', 'FPL results', 'update_lineups', 'scheduled__1', 'plan_matches', -1,
         1, 1, 200, 'answered', 0.1, 10, now());
    insert into pulse.task_attempts (dag_id, run_id, task_id, map_index, try_number, place, state)
        values ('collect_heatmaps', 'scheduled__1', 'fetch_heatmaps', 0, 1, 'GW7 Liverpool-Everton', 'success');
    insert into pulse.alerts (kind, subject, as_of, message, dag_id, run_id)
        values ('run_short', 'collect_heatmaps', '2025-10-14', 'A sentence.', 'collect_heatmaps', 'scheduled__1');
"""


NEW_TABLES = (
    "planned_calls", "final_freshness", "reruns", "fpl_seasons", "key_census", "missed_fixtures", "week_slots",
    "fpl_player_history", "player_matches", "external_ids",
)  # fmt: skip


@pytest.fixture
def filled(postgres: EmbeddedPostgres) -> Iterator[str]:
    """The address of a database at revision 0009 with a row of every kind that migration 0010 touches."""
    postgres.create_database("earlier_version")
    dsn = postgres.dsn("earlier_version")
    schema.upgrade(dsn, BEFORE)
    with psycopg.connect(dsn) as conn:
        conn.execute(FILL.encode())
    yield dsn
    postgres.drop_database("earlier_version")


def contents(dsn: str) -> dict[str, list[str]]:
    """Table -> its rows as sorted text."""
    with psycopg.connect(dsn) as conn:
        names = conn.execute("select tablename from pg_tables where schemaname = 'pulse' order by 1").fetchall()
        return {
            name: sorted(str(row) for (row,) in conn.execute(f"select to_jsonb(stored) from pulse.{name} as stored"))
            for (name,) in names
            if name != "alembic_version"
        }


def test_an_upgrade_keeps_every_row_and_renames_its_values(filled: str) -> None:
    before = contents(filled)
    schema.upgrade(filled)
    after = contents(filled)
    renamed = {"raw_answers": "raw_responses", "raw_reads": "raw_resources"}
    assert {renamed.get(name, name): len(rows) for name, rows in before.items()} == {
        name: len(rows) for name, rows in after.items() if name not in NEW_TABLES
    }
    with psycopg.connect(filled) as conn:
        resources = conn.execute(
            "select endpoint, event_id, player_id, season, gameweek, outcome, response_id, loaded_response_id"
            " from pulse.raw_resources order by endpoint, player_id"
        ).fetchall()
        responses = conn.execute(
            "select responses.response_id, endpoint, responses.forced from pulse.raw_responses as responses"
            " join pulse.raw_resources using (resource_id) order by 1"
        ).fetchall()
        run = conn.execute("select is_full, calls_skipped, is_partial from pulse.pipeline_runs").fetchone()
        calls = conn.execute("select outcome, event_id from pulse.api_calls order by call_id").fetchall()
        rejected = conn.execute(
            "select path, rejected.resource_id = resources.resource_id from pulse.rejected_records as rejected"
            " join pulse.raw_resources as resources using (endpoint, resource)"
        ).fetchone()
        kind = conn.execute("select kind from pulse.alerts").fetchone()
    assert resources == [
        ("events/lineups", 7, None, None, None, "fetched", 2, 1),
        ("events/player-heatmap", 7, 8, None, None, "no_data", None, None),
        ("events/player-heatmap", 7, 9, None, None, "rejected", 3, 3),
        ("fpl/event/live", None, None, "2025-26", 7, "fetched", 4, 4),
    ]
    assert responses == [
        (1, "events/lineups", False),
        (2, "events/lineups", True),
        (3, "events/player-heatmap", False),
        (4, "fpl/event/live", False),
    ]
    assert run == (True, 5, True)
    assert calls == [("fetched", 7), ("fetched", None)]
    assert rejected == ("points[0]", True)
    assert kind == ("run_partial",)


def test_a_downgrade_after_the_upgrade_restores_every_row(filled: str) -> None:
    before = contents(filled)
    schema.upgrade(filled)
    schema.downgrade(filled, BEFORE)
    assert contents(filled) == before


TIMES_BEFORE = "0017"
FILL_TIMES = """
    insert into pulse.pipeline_runs (dag_id, run_id, as_of, state, started_at, finished_at) values
        ('update_lineups', 'scheduled__1', '2025-10-14', 'success', '2026-11-01 10:00Z', '2026-11-01 11:00Z'),
        ('collect_heatmaps', 'scheduled__1', '2025-10-14', 'success', '2026-11-01 10:00Z', '2026-11-01 12:00Z');
    insert into pulse.alerts (kind, subject, as_of, message, dag_id, run_id, raised_at, closed_at) values
        ('run_failed', 'heatmaps', '2025-10-07', 'x', 'collect_heatmaps', '0', '2026-11-01 09:00Z', '2025-10-14'),
        ('squad_unread', 'club 1', '2025-10-07', 'x', 'collect', '0', '2026-11-01 09:00Z', '2025-10-14'),
        ('squad_unread', 'club 2', '2025-10-07', 'x', 'collect', '0', '2026-11-01 09:00Z', '2025-10-20'),
        ('squad_unread', 'club 3', '2025-10-07', 'x', 'collect', '0', '2026-11-01 09:00Z', null);
    insert into pulse.raw_resources (endpoint, resource, api, params, outcome, no_data_times, fetched_at, as_of) values
        ('events/lineups', 'event_id=7', 'sofasport', '{"event_id": 7}', 'fetched', 0, now(), '2025-10-14');
    insert into pulse.raw_responses (resource_id, sha256, fetched_at, as_of, forced, body) values
        (1, 'a', '2026-11-01 10:30Z', '2025-10-14', false, '{}'),
        (1, 'b', '2026-11-02 10:30Z', '2025-10-21', false, '{}');
    update pulse.raw_resources set response_id = 2, loaded_response_id = 2;
    insert into pulse.mapping_decisions (kind, sofasport_id, fpl_id, verdict, decided_by, reason, decided_at) values
        ('player', 7, 9, 'link', 'Ann', 'x', '2026-11-01 12:00Z'),
        ('player', 8, 9, 'link', 'Ann', 'x', '2026-10-01 12:00Z');
"""


def test_an_upgrade_keeps_what_is_known_of_times_and_leaves_the_rest(postgres: EmbeddedPostgres) -> None:
    postgres.create_database("earlier_times")
    dsn = postgres.dsn("earlier_times")
    schema.upgrade(dsn, TIMES_BEFORE)
    with psycopg.connect(dsn) as conn:
        conn.execute(FILL_TIMES.encode())
    schema.upgrade(dsn)
    with psycopg.connect(dsn) as conn:
        conn.execute("set time zone 'UTC'")
        closed = conn.execute("select subject, closed_at::text from pulse.alerts order by alert_id").fetchall()
        decided = conn.execute("select as_of::text, decided_fpl_id from pulse.mapping_decisions order by 1").fetchall()
        # The rows of a loaded match are missing, so it is loaded again.
        loaded = conn.execute("select loaded_rows, stored_rows from pulse.resource_rows").fetchall()
    postgres.drop_database("earlier_times")
    assert closed == [
        ("heatmaps", "2026-11-01 12:00:00+00"),
        ("club 1", "2026-11-01 11:00:00+00"),
        ("club 2", "2025-10-20 00:00:00+00"),
        ("club 3", None),
    ]
    assert decided == [("2025-10-14 00:00:00+00", 9), ("2026-10-01 12:00:00+00", 9)]
    assert loaded == [(1, 0)]
