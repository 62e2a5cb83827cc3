"""The archive: every response is stored before it is read, and can be read again without a call."""

import hashlib
import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from psycopg import Connection
from psycopg.rows import dict_row
from psycopg.types.json import Jsonb

from fpl_pulse.api.calls import Resource
from fpl_pulse.store.queries import query


@dataclass(frozen=True)
class ArchivedResponse:
    """A response in the archive."""

    endpoint: str
    resource: str
    """The parameters in order of name, for sentences: `event_id=1&player_id=2`."""
    params: dict[str, Any]
    resource_id: int
    response_id: int
    as_of: datetime
    forced: bool
    """A manual run requested this resource by id: the response counts even where it says less than is stored."""
    body: Any


def store_response(
    conn: Connection[Any],
    resource: Resource,
    payload: object,
    as_of: datetime,
    *,
    load_again: bool = False,
    forced: bool = False,
) -> tuple[int, bool]:
    """Store a payload. One equal to the newest of its resource only renews the time of the fetch.

    With `load_again`, the response is loaded even when the tables hold an equal one. `forced` says that a manual run
    requested this resource by id; then the payload is stored in any case.

    Returns:
        The response's id, and whether it is new.
    """
    text = _canonical(payload)
    sha256 = hashlib.sha256(text.encode()).hexdigest()
    with conn.transaction():
        fetched = {**_columns(resource), "as_of": as_of, "load_again": load_again}
        ((resource_id, newest_id, newest_sha256),) = conn.execute(query("store_resource"), fetched)
        if sha256 == newest_sha256 and not forced:
            return newest_id, False
        stored = {"resource_id": resource_id, "sha256": sha256, "as_of": as_of, "forced": forced, "body": text}
        ((response_id,),) = conn.execute(query("store_response"), stored)
        return response_id, True


def store_no_data(conn: Connection[Any], resource: Resource, as_of: datetime) -> None:
    """Note that the source has no data for a resource, how many times in a row, and since when."""
    conn.execute(query("store_no_data"), {**_columns(resource), "as_of": as_of})


def waiting(
    conn: Connection[Any], endpoint: str, *, batch_size: int, only: Collection[int] | None = None
) -> Iterator[list[ArchivedResponse]]:
    """The newest responses of an endpoint that wait to be loaded, oldest first, in batches that are read at their turn.

    Args:
        conn: the store's connection.
        endpoint: as in the archive.
        batch_size: how many bodies are in memory at the same time.
        only: ids of the responses to load; all that wait when None.
    """
    with conn.cursor(row_factory=dict_row) as cursor:
        wanted = {"endpoint": endpoint, "only": None if only is None else list(only)}
        resources = iter(cursor.execute(query("waiting_responses"), wanted).fetchall())
        while batch := list(islice(resources, batch_size)):
            ids = {"response_ids": [resource["response_id"] for resource in batch]}
            found = {row.pop("response_id"): row for row in cursor.execute(query("bodies"), ids).fetchall()}
            yield [ArchivedResponse(**resource, **found[resource["response_id"]]) for resource in batch]


def fetched_for(conn: Connection[Any], page: Resource, as_of: datetime) -> tuple[Any, int] | None:
    """The body and id of a page of events that an earlier attempt fetched for an as-of time and did not load."""
    row: tuple[Any, int] | None = conn.execute(query("fetched_for"), {**_columns(page), "as_of": as_of}).fetchone()
    return row


def newest(conn: Connection[Any], endpoint: str) -> ArchivedResponse | None:
    """The newest response of an endpoint that has a single resource, loaded or not; None when there is none."""
    row = conn.execute(query("newest_response"), {"endpoint": endpoint}).fetchone()
    return row and ArchivedResponse(*row)


def body_of(conn: Connection[Any], response_id: int) -> Any:  # noqa: ANN401 - any JSON
    """The body of an archived response.

    Raises:
        KeyError: there is no such response.
    """
    row = conn.execute("select body from pulse.raw_responses where response_id = %s", (response_id,)).fetchone()
    if row is None:
        raise KeyError(f"The archive has no response {response_id}")
    return row[0]


def mark_loaded(conn: Connection[Any], response_ids: Collection[int]) -> None:
    """Note that the tables hold these responses, in how many rows; belongs in the transaction of the load itself."""
    conn.execute(query("mark_loaded"), {"response_ids": list(response_ids)})


def load_again(conn: Connection[Any], response_ids: Collection[int]) -> None:
    """Make loaded responses wait for a load."""
    conn.execute(
        "update pulse.raw_resources set loaded_response_id = null where response_id = any(%s)", (list(response_ids),)
    )


def mark_rejected(conn: Connection[Any], response: ArchivedResponse) -> None:
    """Note that a response could not be loaded: the next run requests its resource again."""
    conn.execute(
        "update pulse.raw_resources set outcome = 'rejected', loaded_response_id = response_id where response_id = %s",
        (response.response_id,),
    )


def invalidate(conn: Connection[Any], page: Resource) -> None:
    """Note that a fetched page of events cannot be trusted: it is requested again when it is needed."""
    conn.execute(
        "update pulse.raw_resources set outcome = 'rejected' where endpoint = %(endpoint)s and event_id is null"
        " and season_id = %(season_id)s and course = %(course)s and page = %(page)s",
        _columns(page),
    )


def end_list(conn: Connection[Any], last: Resource) -> None:
    """Note that a list of events ends with this page: later pages, which an invalid list announced, do not exist."""
    conn.execute(
        "update pulse.raw_resources set outcome = 'no_data', loaded_response_id = response_id"
        " where endpoint = %(endpoint)s and event_id is null and season_id = %(season_id)s"
        " and course = %(course)s and page > %(page)s"
        " and (outcome = 'rejected' or loaded_response_id is distinct from response_id)",
        _columns(last),
    )


def _columns(resource: Resource) -> dict[str, object]:
    """A resource as parameters of the statements above; the table derives its typed columns from `params`."""
    return {
        "api": resource.api,
        "endpoint": resource.endpoint,
        "resource": resource.key,
        "params": Jsonb(dict(resource.params)),
        "season_id": resource.params.get("seasons_id"),
        "course": resource.params.get("course_events"),
        "page": resource.params.get("page"),
    }


def _canonical(payload: object) -> str:
    """JSON with sorted keys, without the two things that Postgres text cannot hold."""
    text = json.dumps(payload, sort_keys=True, separators=(",", ":"))
    if "\\u0000" in text or "\\ud" in text:
        payload = _storable(payload)
    return json.dumps(payload, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def _storable(value: Any) -> Any:  # noqa: ANN401 - any JSON
    """The value without code points zero and with lone surrogates replaced, also in keys."""
    if isinstance(value, str):
        return value.replace("\x00", "").encode("utf-8", "replace").decode()
    if isinstance(value, list):
        return [_storable(item) for item in value]
    if isinstance(value, dict):
        return {_storable(key): _storable(item) for key, item in value.items()}
    return value
