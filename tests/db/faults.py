"""Faults to inject into responses, and functions that store a response and read what the load made of it."""

import copy
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from dev.pipelines import Pipelines, slots_of
from fpl_pulse.api.calls import Resource
from fpl_pulse.errors import NoDataError
from fpl_pulse.etl.context import StepContext
from fpl_pulse.store import archive
from tests.installations import FIRST_MONDAY

SEASON = "2025-26"
TUESDAY = slots_of(FIRST_MONDAY)["update_lineups"]
WEDNESDAY = slots_of(FIRST_MONDAY)["update_season_stats"]

Row = dict[str, Any]
Fault = Callable[[Any], None]
"""Corrupts a record in place."""

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
    is_of_response: bool
    """Whether the row refers to the expected archived response."""


def body_of(loaded: Pipelines, resource: Resource) -> Any:  # noqa: ANN401 - any JSON
    """A copy of the payload that is archived for a resource."""
    response_id = loaded.one(
        "select response_id from pulse.raw_resources where endpoint = %s and resource = %s",
        resource.endpoint,
        resource.key,
    )
    return copy.deepcopy(archive.body_of(loaded.conn, response_id))


def change_responses(context: StepContext, change: Callable[[Resource, Any], Any]) -> None:
    """Pass every response of the APIs through a function that returns another payload, or None for "no data"."""
    for client in context.apis.values():

        def get(resource: Resource, purpose: str, original: Any = client.get) -> Any:  # noqa: ANN401 - any JSON
            payload = change(resource, original(resource, purpose))
            if payload is None:
                raise NoDataError(f"{resource}: no data")
            return payload

        client.get = get  # type: ignore[method-assign]


def minutes_of(loaded: Pipelines, event_id: int) -> int:
    """The sum of all players' minutes of a match."""
    return int(loaded.one("select sum(minutes) from pulse.sofasport_lineup_players where event_id = %s", event_id))


def rows_of(loaded: Pipelines, table: str, *key: str) -> dict[tuple[Any, ...], Row]:
    """Key -> row of a table, without the columns of times."""
    rows = loaded.conn.execute(
        f"select to_jsonb(kept) - 'updated_at' - 'observed_at' from pulse.{table} as kept".encode()
    )
    return {tuple(row[name] for name in key): row for (row,) in rows}


def match_rows(loaded: Pipelines) -> dict[str, dict[tuple[Any, ...], Row]]:
    """Table -> its rows, for all tables that a load of lineups writes."""
    return {table: rows_of(loaded, table, *key) for table, key in MATCH_TABLES.items()}


def store(loaded: Pipelines, resource: Resource, body: object, *, forced: bool = False) -> int:
    """Store a response in the archive, to be loaded. Returns the response_id."""
    response_id, _ = archive.store_response(
        loaded.conn, resource, copy.deepcopy(body), TUESDAY, load_again=True, forced=forced
    )
    return response_id


def rejections(loaded: Pipelines, resource: Resource, response_id: int) -> list[Rejection]:
    """The rejected records of a resource, by path."""
    rows = loaded.conn.execute(
        "select path, reason, response_id = %s from pulse.rejected_records where endpoint = %s and resource = %s"
        " order by path",
        (response_id, resource.endpoint, resource.key),
    )
    return [Rejection(*row) for row in rows]


def forget(loaded: Pipelines, event_id: int) -> None:
    """Delete a match's lineups from the tables, as if they had never been loaded."""
    for table in ("sofasport_lineup_players", "sofasport_lineups"):
        loaded.conn.execute(f"delete from pulse.{table} where event_id = %s".encode(), (event_id,))


def outcome_of(loaded: Pipelines, resource: Resource) -> str:
    """The outcome of the last request of a resource."""
    return str(
        loaded.one(
            "select outcome from pulse.raw_resources where endpoint = %s and resource = %s",
            resource.endpoint,
            resource.key,
        )
    )


def changed(**values: object) -> Fault:
    """Set keys of the record."""
    return lambda record: record.update(values)


def within(key: str, **values: object) -> Fault:
    """Set keys of an object in the record."""
    return lambda record: record[key].update(values)


def without(key: str) -> Fault:
    """Delete a key of the record."""
    return lambda record: record.__delitem__(key)


def as_text(value: Any) -> Any:  # noqa: ANN401 - any JSON
    """Return the same value with numbers as strings."""
    if isinstance(value, dict):
        return {key: as_text(item) for key, item in value.items()}
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else value


def as_other_number(value: Any) -> Any:  # noqa: ANN401 - any JSON
    """Return the same value with integers as floats, and whole floats as integers."""
    if isinstance(value, dict):
        return {key: as_other_number(item) for key, item in value.items()}
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return float(value) if type(value) is int else value


def rewritten(change: Callable[[Any], Any], *keys: str) -> Fault:
    """Write the numbers of the record in another way; only those under the keys, if there are any."""
    return lambda record: record.update({key: change(item) for key, item in record.items() if key in keys or not keys})
