"""Writing rows into tables: COPY into a temporary table, then one merge on the natural key.

A transaction has one temporary table for each target and uses it again. A new one for each merge would hold locks until
the end of the transaction, and a rebuild, which is one transaction, would use up those of the whole server.

A row that is already there and equal is not touched, so that `updated_at` says when the content changed and
a second run of the same load changes nothing. A rebuild deletes every row first. It keeps their times in temporary
tables (`times_of`), and a row that is inserted again gets its time back.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from math import isnan
from types import NoneType
from typing import Any

from psycopg import Connection, sql
from psycopg.types.json import Jsonb

from fpl_pulse.store.connection import in_transaction, scalar

Rows = Sequence[Mapping[Any, Any]]
"""Rows of a table: a mapping from column to value each."""

PANDAS_MISSING = ("NAType", "NaTType")
"""The types of pandas' missing values, by name: DAG files import this module, and pandas is slow to import."""

FIRST_SEEN = ("observed_at",)
"""Columns that say when the content was first seen: kept with the content, no change by themselves."""

ARRANGEMENT = ("lineup_order",)
"""Columns whose change is written, but changes no content: the row keeps its times, and there is no revision."""

WRITTEN_ONCE = ("made_at", "confirmed_at", "added_at")
"""Columns that a merge writes with a new row and never again."""


@dataclass(frozen=True)
class Written:
    """How many rows a load inserted, updated and deleted."""

    inserted: int = 0
    updated: int = 0
    deleted: int = 0

    def __add__(self, other: "Written") -> "Written":
        return Written(self.inserted + other.inserted, self.updated + other.updated, self.deleted + other.deleted)

    def __str__(self) -> str:
        return f"{self.inserted} inserted, {self.updated} updated, {self.deleted} deleted"


def merge(
    conn: Connection[Any], table: str, rows: Rows, key: Sequence[str], *, keep_when_null: bool = False
) -> Written:
    """Insert new rows and update changed ones, in the caller's transaction or else in one of its own.

    Args:
        conn: an open connection.
        table: the table's name in the schema `pulse`.
        rows: one mapping a row, all with the same columns of the table; dicts and lists become JSONB, and missing
            values (None, NaN, NaT, NA) become null.
        key: the columns of the natural key, never null.
        keep_when_null: a null in a row leaves the stored value as it is.

    Raises:
        ValueError: a key is null or occurs twice.
    """
    if not rows:
        return Written()
    _require_sound_keys(table, rows, key)
    columns = list(rows[0])
    with in_transaction(conn):
        _copy_incoming(conn, table, rows, columns)
        return _merge_incoming(conn, table, columns, key, keep_when_null=keep_when_null)


def _merge_incoming(
    conn: Connection[Any], table: str, columns: Sequence[str], key: Sequence[str], *, keep_when_null: bool = False
) -> Written:
    has_times = _exists(conn, times_of(table))
    statement = _merge_statement(table, columns, key, keep_when_null=keep_when_null, has_times=has_times)
    inserted, updated = conn.execute(statement).fetchone() or (0, 0)
    return Written(inserted, updated)


def _merge_statement(
    table: str, columns: Sequence[str], key: Sequence[str], *, keep_when_null: bool, has_times: bool
) -> sql.Composed:
    """Insert from `incoming`; on conflict update what differs. Returns how many rows were new and how many changed."""
    conflict = _on_conflict([name for name in columns if name not in key], keep_when_null=keep_when_null)
    time: sql.Composable = sql.SQL("now()")
    if has_times:
        time = sql.SQL(
            "coalesce((select times.updated_at from {times} as times where row({old}) = row({new})), now())"
        ).format(times=times_of(table), old=_listed(key, "times"), new=_listed(key, "new"))
    return sql.SQL(
        "with merged as (insert into {target} as kept ({names}, updated_at)"
        " select {names}, {time} from {incoming} as new"
        " on conflict ({key}) do {conflict} returning (xmax = 0) as inserted)"
        " select count(*) filter (where inserted), count(*) filter (where not inserted) from merged"
    ).format(
        target=sql.Identifier("pulse", table),
        incoming=_incoming(table),
        time=time,
        names=_listed(columns),
        key=_listed(key),
        conflict=conflict,
    )


def _on_conflict(columns: Sequence[str], *, keep_when_null: bool) -> sql.Composable:
    """What happens to a stored row with the same key: nothing where the columns are equal."""
    new_value = sql.SQL("coalesce(excluded.{0}, kept.{0})" if keep_when_null else "excluded.{0}")
    rest = [name for name in columns if name not in WRITTEN_ONCE]
    compared = [name for name in rest if name not in FIRST_SEEN + ARRANGEMENT]
    if not compared:
        return sql.SQL("nothing")
    new = {name: new_value.format(sql.Identifier(name)) for name in rest}
    has_changed = _differs(compared, new)
    condition: sql.Composable = has_changed
    changed_at: sql.Composable = sql.SQL("now()")
    arranged = [name for name in rest if name in ARRANGEMENT]
    if arranged:
        condition = sql.SQL("{} or {}").format(has_changed, _differs(arranged, new))
        only_changed = sql.SQL("case when {} then {} else kept.{} end")
        changed_at = only_changed.format(has_changed, changed_at, sql.Identifier("updated_at"))
        seen = [name for name in rest if name in FIRST_SEEN]
        new |= {name: only_changed.format(has_changed, new[name], sql.Identifier(name)) for name in seen}
    sets = [sql.SQL("{} = {}").format(sql.Identifier(name), value) for name, value in new.items()]
    return sql.SQL("update set {sets}, updated_at = {changed_at} where {condition}").format(
        sets=sql.SQL(", ").join(sets), changed_at=changed_at, condition=condition
    )


