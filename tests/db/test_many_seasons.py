"""The store with many seasons, which the benchmark and the tests of the queries use."""

from datetime import timedelta

import psycopg
import pytest

from dev.bench.growth import all_statements
from dev.bench.many_seasons import add_seasons
from dev.pipelines import Pipelines, slots_of
from tests.installations import FIRST_MONDAY

EARLIER = 5

FOREIGN_KEYS = """
    select conrelid::regclass::text, confrelid::regclass::text,
           array(select attname::text from pg_attribute
                 join unnest(conkey) with ordinality as numbers (attnum, place) using (attnum)
                 where attrelid = conrelid order by place),
           array(select attname::text from pg_attribute
                 join unnest(confkey) with ordinality as numbers (attnum, place) using (attnum)
                 where attrelid = confrelid order by place)
    from pg_constraint where contype = 'f' and connamespace = 'pulse'::regnamespace
"""


@pytest.fixture
def many(loaded: Pipelines) -> Pipelines:
    """The first week of a season, behind five earlier ones."""
    add_seasons(loaded.conn, EARLIER)
    return loaded


def count(pipelines: Pipelines, table: str, where: str = "true") -> int:
    return int(pipelines.one(f"select count(*) from pulse.{table} where {where}"))


def test_every_season_has_the_rows_of_the_first(loaded: Pipelines) -> None:
    tables = [
        name
        for (name,) in loaded.conn.execute(
            "select table_name::text from information_schema.columns join information_schema.tables"
            " using (table_schema, table_name) where table_schema = 'pulse' and column_name = 'season'"
            " and table_type = 'BASE TABLE' and table_name not in ('raw_resources', 'final_freshness')"
        )
    ]
    assert len(tables) > 12
    before = {name: count(loaded, name, "season = '2025-26'") for name in tables}
    add_seasons(loaded.conn, EARLIER)
    for season in ("2025-26", "2024-25", "2020-21"):
        found = {name: count(loaded, name, f"season = '{season}'") for name in tables if name != "sofasport_attributes"}
        assert found == {name: rows for name, rows in before.items() if name != "sofasport_attributes"}
    for season in ("2019-20", "2026-27"):
        assert count(loaded, "fpl_gameweeks", f"season = '{season}'") == 0


def test_the_tables_without_a_season_grow_too(loaded: Pipelines) -> None:
    tables = ("sofasport_lineup_players", "sofasport_heatmaps", "planned_calls", "api_calls", "raw_responses")
    before = {name: count(loaded, name) for name in tables}
    people = count(loaded, "sofasport_players")
    resources = count(loaded, "raw_resources")
    add_seasons(loaded.conn, EARLIER)
    assert {name: count(loaded, name) for name in tables} == {
        name: (EARLIER + 1) * rows for name, rows in before.items()
    }
    # FPL's reference data and the list of seasons have no season.
    assert count(loaded, "raw_resources") == (EARLIER + 1) * resources - 2 * EARLIER
    # A third of the players is new in each of the five seasons.
    assert 2.4 * people < count(loaded, "sofasport_players") < 2.9 * people


def test_every_reference_points_at_a_row(many: Pipelines) -> None:
    keys = many.conn.execute(FOREIGN_KEYS).fetchall()
    assert len(keys) > 30
    for source, target, columns, referenced in keys:
        same = " and ".join(f"source.{one} = target.{other}" for one, other in zip(columns, referenced, strict=True))
        present = " and ".join(f"source.{name} is not null" for name in columns)
        lost = many.one(
            f"select count(*) from {source} as source where {present} and not exists"
            f" (select from {target} as target where {same})"
        )
        assert lost == 0, (source, target, columns)


def test_an_earlier_season_is_as_complete_as_the_newest(many: Pipelines) -> None:
    def shares(season: str) -> list[tuple[object, ...]]:
        return many.conn.execute(
            "select gameweek, what, have, want, calls from pulse.freshness_of(%s) order by 1, 2", (season,)
        ).fetchall()

    assert len(shares("2025-26")) > 40
    assert shares("2020-21") == shares("2025-26")


def test_links_of_people_who_have_left_stay_as_they_are(many: Pipelines) -> None:
    links = "select * from pulse.player_mappings order by sofasport_player_id"
    before = {row[0]: row for row in many.conn.execute(links).fetchall()}
    many.run("update_fixture_mappings", slots_of(FIRST_MONDAY + timedelta(weeks=1))["update_fixture_mappings"])
    after = {row[0]: row for row in many.conn.execute(links).fetchall()}
    of_season = "select sofasport_id from pulse.mapping_candidates where season = '2025-26' and kind = 'player'"
    present = {number for (number,) in many.conn.execute(of_season).fetchall()}
    left = before.keys() - present
    assert len(left) > len(present)
    assert {number: after[number] for number in left} == {number: before[number] for number in left}


def test_a_store_with_several_seasons_is_not_copied(many: Pipelines) -> None:
    with pytest.raises(ValueError, match="one season to copy, not 6"):
        add_seasons(many.conn, 1)


def test_an_empty_store_is_not_copied(conn: psycopg.Connection) -> None:
    with pytest.raises(ValueError, match="one season to copy, not 0"):
        add_seasons(conn, 1)


def test_every_statement_that_the_benchmark_times_can_run(loaded: Pipelines) -> None:
    for statement in all_statements(loaded.conn):
        loaded.conn.execute(statement.text.encode(), statement.params).fetchall()
