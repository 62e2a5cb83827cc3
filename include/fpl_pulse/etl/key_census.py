"""The census of keys: how many records of each endpoint have each key, in each gameweek or in the season.

A load counts what it has changed once more, from what the store then holds. A response that covers a whole season or
gameweek is counted when it is read. The census therefore forgets a fault together with the tables, and a rebuild gives
the same. A load and its count are one transaction, so a crash between them leaves neither.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from fpl_pulse.etl.context import StepContext
from fpl_pulse.etl.missing_keys import Counted
from fpl_pulse.etl.queries import query
from fpl_pulse.store.merge import Written, replace_within

KEY = ["season", "endpoint", "path", "gameweek", "key"]

WHOLE_SEASON = 0
"""The gameweek of what belongs to none."""


@contextmanager
def counted_afterwards(context: StepContext, endpoint: str, statement: str) -> Iterator[None]:
    """Load the waiting responses of an endpoint inside; then count their keys, if any waited, in the same transaction.

    Args:
        context: the step's tools.
        endpoint: as in the archive.
        statement: the name of the query that counts, in the season or in the rounds of the matches.
    """
    with context.conn.transaction():
        waiting = context.records(query("matches_of_waiting_responses"), endpoint=endpoint)
        yield
        if waiting:
            count_stored(context, endpoint, statement, [row["event_id"] for row in waiting if row["event_id"]])


def count_stored(context: StepContext, endpoint: str, statement: str, event_ids: Sequence[int] = ()) -> Written:
    """Count the keys of an endpoint in what the store holds of the season; `event_ids` are for counts by round."""
    counted = context.records(query(statement), season=context.season(), event_ids=list(event_ids))
    return _replace(context, endpoint, counted)


def count_records(
    context: StepContext, endpoint: str, season: str, path: str, records: Iterable[Any], *, gameweek: int = WHOLE_SEASON
) -> Written:
    """Count the keys of the records of a response that covers the whole season or gameweek."""
    counted = Counted.of(record for record in records if isinstance(record, dict))
    rows = [
        {
            "season": season,
            "path": path,
            "gameweek": gameweek,
            "key": key,
            "records": len(counted.records),
            "have": have,
        }
        for key, have in counted.have.items()
    ]
    return _replace(context, endpoint, rows)


def _replace(context: StepContext, endpoint: str, counted: list[Mapping[str, Any]] | list[dict[str, Any]]) -> Written:
    if not counted:
        return Written()
    rows = [{"endpoint": endpoint, **row, "added_at": context.as_of} for row in counted]
    scope = {
        "endpoint": endpoint,
        "season": sorted({row["season"] for row in rows}),
        "path": sorted({row["path"] for row in rows}),
        "gameweek": sorted({row["gameweek"] for row in rows}),
    }
    return replace_within(context.conn, "key_census", rows, KEY, scope)
