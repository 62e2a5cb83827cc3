"""What the tables of a pack hold, however it is written, so that two packs of the same data compare as equal."""

from collections.abc import Sequence

import duckdb

from fpl_pulse.packs.database import Table, quoted, table_name
from fpl_pulse.packs.manifest import Content, Contents


def contents_of(database: duckdb.DuckDBPyConnection, tables: Sequence[Table]) -> Contents:
    """The content of each table, by gameweek where there is one."""
    found: dict[str, dict[str, Content]] = {}
    for table in tables:
        columns = ", ".join(quoted(column.name) for column in table.columns)
        group = "coalesce(gameweek::varchar, 'none')" if table.view.has_gameweek else "'all'"
        rows = database.execute(
            f"select {group} as part, count(*),"  # noqa: S608
            f" md5(string_agg(md5(row({columns})::varchar), '' order by {table.order}))"
            f" from {table_name(table.view)} group by part order by part"
        ).fetchall()
        found[table.view.name] = {part: Content(count, digest) for part, count, digest in rows}
    return found
