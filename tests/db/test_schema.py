"""Upgrades and downgrades of the schema on a real Postgres."""

import psycopg
import pytest

from dev.local.postgres import EmbeddedPostgres
from fpl_pulse.store import schema

OBJECTS = """
    select count(*) from pg_class join pg_namespace on pg_namespace.oid = relnamespace
    where nspname = 'pulse' and relname not like 'alembic%'
"""


@pytest.fixture
def empty(postgres: EmbeddedPostgres) -> str:
    """The address of a database without the schema."""
    postgres.create_database("schema_up_and_down")
    return postgres.dsn("schema_up_and_down")


def test_the_schema_can_be_upgraded_downgraded_and_upgraded_again(empty: str, postgres: EmbeddedPostgres) -> None:
    assert schema.current(empty) is None
    assert schema.upgrade(empty) == schema.newest()
    with psycopg.connect(empty) as conn:
        objects = conn.execute(OBJECTS).fetchone()
    assert schema.downgrade(empty, "base") is None
    with psycopg.connect(empty) as conn:
        assert conn.execute(OBJECTS).fetchone() == (0,)
    assert schema.upgrade(empty) == schema.newest()
    with psycopg.connect(empty) as conn:
        assert conn.execute(OBJECTS).fetchone() == objects
    postgres.drop_database("schema_up_and_down")


def test_an_upgrade_of_the_newest_schema_changes_nothing(dsn: str) -> None:
    with psycopg.connect(dsn, autocommit=True) as conn:
        conn.execute("insert into pulse.sofasport_seasons (season, season_id) values ('2025-26', 5)")
        assert schema.upgrade(dsn) == schema.newest()
        assert conn.execute("select season_id from pulse.sofasport_seasons").fetchone() == (5,)


def test_every_table_has_a_primary_key(conn: psycopg.Connection) -> None:
    without = conn.execute(
        "select tables.table_name from information_schema.tables as tables where table_schema = 'pulse'"
        " and table_type = 'BASE TABLE'"
        " and table_name <> 'alembic_version' and not exists (select from information_schema.table_constraints as keys"
        " where keys.table_schema = 'pulse' and keys.table_name = tables.table_name"
        " and keys.constraint_type = 'PRIMARY KEY')"
    ).fetchall()
    assert without == []


def test_both_forms_of_has_ended_know_the_same_codes(conn: psycopg.Connection) -> None:
    ended = "select array_agg(code) from generate_series(-5, 300) as code where pulse.has_ended(code{})"
    codes = conn.execute(ended.format("").encode()).fetchone()
    assert codes == ([100, 110, 120],)
    assert conn.execute(ended.format("::smallint").encode()).fetchone() == codes
