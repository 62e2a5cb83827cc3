"""The rows of all tables with data, what was ever true about each row, and what is wrong or lost beside the truth."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from psycopg import Connection, sql

from dev.hostile.weeks import CONTENT, HISTORY, SEEN_AT
from fpl_pulse.store.digest import tables

Row = Mapping[str, Any]
Rows = Mapping[str, Row]
"""Key -> row, of one table."""

COMPARISONS = frozenset({
    "mapping_candidates", "figure_differences", "fixture_reconciliations", "lost_links", "key_census", "player_matches",
})  # fmt: skip
"""Tables that say how the sources compare, or what they sent, or that put them side by side. They rightly differ while
one of the sources is wrong, so a fault week may change them. After the clean weeks they must be equal as well."""

HOW_LINKED = frozenset({"method", "confidence", "strength", "evidence"})
"""Columns of a link that say why it was made. While a source is wrong, there may be less evidence."""

_DIGEST = (
    "select {name} as name, md5(coalesce(string_agg(md5(content), '' order by md5(content)), '')) as digest"
    " from (select ({content})::text as content from {table} as kept) as contents"
)
_KEYS = """
    select tables.relname::text, array_agg(columns.attname::text order by columns.attnum)
    from pg_index as indexes
    join pg_class as tables on tables.oid = indexes.indrelid
    join pg_attribute as columns on columns.attrelid = tables.oid and columns.attnum = any(indexes.indkey)
    where indexes.indisprimary and tables.relnamespace = 'pulse'::regnamespace
    group by tables.relname
"""


@dataclass(frozen=True)
class Snapshot:
    """The rows of every table at one time."""

    digests: Mapping[str, str]
    tables: Mapping[str, Rows]


@dataclass
class Snapshots:
    """Takes snapshots. A table is read only when its content is none that was read before."""

    _known: dict[tuple[str, str], Rows] = field(default_factory=dict)
    _keys: dict[str, list[str]] = field(default_factory=dict)
    is_remembering: bool = True
    """Whether contents that are read are kept, as those of the clean installation."""

    def take(self, conn: Connection[Any]) -> Snapshot:
        """The rows of every table that holds data, without what may remember a fault."""
        self._keys = self._keys or dict(conn.execute(_KEYS).fetchall())
        names = [name for name in tables(conn) if name not in HISTORY]
        statement = sql.SQL(" union all ").join(
            sql.SQL(_DIGEST).format(name=name, table=sql.Identifier("pulse", name), content=CONTENT.format(name=name))
            for name in names
        )
        digests = dict(conn.execute(statement, {"seen_at": SEEN_AT}).fetchall())
        return Snapshot(digests, {name: self._rows(conn, name, digests[name]) for name in names})

    def _rows(self, conn: Connection[Any], table: str, digest: str) -> Rows:
        known = self._known.get((table, digest))
        if known is None:
            statement = sql.SQL("select to_jsonb(kept) as whole, {} as row from {} as kept").format(
                CONTENT.format(name=table), sql.Identifier("pulse", table)
            )
            found = conn.execute(statement, {"seen_at": SEEN_AT})
            key = self._keys.get(table, [])
            known = {json.dumps([whole[name] for name in key or whole]): row for whole, row in found}
            if self.is_remembering:
                self._known[table, digest] = known
        return known


@dataclass
class Truth:
    """Every value that a clean installation ever held: table -> key -> column -> values."""

    _values: dict[str, dict[str, dict[str, list[Any]]]] = field(default_factory=dict)

    def add(self, snapshot: Snapshot) -> None:
        """Add the values of a clean installation."""
        for table, rows in snapshot.tables.items():
            keys = self._values.setdefault(table, {})
            for key, row in rows.items():
                columns = keys.setdefault(key, {})
                for column, value in row.items():
                    values = columns.setdefault(column, [])
                    if value not in values:
                        values.append(value)

    def wrong(self, now: Snapshot, clean: Snapshot) -> Iterator[str]:
        """The rows with a value that was never true, in words. Null is unknown, and an older value is not wrong."""
        for table, rows in _changed(now, clean):
            for key, row in rows.items():
                if clean.tables[table].get(key) == row:
                    continue
                truths = self._values.get(table, {}).get(key)
                if truths is None:
                    yield f"{table} {key}: a row that should not exist: {_short(row)}"
                    continue
                for column, value in row.items():
                    is_judged = not (table.endswith("_mappings") and column in HOW_LINKED)
                    if is_judged and not _holds(value, truths.get(column, [])):
                        right = clean.tables[table].get(key, {}).get(column)
                        yield f"{table} {key}: {_apart(column, value, right)}"


def _holds(value: Any, truths: list[Any]) -> bool:  # noqa: ANN401 - any JSON
    """Whether a value is unknown, or was true at some time. Objects are compared key by key, without unknown keys."""
    if value is None or value in truths:
        return True
    if not isinstance(value, dict):
        return False
    objects = [truth for truth in truths if isinstance(truth, dict)]
    parts = {name: [truth[name] for truth in objects if name in truth] for name in value}
    return bool(objects) and all(not parts[name] or _holds(part, parts[name]) for name, part in value.items())


def lost(before: Snapshot, now: Snapshot, clean: Snapshot) -> Iterator[str]:
    """What was stored before the fault, is still true, and is gone or unknown now; in words."""
    for table, rows in _changed(clean, now):
        mine = now.tables[table]
        for key, true_row in rows.items():
            old = before.tables.get(table, {}).get(key)
            if old is None or mine.get(key) == true_row:
                continue
            # A zero may have grown since: nobody knows while the source does not say so.
            known = {name: value for name, value in old.items() if value is not None and value != 0}
            right = {name for name, value in known.items() if true_row.get(name) == value}
            if key not in mine:
                yield f"{table} {key}: the row is gone: {_short(old)}"
                continue
            for name in sorted(right):
                if mine[key].get(name) is None and not (table.endswith("_mappings") and name in HOW_LINKED):
                    yield f"{table} {key}: {name} was {_short(old[name])} and is unknown now"


WasServed = Callable[[str, Row], bool]
"""Whether the source served a row of a table, although it differs from the clean installation's."""


