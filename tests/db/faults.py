"""Faults in SofaSport's answers, sent through the real load, and what the tables hold before and after."""

import copy
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from fpl_pulse.api.calls import Resource
from fpl_pulse.store import archive
from tests.db.conftest import Pipelines
from tests.db.test_never_worse import TUESDAY

Row = dict[str, Any]
Fault = Callable[[Any], None]
"""Spoils a record in place."""

MATCH_TABLES = {
    "sofasport_lineups": ("event_id", "side"),
    "sofasport_lineup_players": ("event_id", "player_id"),
    "sofasport_players": ("player_id",),
}


@dataclass(frozen=True)
class Rejection:
    """A row of rejected_records."""

    path: str
    reason: str
    is_of_the_answer: bool


def rows_of(loaded: Pipelines, table: str, *key: str) -> dict[tuple[Any, ...], Row]:
    """A table's rows by their key, without the columns that say when."""
    rows = loaded.conn.execute(
        f"select to_jsonb(kept) - 'updated_at' - 'observed_at' from pulse.{table} as kept".encode()
    )
    return {tuple(row[name] for name in key): row for (row,) in rows}


def match_rows(loaded: Pipelines) -> dict[str, dict[tuple[Any, ...], Row]]:
    """Everything that a load of lineups writes, of all matches."""
    return {table: rows_of(loaded, table, *key) for table, key in MATCH_TABLES.items()}


def store(loaded: Pipelines, resource: Resource, body: object, *, forced: bool = False) -> int:
    """Put an answer into the archive; its id."""
    response_id, _ = archive.store_response(
        loaded.conn, resource, copy.deepcopy(body), TUESDAY, load_again=True, forced=forced
    )
    return response_id


def rejections(loaded: Pipelines, resource: Resource, response_id: int) -> list[Rejection]:
    """What of a resource's answer was rejected, and whether each points at that raw answer."""
    rows = loaded.conn.execute(
        "select path, reason, response_id = %s from pulse.rejected_records where endpoint = %s and resource = %s"
        " order by path",
        (response_id, resource.endpoint, resource.key),
    )
    return [Rejection(*row) for row in rows]


def forget(loaded: Pipelines, event_id: int) -> None:
    """Take a match out of the tables, as if its lineups had never been loaded."""
    for table in ("sofasport_lineup_players", "sofasport_lineups"):
        loaded.conn.execute(f"delete from pulse.{table} where event_id = %s".encode(), (event_id,))


def outcome_of(loaded: Pipelines, resource: Resource) -> str:
    """What became of the last look at a resource."""
    return str(
        loaded.one(
            "select outcome from pulse.raw_resources where endpoint = %s and resource = %s",
            resource.endpoint,
            resource.key,
        )
    )


def changed(**values: object) -> Fault:
    """The record with other values."""
    return lambda record: record.update(values)


def within(key: str, **values: object) -> Fault:
    """The record with other values in one of its objects."""
    return lambda record: record[key].update(values)


def without(key: str) -> Fault:
    """The record without a key."""
    return lambda record: record.__delitem__(key)


def as_text(value: Any) -> Any:  # noqa: ANN401 - any JSON
    """The same with numbers as strings."""
    if isinstance(value, dict):
        return {key: as_text(item) for key, item in value.items()}
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else value


def as_other_number(value: Any) -> Any:  # noqa: ANN401 - any JSON
    """The same with floats for whole numbers, and whole numbers for floats that are whole."""
    if isinstance(value, dict):
        return {key: as_other_number(item) for key, item in value.items()}
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return float(value) if type(value) is int else value


def rewritten(change: Callable[[Any], Any], *keys: str) -> Fault:
    """The record, or its values under some keys, with every number written in another way."""
    return lambda record: record.update(
        {key: change(item) for key, item in record.items() if key in keys or not keys}
    )
