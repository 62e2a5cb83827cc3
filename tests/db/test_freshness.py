"""The views freshness and quota_outlook agree with the tables and recorded calls, which the tests count in Python."""

import re
from collections import Counter
from datetime import datetime, timedelta
from typing import Any

import psycopg
import pytest
from psycopg.rows import dict_row

from dev.bench.many_seasons import add_seasons
from dev.local.postgres import EmbeddedPostgres
from dev.pipelines import Pipelines, slots_of
from fpl_pulse.errors import CheckFailedError
from fpl_pulse.etl import heatmaps
from fpl_pulse.store import schema
from fpl_pulse.store.coverage import store_final_freshness
from tests.db.quota import set_recorded_quota
from tests.installations import FIRST_MONDAY

SLOTS = slots_of(FIRST_MONDAY)
Row = dict[str, Any]

SLOT_OF = {
    "fixture_mappings": "update_fixture_mappings",
    "sofasport_events": "update_fixture_mappings",
    "player_mappings": "update_fixture_mappings",
    "sofasport_lineups": "update_lineups",
    "sofasport_lineup_players": "update_lineups",
    "sofasport_heatmaps": "collect_heatmaps",
    "sofasport_season_statistics": "update_season_stats",
    "sofasport_attributes": "update_radar_attributes",
}
"""Table -> the pipeline whose check counts its rows."""


def read(conn: psycopg.Connection, statement: str) -> list[Row]:
    """The rows of a statement as dicts."""
    with conn.cursor(row_factory=dict_row) as cursor:
        return cursor.execute(statement.encode()).fetchall()


def freshness(loaded: Pipelines) -> dict[tuple[int, str], Row]:
    """(gameweek, table) -> the row of pulse.freshness."""
    rows = read(loaded.conn, "select * from pulse.freshness")
    found = {(row["gameweek"], row["table_name"]): row for row in rows}
    assert len(found) == len(rows)
    return found


def gameweek_of_events(loaded: Pipelines) -> dict[int, int]:
    """event_id -> FPL's gameweek, for all linked events."""
    gameweeks = {row["fixture_id"]: row["gameweek"] for row in read(loaded.conn, "table pulse.fpl_fixtures")}
    return {row["event_id"]: gameweeks[row["fixture_id"]] for row in read(loaded.conn, "table pulse.fixture_mappings")}


def players_by_gameweek(loaded: Pipelines) -> dict[int, list[Row]]:
    """Gameweek -> the players with minutes, one row for each match and player."""
    gameweeks, found = gameweek_of_events(loaded), {1: list[Row](), 2: list[Row]()}
    for row in read(
        loaded.conn, "select event_id, player_id, minutes from pulse.sofasport_lineup_players where minutes > 0"
    ):
        found[gameweeks[row["event_id"]]].append(row)
    return found


def test_a_played_gameweek_has_a_row_for_each_table_and_a_coming_one_has_none(loaded: Pipelines) -> None:
    found = freshness(loaded)
    assert {table for gameweek, table in found if gameweek == 1} == set(SLOT_OF)
    assert {table for gameweek, table in found if gameweek == 2} == set(SLOT_OF)
    assert {gameweek for gameweek, _ in found} == {1, 2}
    assert {row["season"] for row in found.values()} == {"2025-26"}


def test_the_newest_gameweek_is_first_and_each_is_in_the_order_of_the_week(loaded: Pipelines) -> None:
    add_seasons(loaded.conn, 1)
    rows = read(loaded.conn, "select * from pulse.freshness")
    assert [(row["season"], row["gameweek"]) for row in rows[::8]] == [
        ("2025-26", 2), ("2025-26", 1), ("2024-25", 2), ("2024-25", 1),
    ]  # fmt: skip
    for first in range(0, 32, 8):
        assert [SLOT_OF[row["table_name"]] for row in rows[first : first + 8]] == [
            *["update_fixture_mappings"] * 3, *["update_lineups"] * 2, "collect_heatmaps", "update_season_stats",
            "update_radar_attributes",
        ]  # fmt: skip


def test_a_gameweek_is_played_as_soon_as_one_of_its_matches_is(loaded: Pipelines) -> None:
    loaded.conn.execute(
        "update pulse.fpl_fixtures set finished_provisional = true where fixture_id = ("
        " select min(fixture_id) from pulse.fpl_fixtures where gameweek = 3)"
    )
    assert {table for gameweek, table in freshness(loaded) if gameweek == 3} == {"fixture_mappings", "sofasport_events"}


