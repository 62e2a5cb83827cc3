"""The merge inserts new rows, updates changed rows and leaves equal rows alone."""

from datetime import UTC, datetime

import numpy as np
import pandas as pd
import psycopg
import pytest

from fpl_pulse.store.connection import select
from fpl_pulse.store.merge import Written, merge, replace_within

KEY = ["team_id"]

Rows = list[dict[str, object]]


def teams(*rows: tuple[int, str, str | None]) -> Rows:
    return [dict(zip(("team_id", "name", "short_name"), row, strict=True)) for row in rows]


def stored(conn: psycopg.Connection) -> list[tuple[object, ...]]:
    return conn.execute("select team_id, name, short_name from pulse.sofasport_teams order by 1").fetchall()


def test_new_rows_are_inserted_changed_rows_updated_and_equal_rows_left_alone(conn: psycopg.Connection) -> None:
    assert merge(conn, "sofasport_teams", teams((1, "A", "a"), (2, "B", "b")), KEY) == Written(inserted=2)
    before = conn.execute("select updated_at from pulse.sofasport_teams where team_id = 1").fetchone()
    written = merge(conn, "sofasport_teams", teams((1, "A", "a"), (2, "B2", "b"), (3, "C", None)), KEY)
    assert written == Written(inserted=1, updated=1)
    assert stored(conn) == [(1, "A", "a"), (2, "B2", "b"), (3, "C", None)]
    assert conn.execute("select updated_at from pulse.sofasport_teams where team_id = 1").fetchone() == before


def test_the_same_merge_again_changes_nothing(conn: psycopg.Connection) -> None:
    rows = teams((1, "A", None), (2, "B", "b"))
    merge(conn, "sofasport_teams", rows, KEY)
    assert merge(conn, "sofasport_teams", rows, KEY) == Written()


def test_a_null_overwrites_a_value_unless_keep_when_null_is_set(conn: psycopg.Connection) -> None:
    merge(conn, "sofasport_teams", teams((1, "A", "a"), (2, "B", "b")), KEY)
    assert merge(conn, "sofasport_teams", teams((1, "A", None)), KEY, keep_when_null=True) == Written()
    assert merge(conn, "sofasport_teams", teams((2, "B", None)), KEY) == Written(updated=1)
    assert stored(conn) == [(1, "A", "a"), (2, "B", None)]


def test_every_kind_of_missing_value_becomes_null(conn: psycopg.Connection) -> None:
    missing = [None, np.nan, pd.NA, pd.NaT]
    rows = [{"team_id": number, "name": "x", "short_name": value} for number, value in enumerate(missing)]
    merge(conn, "sofasport_teams", rows, KEY)
    assert [row[2] for row in stored(conn)] == [None] * 4


def test_text_with_sql_and_copy_escapes_is_stored_unchanged(conn: psycopg.Connection) -> None:
    text = "'); drop table pulse.sofasport_teams; -- \\N \\. \t\n\"é漢"
    merge(conn, "sofasport_teams", teams((1, text, "\\N")), KEY)
    assert stored(conn) == [(1, text, "\\N")]


def test_a_new_observed_at_alone_does_not_change_a_row(conn: psycopg.Connection) -> None:
    key = ["season", "position"]

    def average(attacking: int, day: int) -> Rows:
        observed_at = datetime(2025, 10, day, tzinfo=UTC)
        values = {"attacking": attacking, "details": {}, "observed_at": observed_at}
        return [{"season": "2025-26", "position": "F", **values}]

    assert merge(conn, "sofasport_position_averages", average(7, 1), key) == Written(inserted=1)
    assert merge(conn, "sofasport_position_averages", average(7, 2), key) == Written()
    assert merge(conn, "sofasport_position_averages", average(8, 3), key) == Written(updated=1)
    assert select(conn, "select observed_at from pulse.sofasport_position_averages").observed_at[0].day == 3


def test_the_time_at_which_a_mapping_was_made_is_written_once(conn: psycopg.Connection) -> None:
    merge(conn, "sofasport_teams", teams((1, "A", None)), KEY)
    conn.execute("insert into pulse.sofasport_players (player_id, name) values (5, 'P')")

    def mapping(code: int, day: int) -> Rows:
        made_at = datetime(2025, 10, day, tzinfo=UTC)
        values = {"method": "m", "confidence": 1, "evidence": f"e{code}", "made_at": made_at}
        return [{"sofasport_player_id": 5, "fpl_code": 7, "confirmed_at": made_at, **values}]

    key = ["sofasport_player_id"]
    assert merge(conn, "player_mappings", mapping(7, 1), key) == Written(inserted=1)
    assert merge(conn, "player_mappings", mapping(7, 2), key) == Written()
    assert merge(conn, "player_mappings", mapping(8, 3), key) == Written(updated=1)
    assert select(conn, "select made_at from pulse.player_mappings").made_at[0].day == 1


def test_a_row_without_its_key_is_an_error_that_names_the_table_and_the_key(conn: psycopg.Connection) -> None:
    rows: Rows = [{"team_id": None, "name": "x"}]
    with pytest.raises(ValueError, match=r"pulse.sofasport_teams has no team_id"):
        merge(conn, "sofasport_teams", rows, KEY)


def test_two_rows_with_the_same_key_are_an_error_and_nothing_is_written(conn: psycopg.Connection) -> None:
    with pytest.raises(ValueError, match="same team_id"):
        merge(conn, "sofasport_teams", teams((1, "A", None), (1, "B", None)), KEY)
    assert stored(conn) == []


def test_replace_within_deletes_only_within_its_scope(conn: psycopg.Connection) -> None:
    def candidates(season: str, *ids: int) -> Rows:
        fixed = {"season": season, "kind": "team", "fpl_id": 0, "status": "review", "method": "m"}
        return [{**fixed, "sofasport_id": sofasport_id, "confidence": 0, "evidence": "e"} for sofasport_id in ids]

    key = ["season", "kind", "sofasport_id", "fpl_id"]
    for season in ("2024-25", "2025-26"):
        replace_within(conn, "mapping_candidates", candidates(season, 1, 2), key, {"season": season})
    written = replace_within(conn, "mapping_candidates", candidates("2025-26", 2, 3), key, {"season": "2025-26"})
    assert written == Written(inserted=1, deleted=1)
    rows = conn.execute("select season, sofasport_id from pulse.mapping_candidates order by 1, 2").fetchall()
    assert rows == [("2024-25", 1), ("2024-25", 2), ("2025-26", 2), ("2025-26", 3)]


def test_replace_within_an_empty_scope_is_an_error(conn: psycopg.Connection) -> None:
    with pytest.raises(ValueError, match="name the scope"):
        replace_within(conn, "sofasport_teams", teams((1, "A", None)), KEY, {})


def test_many_merges_in_one_transaction_hold_few_locks(conn: psycopg.Connection) -> None:
    own_locks = "select count(*) from pg_locks where pid = pg_backend_pid()"
    with conn.transaction():
        for number in range(50):
            merge(conn, "sofasport_teams", teams((number, "A", None)), KEY)
            replace_within(conn, "sofasport_teams", teams((number, "B", None)), KEY, {"team_id": number})
            replace_within(conn, "sofasport_teams", [], KEY, {"team_id": 999})
        locks = conn.execute(own_locks).fetchone()
    assert stored(conn) == [(number, "B", None) for number in range(50)]
    assert locks is not None
    assert locks[0] < 30
