"""The rows of the views in a DuckDB database, from which all files are written."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
from psycopg import Connection, sql

from fpl_pulse.errors import FplPulseError
from fpl_pulse.packs.queries import query
from fpl_pulse.packs.views import SOURCES, View, condition_of
from fpl_pulse.store.connection import select_rows

SCHEMA, OF_GAMEWEEK = "fpl", "gameweek"
"""The schemas of the database: the season to date under the names of the store, and views of the gameweek alone."""

TYPES = {
    "smallint": "INTEGER",
    "integer": "INTEGER",
    "bigint": "BIGINT",
    # A decimal would reach pandas as objects, with which it does not calculate.
    "numeric": "DOUBLE",
    "real": "DOUBLE",
    "double precision": "DOUBLE",
    "boolean": "BOOLEAN",
    "text": "VARCHAR",
    "jsonb": "VARCHAR",
    "date": "DATE",
    "timestamp with time zone": "TIMESTAMPTZ",
    "integer[]": "INTEGER[]",
    "smallint[]": "INTEGER[]",
    "text[]": "VARCHAR[]",
}
"""Type in Postgres -> type in DuckDB and Parquet."""

MEMORY_LIMIT = "400MB"
"""Beyond it, DuckDB uses the folder in which the pack is built."""

COPY_BYTES = 100_000_000
"""The longest line that is accepted from Postgres: a text there has no limit of its own."""


@dataclass(frozen=True)
class Column:
    """A column of a view."""

    name: str
    type: str
    """In Postgres."""
    meaning: str

    @property
    def duckdb_type(self) -> str:
        """The type in DuckDB.

        Raises:
            FplPulseError: a view has a type that packs do not know.
        """
        if self.type not in TYPES:
            raise FplPulseError(f"Packs do not know the type {self.type} of column {self.name}: add it to TYPES")
        return TYPES[self.type]

    @property
    def is_list(self) -> bool:
        """Whether a value is a list."""
        return self.duckdb_type.endswith("[]")


@dataclass(frozen=True)
class Table:
    """A view whose rows are in the database."""

    view: View
    columns: Sequence[Column]
    rows: int

    @property
    def order(self) -> str:
        """The SQL order of the rows: the gameweek if there is one, then the key."""
        return ", ".join(quoted(name) for name in order_of(self.view))


def order_of(view: View) -> tuple[str, ...]:
    """The columns by which the rows are sorted; together they are different in each row."""
    return tuple(dict.fromkeys((*(("gameweek",) if view.has_gameweek else ()), *view.key)))


@contextmanager
def open_database(path: Path, spill: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A new DuckDB database that is written in one order, whatever the number of processors.

    Args:
        path: the file, or `:memory:`.
        spill: a folder for what does not fit into memory.
    """
    config: dict[str, Any] = {
        "threads": 1,
        "memory_limit": MEMORY_LIMIT,
        "temp_directory": str(spill),
        "preserve_insertion_order": True,
        # Nothing is loaded from the network, not even by mistake.
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
    }
    with closing(duckdb.connect(str(path), config=config)) as database:
        database.execute("set TimeZone = 'UTC'")
        database.execute(f"create schema if not exists {SCHEMA}")
        yield database


def load_view(
    conn: Connection[Any],
    database: duckdb.DuckDBPyConnection,
    view: View,
    params: Mapping[str, object],
    *,
    folder: Path,
    condition: str | None = None,
) -> Table:
    """Copy the rows of a view from the store into a table of the same name.

    Args:
        conn: the store, in a transaction.
        database: the database of the pack.
        view: the view.
        params: `season` and `gameweek`, and what the condition needs.
        folder: a folder for a temporary file.
        condition: which rows, in SQL; None for the season up to the gameweek.
    """
    columns = select_rows(conn, Column, query("columns_of_view"), {"view": view.name})
    chosen = condition if condition is not None else condition_of(view, until_gameweek=True)
    rows = folder / f".{view.name}.rows"
    try:
        with (
            rows.open("wb") as file,
            conn.cursor() as cursor,
            cursor.copy(_statement(view, columns, chosen), params) as data,
        ):
            for part in data:
                file.write(part)
        _read(database, view, columns, rows)
    finally:
        rows.unlink(missing_ok=True)
    _comment(conn, database, view, columns)
    counted = database.execute(f"select count(*) from {table_name(view)}").fetchone() or (0,)  # noqa: S608
    return Table(view, columns, int(counted[0]))