def test_the_summary_has_one_line_for_each_played_gameweek(loaded: Pipelines) -> None:
    loaded.conn.execute("delete from pulse.sofasport_heatmaps where mod(player_id, 3) = 0")
    rows = freshness(loaded)
    lines = read(loaded.conn, "select * from pulse.freshness_summary")
    assert [line["gameweek"] for line in lines] == [2, 1]
    for line in lines:
        of_gameweek = sorted(
            (row for (gameweek, _), row in rows.items() if gameweek == line["gameweek"]), key=lambda row: row["what"]
        )
        lacking = [f"{row['what']} {row['have']} of {row['want']}" for row in of_gameweek if row["have"] < row["want"]]
        assert line["lacking"] == ", ".join(lacking)
        assert any(one.startswith("heatmaps ") for one in lacking)
        assert (line["have"], line["want"]) == tuple(sum(row[name] for row in of_gameweek) for name in ("have", "want"))
        assert line["last_written_at"] == max(row["last_written_at"] for row in of_gameweek)
        complete = [row["last_complete_at"] for row in of_gameweek]
        assert line["last_complete_at"] == (None if None in complete else min(complete))
        calls = {row["table_name"]: row["calls"] for row in of_gameweek}
        # The same calls fill these two tables and two others.
        assert line["calls"] == sum(calls.values()) - calls["sofasport_events"] - calls["sofasport_lineup_players"]


def test_have_and_want_equal_what_the_tables_contain_now(loaded: Pipelines) -> None:
    loaded.conn.execute("delete from pulse.sofasport_heatmaps where mod(player_id, 3) = 0")
    loaded.conn.execute("delete from pulse.sofasport_season_statistics where mod(player_id, 4) = 0")
    found = freshness(loaded)
    stored = {
        (row["event_id"], row["player_id"])
        for row in read(loaded.conn, "select event_id, player_id from pulse.sofasport_heatmaps")
    }
    have_statistics, have_attributes = (
        {row["player_id"] for row in read(loaded.conn, f"select player_id from pulse.{table}")}
        for table in ("sofasport_season_statistics", "sofasport_attributes")
    )
    for gameweek, players in players_by_gameweek(loaded).items():
        player_ids = {row["player_id"] for row in players}
        expected = {
            "fixture_mappings": (10, 10),
            "sofasport_events": (10, 10),
            "sofasport_lineups": (10, 10),
            "sofasport_lineup_players": (20, 20),
            "sofasport_heatmaps": (sum((row["event_id"], row["player_id"]) in stored for row in players), len(players)),
            "sofasport_season_statistics": (len(player_ids & have_statistics), len(player_ids)),
            "sofasport_attributes": (len(player_ids & have_attributes), len(player_ids)),
        }
        for table, pair in expected.items():
            row = found[gameweek, table]
            assert (row["have"], row["want"]) == pair, (gameweek, table)
            assert float(row["share"]) == pytest.approx(pair[0] / pair[1], abs=0.0001)
        assert 0 < found[gameweek, "sofasport_heatmaps"]["share"] < 0.75


def test_links_are_counted_once_for_each_player_with_minutes_in_fpls_figures(loaded: Pipelines) -> None:
    loaded.conn.execute("delete from pulse.player_mappings where mod(fpl_code, 5) = 0")
    linked = {row["fpl_code"] for row in read(loaded.conn, "table pulse.player_mappings")}
    figures = read(loaded.conn, "select * from pulse.fpl_player_fixtures where minutes > 0")
    for gameweek in (1, 2):
        player_ids = {row["fpl_code"] for row in figures if row["gameweek"] == gameweek}
        row = freshness(loaded)[gameweek, "player_mappings"]
        assert (row["have"], row["want"]) == (len(player_ids & linked), len(player_ids))


def test_last_complete_at_is_the_as_of_time_of_the_newest_run_that_found_it_complete(loaded: Pipelines) -> None:
    for (gameweek, table), row in freshness(loaded).items():
        if gameweek == 1:
            assert row["last_complete_at"] == SLOTS[SLOT_OF[table]], table
    later = SLOTS["collect_heatmaps"] + timedelta(hours=3)
    heatmaps.check_heatmaps(loaded.context("collect_heatmaps", later))
    assert freshness(loaded)[1, "sofasport_heatmaps"]["last_complete_at"] == later
    loaded.conn.execute(
        "delete from pulse.sofasport_heatmaps where event_id in (select event_id from pulse.event_gameweeks"
        " where gameweek = 2)"
    )
    with pytest.raises(CheckFailedError, match="gameweek 2: only 0"):
        heatmaps.check_heatmaps(loaded.context("collect_heatmaps", later + timedelta(hours=1)))
    found = freshness(loaded)
    assert found[2, "sofasport_heatmaps"]["last_complete_at"] == later
    assert found[2, "sofasport_heatmaps"]["last_written_at"] is None
    assert found[1, "sofasport_heatmaps"]["last_complete_at"] == later + timedelta(hours=1)


