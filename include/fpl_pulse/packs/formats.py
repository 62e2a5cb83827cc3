"""Writes rows of the database as CSV for spreadsheets, as Parquet and as JSON."""

import shutil
from collections.abc import Callable
from pathlib import Path

import duckdb

from fpl_pulse.packs import spreadsheets
from fpl_pulse.packs.database import Column, Table, literal, quoted, table_name

MAX_CELL = 32_000
"""Characters. A spreadsheet has 32,767 in a cell, and moves the rest of a longer text to other cells."""

_CELL = f"""
    create or replace temp macro apart(given, begin) as
        begin || regexp_replace(
            given[length(begin) + 1:], {literal(spreadsheets.LATER_FORMULA)}, '\\1''\\2', 'g');
    create or replace temp macro in_one_cell(given) as (
        select case when length(text) <= {MAX_CELL} then text else left(text, {MAX_CELL}) || ' … (cut)' end
        from (select case when regexp_matches(given, {literal(spreadsheets.SEPARATOR)})
                          then apart(given, regexp_extract(given, {literal(spreadsheets.BEGIN)}))
                          else given end as text));
    create or replace temp macro cell(given) as (
        select case when regexp_full_match(text, {literal(spreadsheets.NUMBER)})
                         and length(translate(text, '-.', '')) <= {spreadsheets.MOST_DIGITS} then text
                    when regexp_full_match(text, {literal(spreadsheets.SEASON)}) then text
                    when regexp_matches(text, {literal(spreadsheets.FORMULA)})
                         or regexp_full_match(text, {literal(spreadsheets.OTHER_VALUE)}) then '''' || text
                    else text end
        from (select in_one_cell(given) as text))
"""  # noqa: S608


def write_csv(database: duckdb.DuckDBPyConnection, table: Table, target: Path, condition: str = "true") -> None:
    """Write rows as CSV that a spreadsheet opens right.

    UTF-8 with a byte order mark; times in UTC as `2025-08-16 14:00:00`; the parts of a list with `; ` between them. An
    apostrophe before a text keeps a spreadsheet from taking it for a formula or another value; numbers have none.
    """
    database.execute(_CELL)
    values = ", ".join(f"{_csv_value(column)} as {quoted(column.name)}" for column in table.columns)
    plain = target.with_name(f"{target.name}.plain")
    try:
        database.execute(
            f"copy (select {values} from {_rows(table, condition)}) to {literal(str(plain))} (format csv, header true)"  # noqa: S608
        )
        with target.open("wb") as file, plain.open("rb") as written:
            file.write("\ufeff".encode())
            shutil.copyfileobj(written, file, 1 << 20)
    finally:
        plain.unlink(missing_ok=True)


def _csv_value(column: Column) -> str:
    name = quoted(column.name)
    if column.is_list:
        return f"cell(array_to_string({name}, '; '))"
    if column.duckdb_type == "TIMESTAMPTZ":
        return f"strftime({name} at time zone 'UTC', '%Y-%m-%d %H:%M:%S')"
    if column.type == "jsonb":
        # A number of it keeps its value. A text of it is quoted.
        return f"in_one_cell({name})"
    return f"cell({name})" if column.duckdb_type == "VARCHAR" else name


def write_parquet(database: duckdb.DuckDBPyConnection, table: Table, target: Path, condition: str = "true") -> None:
    """Write rows as Parquet, with lists as lists and times with their zone."""
    database.execute(
        f"copy (select * from {_rows(table, condition)}) to {literal(str(target))} (format parquet, compression zstd)"  # noqa: S608
    )


def write_json(database: duckdb.DuckDBPyConnection, table: Table, target: Path, condition: str = "true") -> None:
    """Write rows as a JSON array of objects; times in ISO 8601 with their zone."""
    values = ", ".join(
        f"strftime({quoted(column.name)} at time zone 'UTC', '%Y-%m-%dT%H:%M:%S.%fZ') as {quoted(column.name)}"
        if column.duckdb_type == "TIMESTAMPTZ"
        else quoted(column.name)
        for column in table.columns
    )
    database.execute(
        f"copy (select {values} from {_rows(table, condition)}) to {literal(str(target))} (format json, array true)"  # noqa: S608
    )


def _rows(table: Table, condition: str) -> str:
    """The rows as the source of a selection. The table has them in order, and DuckDB keeps it (`open_database`)."""
    return f"{table_name(table.view)} where {condition}"


Writer = Callable[[duckdb.DuckDBPyConnection, Table, Path, str], None]

WRITERS: dict[str, Writer] = {"csv": write_csv, "parquet": write_parquet, "json": write_json}
"""Format -> its writer."""
