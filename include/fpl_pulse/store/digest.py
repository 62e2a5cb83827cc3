"""A digest of the stored data: two stores with the same data have the same digest.

The digest does not cover how the data came about (calls, runs, the archive, alerts), nor wall clocks and generated
numbers in the rows. What remains follows only from the responses, the as-of times of the runs, the manual decisions and
the register of people that was read last.

The digest of one season covers the rows that belong to that season:

- the rows of every table with a column `season`;
- lineups, their players and heatmaps of the season's events;
- revisions of all these rows;
- rejected records of responses that were requested for the season.

It does not cover what belongs to all seasons: SofaSport's clubs and people, the links of clubs and people with the
manual decisions and the lost links, ids at other providers, and rejected records of lists that name no season.
"""

from dataclasses import dataclass
from typing import Any, LiteralString

from psycopg import Connection, sql

from fpl_pulse.store.merge import times_of

RECORDS = frozenset({
    "alembic_version", "alerts", "api_calls", "api_pace", "coverage", "final_freshness", "missed_fixtures",
    "pipeline_runs", "planned_calls", "raw_resources", "raw_responses", "reruns", "task_attempts", "week_slots",
})  # fmt: skip
"""Tables that record how the data came about."""

NOT_DATA = (
    "updated_at", "recorded_at", "decided_at", "revision_id", "response_id", "resource_id", "decision_id",
)  # fmt: skip
"""Columns with a wall clock or a generated number."""

CHANGED_AT = ("updated_at", "recorded_at")
"""Columns with the time of the last change of a row. A table has at most one of them."""

_EVENTS: LiteralString = "(select event_id from pulse.sofasport_events where season = %(season)s)"
_OF_SEASON: LiteralString = "kept.season = %(season)s"
_OF_EVENTS: LiteralString = f"kept.event_id in {_EVENTS}"
_SEASON_IDS: LiteralString = "(select season_id from pulse.sofasport_seasons where season = %(season)s)"
_OF_RESOURCES: LiteralString = f"season = %(season)s or season_id in {_SEASON_IDS} or event_id in {_EVENTS}"
_NEITHER_COLUMN: dict[str, LiteralString] = {
    "revisions": f"(kept.key ->> 'season' = %(season)s or (kept.key ->> 'event_id')::int in {_EVENTS})",
    "rejected_records": (
        f"kept.resource_id in (select resource_id from pulse.raw_resources where {_OF_RESOURCES})"  # noqa: S608
    ),
}
"""Table -> the condition for the rows of a season, of the tables whose columns have neither a season nor an event."""

_DIGESTS = """
    select name, count(*), md5(string_agg(content, ',' order by content collate "C")) from {contents} group by name
"""

_KEYS_OF_REFERENCING_TABLES: LiteralString = """
    select tables.relname::text, array_agg(columns.attname::text)
    from pg_constraint as keys
    join pg_class as tables on tables.oid = keys.conrelid
    join pg_attribute as columns on columns.attrelid = tables.oid and columns.attnum = any(keys.conkey)
    where keys.contype = 'p' and tables.relnamespace = 'pulse'::regnamespace and tables.relname <> all(%(records)s)
      and (select count(*) from pg_constraint where conrelid = tables.oid and contype = 'f') > 1
    group by tables.relname
"""
"""The primary keys of the tables with data that reference several others. All of them have a column `updated_at`."""

_WRONG_TIMES = """
    create temporary table wrong_times on commit drop as
    select name, found.row_id, coalesce(kept.changed_at, now()) as changed_at
    from present_rows as found left join kept_times as kept using (name, content)
    where found.changed_at <> coalesce(kept.changed_at, now())
"""
"""The rows whose time of the last change is not that of the kept row with the same content, or now if there is none."""


@dataclass(frozen=True)
class TableDigest:
    """The number of rows of a table, and a digest of their content that does not depend on their order."""

    rows: int
    content: str


NO_ROWS = TableDigest(0, "")


@dataclass(frozen=True)
class _Table:
    """A table with data."""

    name: str
    columns: tuple[str, ...]

    @property
    def identifier(self) -> sql.Identifier:
        return sql.Identifier("pulse", self.name)

    @property
    def changed_at(self) -> str | None:
        """The column with the time of the last change of a row."""
        return next((name for name in CHANGED_AT if name in self.columns), None)

    @property
    def season_condition(self) -> LiteralString | None:
        """The condition for the rows of a season; None for a table that belongs to all seasons."""
        if "season" in self.columns:
            return _OF_SEASON
        return _OF_EVENTS if "event_id" in self.columns else _NEITHER_COLUMN.get(self.name)

    def contents(self, condition: LiteralString = "true") -> sql.Composed:
        """A query of the table's name, and of each row's `ctid`, hash of its content and time of the last change."""
        return sql.SQL(
            "select {name} as name, kept.ctid as row_id, md5(to_jsonb(data)::text) as content,"
            " {changed_at}::timestamptz as changed_at"
            " from {table} as kept cross join lateral (select {columns}) as data where {condition}"
        ).format(
            name=self.name,
            changed_at=sql.Identifier("kept", self.changed_at) if self.changed_at else sql.NULL,
            table=self.identifier,
            columns=sql.SQL(", ").join(self._content_of(name) for name in self.columns if name not in NOT_DATA),
            condition=sql.SQL(condition),
        )

    def _content_of(self, column: str) -> sql.Composable:
        if (self.name, column) == ("revisions", "content"):
            # A revision holds a whole row, including its wall clock.
            return sql.SQL("kept.content - 'updated_at' as content")
        return sql.Identifier("kept", column)