def test_last_written_at_is_the_newest_change_of_a_row_of_the_gameweek(loaded: Pipelines) -> None:
    before = freshness(loaded)[1, "sofasport_lineup_players"]["last_written_at"]
    assert before == loaded.one(
        "select max(players.updated_at) from pulse.sofasport_lineup_players as players join pulse.fixture_mappings"
        " using (event_id) join pulse.fpl_fixtures using (season, fixture_id) where gameweek = 1"
    )
    loaded.conn.execute(
        "update pulse.sofasport_season_statistics set updated_at = '2030-01-01T00:00Z' where player_id in"
        " (select player_id from pulse.sofasport_season_statistics order by 1 limit 400)"
    )
    found = freshness(loaded)
    assert found[1, "sofasport_season_statistics"]["last_written_at"] == datetime.fromisoformat(
        "2030-01-01T00:00+00:00"
    )
    assert found[1, "sofasport_lineup_players"]["last_written_at"] == before


def test_a_call_counts_for_the_gameweek_of_its_match_or_else_of_its_run(loaded: Pipelines) -> None:
    later = slots_of(FIRST_MONDAY + timedelta(weeks=1))
    for dag_id in ("update_lineups", "update_season_stats"):
        loaded.run(dag_id, later[dag_id])
    gameweeks = gameweek_of_events(loaded)
    deadlines = sorted((row["deadline_at"], row["gameweek"]) for row in read(loaded.conn, "table pulse.fpl_gameweeks"))
    as_of_times = {run["run_id"]: run["as_of"] for run in read(loaded.conn, "table pulse.pipeline_runs")}
    expected: Counter[tuple[int, str]] = Counter()
    for call in read(loaded.conn, "select * from pulse.api_calls where api = 'sofasport'"):
        match = re.match(r"event_id=(\d+)", call["resource"])
        if match:
            gameweek = gameweeks[int(match[1])]
        else:
            as_of = as_of_times[call["run_id"]]
            gameweek = [number for deadline, number in deadlines if deadline <= as_of][-1]
        expected[gameweek, call["endpoint"]] += 1
    found = freshness(loaded)
    for gameweek in (1, 2, 3):
        for table, endpoint in (
            ("sofasport_lineups", "events/lineups"),
            ("sofasport_lineup_players", "events/lineups"),
            ("sofasport_heatmaps", "events/player-heatmap"),
            ("sofasport_season_statistics", "players/statistics/result"),
            ("sofasport_attributes", "players/attribute-overviews"),
            ("fixture_mappings", "seasons/events"),
            ("player_mappings", "teams/players"),
        ):
            if (gameweek, table) in found:
                assert found[gameweek, table]["calls"] == expected[gameweek, endpoint], (gameweek, table)
    assert found[3, "sofasport_season_statistics"]["calls"] > 0
    assert found[2, "sofasport_season_statistics"]["calls"] > 0
    assert found[1, "sofasport_season_statistics"]["calls"] == 0


def test_the_rows_of_earlier_seasons_are_stored_when_a_season_begins(loaded: Pipelines) -> None:
    newest = read(loaded.conn, "select * from pulse.freshness order by season, gameweek, what")
    add_seasons(loaded.conn, 2)
    loaded.conn.execute("delete from pulse.final_freshness")
    computed = read(loaded.conn, "select * from pulse.freshness order by season, gameweek, what")
    assert {row["season"] for row in computed} == {"2023-24", "2024-25", "2025-26"}
    store_final_freshness(loaded.conn, "2025-26")
    assert loaded.one("select max(season) from pulse.final_freshness") == "2024-25"
    loaded.conn.execute("delete from pulse.sofasport_heatmaps")
    found = read(loaded.conn, "select * from pulse.freshness order by season, gameweek, what")
    earlier = [row for row in found if row["season"] < "2025-26"]
    assert earlier == [row for row in computed if row["season"] < "2025-26"]
    # The newest season is always counted.
    heatmaps_now = [row for row in found if row["season"] == "2025-26" and row["what"] == "heatmaps"]
    assert [row["have"] for row in heatmaps_now] == [0, 0]
    others = [row for row in found if row["season"] == "2025-26" and row["what"] != "heatmaps"]
    assert others == [row for row in newest if row["what"] != "heatmaps"]


def test_the_check_of_the_mappings_stores_the_rows_of_earlier_seasons_once(loaded: Pipelines) -> None:
    add_seasons(loaded.conn, 1)
    loaded.conn.execute("delete from pulse.final_freshness")
    week_later = slots_of(FIRST_MONDAY + timedelta(weeks=1))["update_fixture_mappings"]
    loaded.run("update_fixture_mappings", week_later)
    stored = read(loaded.conn, "select * from pulse.final_freshness")
    assert {row["season"] for row in stored} == {"2024-25"}
    loaded.conn.execute("delete from pulse.sofasport_heatmaps")
    loaded.run("update_fixture_mappings", week_later)
    assert read(loaded.conn, "select * from pulse.final_freshness") == stored