def _statement(view: View, columns: Sequence[Column], condition: str) -> sql.Composed:
    """The rows as CSV, lists as JSON, in the order of the key."""
    names = [
        sql.SQL("to_json({name}) as {name}" if column.is_list else "{name}").format(name=sql.Identifier(column.name))
        for column in columns
    ]
    texts = {column.name for column in columns if column.type == "text"}
    order = [
        # The collation of the server would decide about the order of texts.
        sql.SQL('{} collate "C"' if name in texts else "{}").format(sql.Identifier(name))
        for name in order_of(view)
    ]
    return sql.SQL("copy (select {} from {} where {} order by {}) to stdout (format csv, force_quote *)").format(
        sql.SQL(", ").join(names),
        sql.SQL(SOURCES[view.name]) if view.name in SOURCES else sql.Identifier("fpl", view.name),
        sql.SQL(condition),  # of this package, no text of a user
        sql.SQL(", ").join(order),
    )


def _read(database: duckdb.DuckDBPyConnection, view: View, columns: Sequence[Column], rows: Path) -> None:
    """Create the table from the CSV of Postgres, in which an empty text is quoted and null is not."""
    types = {column.name: "VARCHAR" if column.is_list else column.duckdb_type for column in columns}
    described = ", ".join(f"{literal(name)}: {literal(kind)}" for name, kind in types.items())
    values = ", ".join(
        f"from_json({quoted(column.name)}, {literal(_json_type(column))}) as {quoted(column.name)}"
        if column.is_list
        else quoted(column.name)
        for column in columns
    )
    database.execute(
        f"create table {table_name(view)} as select {values} from read_csv({literal(str(rows))},"  # noqa: S608
        f" columns = {{{described}}}, auto_detect = false, header = false, delim = ',', quote = '\"', escape = '\"',"
        f" nullstr = '', allow_quoted_nulls = false, parallel = false, new_line = '\\n', max_line_size = {COPY_BYTES})"
    )


def _json_type(column: Column) -> str:
    return f'["{column.duckdb_type.removesuffix("[]")}"]'


def _comment(conn: Connection[Any], database: duckdb.DuckDBPyConnection, view: View, columns: Sequence[Column]) -> None:
    """Carry the comments of the view and its columns into the database."""
    meaning = meaning_of(conn, view)
    database.execute(f"comment on table {table_name(view)} is {literal(meaning)}")
    for column in columns:
        if column.meaning:
            database.execute(f"comment on column {table_name(view)}.{quoted(column.name)} is {literal(column.meaning)}")


def meaning_of(conn: Connection[Any], view: View) -> str:
    """What a row of a view is, in words."""
    row = conn.execute("select obj_description(to_regclass(%s))", [f"fpl.{view.name}"]).fetchone()
    return str(row[0]) if row and row[0] else ""


def create_gameweek_views(database: duckdb.DuckDBPyConnection, tables: Sequence[Table], gameweek: int) -> None:
    """Create a view of the rows of a gameweek of each table that has gameweeks."""
    database.execute(f"create schema {OF_GAMEWEEK}")
    for table in tables:
        if table.view.has_gameweek:
            database.execute(
                f"create view {OF_GAMEWEEK}.{quoted(table.view.name)} as"  # noqa: S608
                f" select * from {table_name(table.view)} where gameweek = {gameweek}"
            )


def table_name(view: View) -> str:
    """The table of a view, for a statement."""
    return f"{SCHEMA}.{quoted(view.name)}"


def quoted(name: str) -> str:
    """A name for a statement of DuckDB."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """A text for a statement of DuckDB."""
    return "'" + text.replace("'", "''") + "'"
