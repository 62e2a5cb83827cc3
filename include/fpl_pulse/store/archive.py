"""The raw archive: every answer is kept before it is read, and read again without a call."""

import hashlib
import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from psycopg import Connection
from psycopg.types.json import Jsonb

from fpl_pulse.api.calls import Resource

STORE_ANSWER = """
    with latest as (
        select answers.answer_id, answers.sha256
        from pulse.raw_reads as reads join pulse.raw_answers as answers using (answer_id)
        where reads.endpoint = %(endpoint)s and reads.resource = %(resource)s
    ), stored as (
        insert into pulse.raw_answers (api, endpoint, resource, sha256, fetched_at, as_of, is_wanted, body)
        select %(api)s, %(endpoint)s, %(resource)s, %(sha256)s, now(), %(as_of)s, %(is_wanted)s, %(body)s::json
        where not exists (select from latest where sha256 = %(sha256)s and not %(is_wanted)s)
        returning answer_id
    )
    insert into pulse.raw_reads as reads
        (endpoint, resource, api, params, outcome, answer_id, no_data_times, fetched_at, as_of)
    select %(endpoint)s, %(resource)s, %(api)s, %(params)s, 'answered',
           coalesce((select answer_id from stored), (select answer_id from latest)), 0, now(), %(as_of)s
    on conflict (endpoint, resource) do update set
        outcome = 'answered', answer_id = excluded.answer_id, no_data_times = 0, no_data_since = null,
        fetched_at = excluded.fetched_at, as_of = excluded.as_of,
        loaded_answer_id = case
            when reads.outcome = 'answered' and not %(load_again)s then reads.loaded_answer_id end
    returning answer_id, (select count(*) from stored) = 1
"""

STORE_NO_DATA = """
    insert into pulse.raw_reads as reads
        (endpoint, resource, api, params, outcome, no_data_times, no_data_since, fetched_at, as_of)
    values (%(endpoint)s, %(resource)s, %(api)s, %(params)s, 'no_data', 1, %(as_of)s, now(), %(as_of)s)
    on conflict (endpoint, resource) do update set
        outcome = 'no_data', no_data_times = reads.no_data_times + 1,
        no_data_since = coalesce(reads.no_data_since, excluded.no_data_since),
        fetched_at = excluded.fetched_at, as_of = excluded.as_of
"""

NOT_LOADED = """
    select reads.resource, reads.params, answers.answer_id, answers.as_of, answers.is_wanted
    from pulse.raw_reads as reads join pulse.raw_answers as answers using (answer_id)
    where reads.endpoint = %(endpoint)s
      and reads.loaded_answer_id is distinct from reads.answer_id
    order by answers.answer_id
"""
READ_AT = """
    select answers.body, answers.answer_id
    from pulse.raw_reads as reads join pulse.raw_answers as answers using (answer_id)
    where reads.endpoint = %(endpoint)s and reads.resource = %(resource)s and reads.as_of = %(as_of)s
      and reads.outcome = 'answered' and (reads.loaded_at is null or reads.loaded_at < reads.fetched_at)
"""
NEWEST = """
    select reads.resource, reads.params, answers.answer_id, answers.as_of, answers.is_wanted, answers.body
    from pulse.raw_reads as reads join pulse.raw_answers as answers using (answer_id)
    where reads.endpoint = %(endpoint)s
    order by answers.answer_id desc limit 1
"""


@dataclass(frozen=True)
class ArchivedResponse:
    """An answer in the archive that waits to be loaded."""

    endpoint: str
    resource: str
    params: dict[str, Any]
    answer_id: int
    as_of: datetime
    forced: bool
    """A person has asked for it by name: it counts even where it says less than what is stored."""
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
    """Keep an answer; one equal to the last of its resource only renews the time of the look.

    Args:
        conn: in autocommit mode.
        resource: what was asked for.
        payload: the answer, any JSON.
        as_of: the moment of the run.
        load_again: have it loaded even when it is equal to what has been loaded.
        forced: a person has asked for this very thing; it is kept as a new answer in any case.

    Returns:
        The answer's id, and whether it is new.
    """
    text = _canonical(payload)
    with conn.transaction():
        row = conn.execute(
            STORE_ANSWER,
            {
                **_identity(resource),
                "sha256": hashlib.sha256(text.encode()).hexdigest(),
                "as_of": as_of,
                "body": text,
                "load_again": load_again,
                "is_wanted": forced,
            },
        ).fetchone()
    if row is None:
        raise RuntimeError(f"The archive gave no answer id for {resource}")
    return row[0], row[1]


