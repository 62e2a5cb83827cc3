"""The schema: brought up, taken down and described by Alembic's migrations."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, NullPool, create_engine, make_url

from fpl_pulse.store.connection import CONNECTION_LIMITS
from fpl_pulse.store.views import create_views, drop_views
from fpl_pulse.store.week_status import write_slots

MIGRATIONS = Path(__file__).parent / "migrations"
COMMENTS = MIGRATIONS / "comments.sql"
"""What every table and column means; applied whenever the schema reaches the newest revision."""


def _engine(dsn: str) -> Engine:
    """An engine for psycopg 3, from a Postgres address in any common spelling. It keeps no connection open."""
    url = make_url(dsn).set(drivername="postgresql+psycopg")
    limits = {name: str(value) for name, value in CONNECTION_LIMITS.items() if name not in url.query}
    return create_engine(url.update_query_dict(limits), poolclass=NullPool)


def _config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def upgrade(dsn: str, revision: str = "head") -> str | None:
    """Bring the schema up to a revision, by default the newest. Returns the revision reached.

    `dsn` is a Postgres address: `postgresql://user:password@host:port/database`.
    """
    return _move(dsn, revision, command.upgrade)


def downgrade(dsn: str, revision: str) -> str | None:
    """Take the schema down to a revision; `base` drops every table and all data. Returns the revision."""
    return _move(dsn, revision, command.downgrade)


def _move(dsn: str, revision: str, step: Callable[[Config, str], None]) -> str | None:
    with _engine(dsn).begin() as connection:
        cursor: Any = connection.connection.cursor()
        before = _revision_of(connection)
        if before != newest() or revision != "head":
            # A column that a view reads cannot be changed.
            drop_views(cursor)
        step(_config(connection), revision)
        reached = _revision_of(connection)
        if reached == newest():
            create_views(cursor)
            cursor.execute(COMMENTS.read_text())
            write_slots(cursor)
        return reached


def current(dsn: str) -> str | None:
    """The revision that the database is at, or None when nothing has been applied."""
    with _engine(dsn).connect() as connection:
        return _revision_of(connection)


def newest() -> str:
    """The newest revision that this code knows."""
    head = ScriptDirectory.from_config(_config()).get_current_head()
    if head is None:
        raise RuntimeError(f"There are no migrations in {MIGRATIONS}")
    return head


def _revision_of(connection: Connection) -> str | None:
    return MigrationContext.configure(connection, opts={"version_table_schema": "pulse"}).get_current_revision()