def outlook(loaded: Pipelines) -> Row:
    """The only row of pulse.quota_outlook."""
    (row,) = read(loaded.conn, "select * from pulse.quota_outlook")
    return row


def test_the_outlook_counts_calls_and_matches_from_the_as_of_time_of_the_newest_run(loaded: Pipelines) -> None:
    week_later = slots_of(FIRST_MONDAY + timedelta(weeks=1))
    for dag_id in ("update_fixture_mappings", "update_lineups"):
        loaded.run(dag_id, week_later[dag_id])
    now = week_later["update_lineups"]
    row = outlook(loaded)
    as_of_times = {run["run_id"]: run["as_of"] for run in read(loaded.conn, "table pulse.pipeline_runs")}
    call_times = [
        as_of_times[call["run_id"]]
        for call in read(loaded.conn, "select * from pulse.api_calls where api = 'sofasport'")
    ]
    of_a_week = sum(now - timedelta(days=7) < at <= now for at in call_times)
    played = sum(
        event["status_code"] == 100 and now - timedelta(days=28) < event["start_at"] <= now
        for event in read(loaded.conn, "table pulse.sofasport_events")
    )
    coming = sum(
        fixture["kickoff_at"] is not None and now < fixture["kickoff_at"] <= now + timedelta(days=7)
        for fixture in read(loaded.conn, "table pulse.fpl_fixtures")
    )
    assert row["as_of"] == now
    assert (row["calls_7_days"], row["calls_28_days"]) == (of_a_week, len(call_times))
    assert 0 < of_a_week < len(call_times)
    assert (row["matches_28_days"], row["matches_coming"]) == (played, coming)
    assert float(row["calls_per_match"]) == pytest.approx(len(call_times) / played, abs=0.05)
    assert row["calls_forecast"] == -(-len(call_times) * coming // played)
    assert row["heard_at"] == loaded.one("select max(called_at) from pulse.api_calls where api = 'sofasport'")


def test_the_outlook_says_whether_the_remaining_quota_is_enough(loaded: Pipelines) -> None:
    forecast = outlook(loaded)["calls_forecast"]
    assert forecast > 0
    for calls, resets_in, is_enough in (
        (forecast, "5 days", True),
        (forecast - 1, "5 days", False),
        (forecast - 1, None, False),
        (forecast, "-1 second", None),
        (None, None, None),
    ):
        set_recorded_quota(loaded, calls, resets_in)
        row = outlook(loaded)
        assert (row["calls_left"], row["is_enough"]) == (calls, is_enough)
    set_recorded_quota(loaded, forecast, "5 days")
    loaded.conn.execute(
        "update pulse.api_calls set quota_remaining = null where call_id ="
        " (select max(call_id) from pulse.api_calls where api = 'sofasport')"
    )
    assert (outlook(loaded)["calls_left"], outlook(loaded)["is_enough"]) == (forecast - 1, False)


def test_the_outlook_has_no_forecast_without_matches_and_no_row_before_the_first_run(
    loaded: Pipelines, conn: psycopg.Connection
) -> None:
    assert read(conn, "select * from pulse.quota_outlook") == []
    assert read(conn, "select * from pulse.freshness") == []
    loaded.conn.execute("update pulse.sofasport_events set status_code = 0")
    row = outlook(loaded)
    assert (row["matches_28_days"], row["calls_per_match"], row["is_enough"]) == (0, None, None)


def test_a_downgrade_drops_the_views_and_an_upgrade_restores_them_with_the_data(
    loaded: Pipelines, postgres: EmbeddedPostgres
) -> None:
    dsn = postgres.dsn(loaded.conn.info.dbname)
    before = freshness(loaded)
    assert schema.downgrade(dsn, "0008") == "0008"
    count = "select count(*) from pg_class where relnamespace = 'pulse'::regnamespace and relname = any(%s)"
    names = ["coverage", "event_gameweeks", "expected_data", "freshness", "quota_left", "quota_outlook"]
    assert loaded.one(count, names) == 0
    assert schema.upgrade(dsn) == schema.newest()
    assert loaded.one(count, names) == len(names)
    after = freshness(loaded)
    assert after == {key: row | {"last_complete_at": None} for key, row in before.items()}
    heatmaps.check_heatmaps(loaded.context("collect_heatmaps", SLOTS["collect_heatmaps"]))
    assert freshness(loaded)[1, "sofasport_heatmaps"] == before[1, "sofasport_heatmaps"]