def store_no_data(conn: Connection[Any], resource: Resource, as_of: datetime) -> None:
    """Remember that there was nothing, how often in a row, and when."""
    with conn.transaction():
        conn.execute(STORE_NO_DATA, {**_identity(resource), "as_of": as_of})


def waiting(conn: Connection[Any], endpoint: str) -> Iterator[ArchivedResponse]:
    """The newest answers of an endpoint that have not been loaded, oldest first, one body in memory at a time."""
    waiting = conn.execute(NOT_LOADED, {"endpoint": endpoint}).fetchall()
    for *described, answer_id, as_of, forced in waiting:
        resource, params = described
        yield ArchivedResponse(endpoint, resource, params, answer_id, as_of, forced, body_of(conn, answer_id))


def fetched_for(conn: Connection[Any], resource: Resource, as_of: datetime) -> tuple[Any, int] | None:
    """The body and id of what an attempt before has read for a moment and not come to load; None when nothing was."""
    row: tuple[Any, int] | None = conn.execute(
        READ_AT, {"endpoint": resource.endpoint, "resource": resource.key, "as_of": as_of}
    ).fetchone()
    return row


def newest(conn: Connection[Any], endpoint: str) -> ArchivedResponse | None:
    """The newest answer of an endpoint that has one resource, loaded or not; None when there is none."""
    row = conn.execute(NEWEST, {"endpoint": endpoint}).fetchone()
    return None if row is None else ArchivedResponse(endpoint, *row)


def body_of(conn: Connection[Any], answer_id: int) -> Any:  # noqa: ANN401 - any JSON
    """The body of an archived answer.

    Raises:
        KeyError: when there is no such answer.
    """
    row = conn.execute("select body from pulse.raw_answers where answer_id = %s", (answer_id,)).fetchone()
    if row is None:
        raise KeyError(f"There is no raw answer {answer_id}")
    return row[0]


def mark_loaded(conn: Connection[Any], endpoint: str, resource: str, answer_id: int) -> None:
    """Say that an answer is in the tables; belongs into the transaction of the load itself."""
    conn.execute(
        "update pulse.raw_reads set loaded_answer_id = %s, loaded_at = now() where endpoint = %s and resource = %s",
        (answer_id, endpoint, resource),
    )


def mark_all_loaded(conn: Connection[Any], endpoint: str, answer_ids: Collection[int]) -> None:
    """Say the same of several answers at once, also of those that were in the tables before."""
    conn.execute(
        "update pulse.raw_reads set loaded_answer_id = answer_id, loaded_at = now()"
        " where endpoint = %s and answer_id = any(%s)",
        (endpoint, list(answer_ids)),
    )


def mark_rejected(conn: Connection[Any], answer: ArchivedResponse) -> None:
    """Say that an answer could not be loaded: it counts as never read, so that the next run asks again."""
    conn.execute(
        "update pulse.raw_reads set outcome = 'refused', loaded_answer_id = %s where endpoint = %s and resource = %s",
        (answer.answer_id, answer.endpoint, answer.resource),
    )


def invalidate(conn: Connection[Any], resource: Resource) -> None:
    """Say that what was read of a resource is not believed: whoever needs it asks again."""
    conn.execute(
        "update pulse.raw_reads set outcome = 'refused' where endpoint = %s and resource = %s",
        (resource.endpoint, resource.key),
    )


def _canonical(payload: object) -> str:
    """JSON with sorted keys, and without the two things that Postgres text cannot hold."""
    text = json.dumps(payload, sort_keys=True, separators=(",", ":"))
    if "\\u0000" in text or "\\ud" in text:
        payload = _storable(payload)
    return json.dumps(payload, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def _storable(value: Any) -> Any:  # noqa: ANN401 - any JSON
    """The value with code point zero dropped and lone surrogates replaced, in keys as well."""
    if isinstance(value, str):
        return value.replace("\x00", "").encode("utf-8", "replace").decode()
    if isinstance(value, list):
        return [_storable(item) for item in value]
    if isinstance(value, dict):
        return {_storable(key): _storable(item) for key, item in value.items()}
    return value


def _identity(resource: Resource) -> dict[str, object]:
    return {
        "api": resource.api,
        "endpoint": resource.endpoint,
        "resource": resource.key,
        "params": Jsonb(dict(resource.params)),
    }
