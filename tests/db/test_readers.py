"""The role pulse_reader reads the schemas for readers, and nothing else."""

from collections.abc import Iterator
from dataclasses import dataclass

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import make_conninfo

from dev.pipelines import Pipelines
from fpl_pulse.store import schema
from fpl_pulse.store.readers import READER, create_reader
from fpl_pulse.store.views import SCHEMAS

PASSWORD = "only-for-tests-1"
REFUSED = (
    psycopg.errors.InsufficientPrivilege,
    psycopg.errors.FeatureNotSupported,
    psycopg.errors.ObjectNotInPrerequisiteState,
)


@dataclass(frozen=True)
class Reading:
    """An installation with a reader."""

    installation: Pipelines
    reader: psycopg.Connection


@pytest.fixture
def reading(small: Pipelines) -> Iterator[Reading]:
    create_reader(small.conn, PASSWORD, SCHEMAS)
    try:
        address = make_conninfo(small.conn.info.dsn, user=READER, password=PASSWORD)
        with psycopg.connect(address, autocommit=True) as reader:
            yield Reading(small, reader)
    finally:
        small.conn.execute(sql.SQL("drop owned by {0}; drop role {0}").format(sql.Identifier(READER)))


def relations(conn: psycopg.Connection) -> list[tuple[str, str]]:
    return conn.execute(
        "select nspname, relname from pg_class join pg_namespace on pg_namespace.oid = relnamespace"
        " where relkind in ('r', 'v', 'm', 'p') and nspname not in ('pg_catalog', 'information_schema', 'pg_toast')"
    ).fetchall()


def test_every_view_for_readers_can_be_read_and_nothing_else(reading: Reading) -> None:
    read = set()
    for schema_name, name in relations(reading.installation.conn):
        statement = sql.SQL("select * from {}").format(sql.Identifier(schema_name, name))
        if schema_name in SCHEMAS:
            reading.reader.execute(statement).fetchall()
            read.add(schema_name)
        else:
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                reading.reader.execute(statement)
    assert read == set(SCHEMAS)


@pytest.mark.parametrize(
    "statement",
    [
        "select * from pulse.raw_responses",
        "select pulse.week_monday(now())",
        "update fpl.players set news = 'x'",
        "delete from webapp.athletes",
        "create table fpl.mine (id int)",
        "create schema mine",
        "select pg_read_file('/etc/passwd')",
        "copy (select 1) to program 'true'",
    ],
)
def test_what_a_reader_may_not_do(reading: Reading, statement: str) -> None:
    reading.reader.execute("set default_transaction_read_only = off")
    with pytest.raises(REFUSED):
        reading.reader.execute(statement.encode())


def test_a_session_reads_only_and_ends_a_query_that_takes_too_long(reading: Reading) -> None:
    for name, value in (("default_transaction_read_only", "on"), ("statement_timeout", "1min"), ("search_path", "fpl")):
        assert reading.reader.execute(sql.SQL("show {}").format(sql.SQL(name))).fetchone() == (value,)
    assert reading.reader.execute("select count(*) from players").fetchone() != (0,)


def test_views_that_an_upgrade_makes_anew_can_be_read(reading: Reading) -> None:
    conn = reading.installation.conn
    conn.execute("comment on schema fpl is 'made from other files'")
    conn.execute("drop view fpl.week_status")
    schema.upgrade(make_conninfo_url(conn))
    reading.reader.execute("select * from fpl.week_status").fetchall()


def make_conninfo_url(conn: psycopg.Connection) -> str:
    info = conn.info
    return f"postgresql://{info.user}:{info.password}@{info.host}:{info.port}/{info.dbname}"


def test_a_second_call_changes_the_password(reading: Reading) -> None:
    assert create_reader(reading.installation.conn, "another-password", SCHEMAS) is False
    address = make_conninfo(reading.installation.conn.info.dsn, user=READER, password="another-password")
    with psycopg.connect(address) as again:
        assert again.execute("select count(*) from fpl.teams").fetchone() != (0,)
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(make_conninfo(reading.installation.conn.info.dsn, user=READER, password=PASSWORD))