def _differs(columns: Sequence[str], new: Mapping[str, sql.Composable]) -> sql.Composed:
    """The condition that one of the columns of the stored row is not as in the new one."""
    values = sql.SQL(", ").join(new[name] for name in columns)
    return sql.SQL("row({}) is distinct from row({})").format(_listed(columns, "kept"), values)


def _listed(columns: Sequence[str], *of: str) -> sql.Composed:
    """The columns, separated by commas. With a table `of`, each column has its name in front: `"kept"."goals"`."""
    return sql.SQL(", ").join(sql.Identifier(*of, name) for name in columns)


def replace_within(
    conn: Connection[Any], table: str, rows: Rows, key: Sequence[str], scope: Mapping[str, object]
) -> Written:
    """Merge rows that are all there is within `scope`: stored rows of the scope that are not among them are deleted.

    Args:
        conn: as in `merge`; deleting and merging are atomic.
        table: as in `merge`.
        rows: as in `merge`; may be empty.
        key: as in `merge`.
        scope: column -> value, or list of values; only rows with these values may be deleted.

    Raises:
        ValueError: as in `merge`, and when the scope is empty.
    """
    if not scope:
        raise ValueError(f"Refusing to replace all of pulse.{table}: name the scope")
    _require_sound_keys(table, rows, key)
    conditions = [
        sql.SQL("kept.{} = any({})" if isinstance(value, list) else "kept.{} = {}").format(
            sql.Identifier(name), sql.Placeholder(name)
        )
        for name, value in scope.items()
    ]
    if rows:
        is_new = sql.SQL("not exists (select from {} as new where row({}) = row({}))")
        conditions.append(is_new.format(_incoming(table), _listed(key, "kept"), _listed(key, "new")))
    statement = sql.SQL("delete from {} as kept where {}").format(
        sql.Identifier("pulse", table), sql.SQL(" and ").join(conditions)
    )
    with in_transaction(conn):
        if not rows:
            return Written(deleted=conn.execute(statement, scope).rowcount)
        columns = list(rows[0])
        _copy_incoming(conn, table, rows, columns)
        deleted = conn.execute(statement, scope).rowcount
        return _merge_incoming(conn, table, columns, key) + Written(deleted=deleted)


def _require_sound_keys(table: str, rows: Rows, key: Sequence[str]) -> None:
    seen = set()
    for row in rows:
        values = tuple([_plain(row[name]) for name in key])
        if None in values:
            raise ValueError(f"A row for pulse.{table} has no {' + '.join(key)}; rows without a key cannot be merged")
        if values in seen:
            named = dict(zip(key, values, strict=True))
            raise ValueError(f"Two rows for pulse.{table} have the same {' + '.join(key)}: {named}")
        seen.add(values)


def _incoming(table: str) -> sql.Identifier:
    """The temporary table for new rows of a table."""
    return sql.Identifier("pg_temp", f"incoming_{table}")


def times_of(table: str) -> sql.Identifier:
    """The temporary table with the key and `updated_at` of each row that a table had before a rebuild."""
    return sql.Identifier("pg_temp", f"times_of_{table}")


def _exists(conn: Connection[Any], temporary: sql.Identifier) -> bool:
    return scalar(conn, "select to_regclass(%(name)s)", {"name": temporary.as_string(conn)}) is not None


def _copy_incoming(conn: Connection[Any], table: str, rows: Rows, columns: Sequence[str]) -> None:
    """Put the rows into the temporary table, typed like the target but without its constraints."""
    incoming = _incoming(table)
    if _exists(conn, incoming):
        conn.execute(sql.SQL("truncate {}").format(incoming))
    else:
        create = sql.SQL("create temporary table {} on commit drop as select * from {} limit 0")
        conn.execute(create.format(incoming, sql.Identifier("pulse", table)))
    with conn.cursor().copy(sql.SQL("copy {} ({}) from stdin").format(incoming, _listed(columns))) as copy:
        for row in rows:
            copy.write_row([value if type(value := row[name]) in AS_THEY_ARE else _plain(value) for name in columns])


AS_THEY_ARE = frozenset({int, str, bool, date, datetime, NoneType})
"""Types of values that need no conversion: most values have one of them."""


def _plain(value: object) -> object:
    """A value as psycopg writes it: JSON for containers, None for what is missing, no NumPy types."""
    if type(value) in AS_THEY_ARE:
        return value
    if isinstance(value, dict | list):
        return Jsonb(value)
    if value is None or type(value).__name__ in PANDAS_MISSING or (isinstance(value, float) and isnan(value)):
        return None
    return value.item() if hasattr(value, "item") else value