def differing(now: Snapshot, clean: Snapshot, was_served: WasServed) -> Iterator[str]:
    """The tables that differ from those of a clean installation, in words with an example.

    A row may have been read at another time than by the clean installation: `was_served` decides.
    """
    for table in sorted(now.digests.keys() | clean.digests.keys()):
        if now.digests.get(table) == clean.digests.get(table):
            continue
        mine, true = now.tables.get(table, {}), clean.tables.get(table, {})
        lacking, surplus = sorted(true.keys() - mine.keys()), sorted(mine.keys() - true.keys())
        changed = sorted(key for key in true.keys() & mine.keys() if true[key] != mine[key])
        changed = [key for key in changed if not was_served(table, mine[key])]
        surplus = [key for key in surplus if not was_served(table, mine[key])]
        example = next(_examples(mine, true, lacking, surplus, changed), "")
        if example:
            counts = f"{len(lacking)} rows lack, {len(surplus)} are surplus, {len(changed)} differ"
            yield f"{table}: {counts}, for example {example}"


def _examples(mine: Rows, true: Rows, lacking: list[str], surplus: list[str], changed: list[str]) -> Iterator[str]:
    for key in changed:
        names = sorted(
            name for name in true[key].keys() | mine[key].keys() if mine[key].get(name) != true[key].get(name)
        )
        yield f"{key}: " + ", ".join(_apart(name, mine[key].get(name), true[key].get(name)) for name in names[:3])
    for key in lacking:
        yield f"{key} lacks: {_short(true[key])}"
    for key in surplus:
        yield f"{key} is surplus: {_short(mine[key])}"


def _changed(of: Snapshot, other: Snapshot) -> Iterable[tuple[str, Rows]]:
    """The tables whose content differs, without comparisons of the sources."""
    for table, rows in of.tables.items():
        if table not in COMPARISONS and of.digests[table] != other.digests.get(table):
            yield table, rows


def _apart(name: str, value: Any, right: Any) -> str:  # noqa: ANN401 - any JSON
    """How a value differs from the right one; of objects, their first part that differs."""
    if isinstance(value, dict) and isinstance(right, dict):
        parts = (part for part in sorted(value.keys() | right.keys()) if value.get(part) != right.get(part))
        if part := next(parts, None):
            return _apart(f"{name}.{part}", value.get(part), right.get(part))
    return f"{name} is {_short(value)}, not {_short(right)}"


def _short(value: Any) -> str:  # noqa: ANN401 - any JSON
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 120 else f"{text[:117]}..."