def tables(conn: Connection[Any]) -> list[str]:
    """The tables of the schema `pulse` that hold data, sorted by name."""
    return [table.name for table in _tables(conn)]


def digest(conn: Connection[Any], season: str | None = None) -> dict[str, TableDigest]:
    """Table -> digest, for every table that is not in `RECORDS`.

    With a season: only for the tables that have rows of single seasons, and only of the rows of this one.
    """
    found = {}
    for table in _tables(conn):
        condition = "true" if season is None else table.season_condition
        if condition is not None:
            contents = sql.SQL("({}) as contents").format(table.contents(condition))
            rows = conn.execute(sql.SQL(_DIGESTS).format(contents=contents), {"season": season}).fetchall()
            found[table.name] = _by_name(rows).get(table.name, NO_ROWS)
    return found


def keep_times(conn: Connection[Any]) -> dict[str, TableDigest]:
    """Keep the time of the last change of each row until the end of the transaction, and return the digest.

    In tables with several references, a row that `merge` inserts again gets the time of the row with the same key: a
    later update would check every reference of a row that the transaction has inserted.
    """
    digests = _hash_rows(conn, "kept_times")
    for table, key in conn.execute(_KEYS_OF_REFERENCING_TABLES, {"records": list(RECORDS)}).fetchall():
        names = {"times": times_of(table), "key": sql.SQL(", ").join(map(sql.Identifier, key))}
        create = sql.SQL("create temporary table {times} on commit drop as select {key}, updated_at from {table}")
        conn.execute(create.format(**names, table=sql.Identifier("pulse", table)))
        conn.execute(sql.SQL("alter table {times} add primary key ({key})").format(**names))
    return digests


def restore_times(conn: Connection[Any]) -> dict[str, TableDigest]:
    """Give every row whose content is unchanged its kept time back, and return the digest. Most have it already."""
    digests = _hash_rows(conn, "present_rows")
    conn.execute(_WRONG_TIMES)
    conn.execute("analyze wrong_times")
    wrong = {name for (name,) in conn.execute("select distinct name from wrong_times").fetchall()}
    for table in _tables(conn):
        if table.name in wrong and table.changed_at:
            statement = sql.SQL(
                "update {table} as present set {column} = wrong.changed_at from wrong_times as wrong"
                " where wrong.name = {name} and present.ctid = wrong.row_id"
            )
            column = sql.Identifier(table.changed_at)
            conn.execute(statement.format(table=table.identifier, column=column, name=table.name))
    conn.execute("drop table kept_times, present_rows, wrong_times")
    return digests


def _hash_rows(conn: Connection[Any], into: LiteralString) -> dict[str, TableDigest]:
    """Hash every row once: into a temporary table, from which the digests are calculated."""
    found = _tables(conn)
    create = sql.SQL("create temporary table {into} (name text, row_id tid, content text, changed_at timestamptz)")
    conn.execute(create.format(into=sql.Identifier(into)) + sql.SQL(" on commit drop"))
    for table in found:
        conn.execute(sql.SQL("insert into {} {}").format(sql.Identifier(into), table.contents()))
    # Autovacuum does not see temporary tables.
    conn.execute(sql.SQL("analyze {}").format(sql.Identifier(into)))
    digests = _by_name(conn.execute(sql.SQL(_DIGESTS).format(contents=sql.Identifier(into))).fetchall())
    return {table.name: digests.get(table.name, NO_ROWS) for table in found}


def _by_name(rows: list[tuple[str, int, str]]) -> dict[str, TableDigest]:
    return {name: TableDigest(count, content) for name, count, content in rows}


def _tables(conn: Connection[Any]) -> list[_Table]:
    """The tables with data, sorted by name."""
    rows = conn.execute(
        "select tablename::text, array_agg(column_name::text order by ordinal_position)"
        " from pg_tables join information_schema.columns on table_schema = schemaname and table_name = tablename"
        " where schemaname = 'pulse' group by tablename order by tablename"
    )
    return [_Table(name, tuple(columns)) for name, columns in rows.fetchall() if name not in RECORDS]


def different(one: dict[str, TableDigest], other: dict[str, TableDigest]) -> list[str]:
    """The tables whose digests differ, sorted by name."""
    return [name for name in sorted(one.keys() | other.keys()) if one.get(name) != other.get(name)]
