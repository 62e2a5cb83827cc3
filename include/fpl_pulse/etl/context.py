"""What a step works with: the store, the two APIs, the run with its as-of time, and what a manual run chose."""

import logging
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from textwrap import shorten
from typing import TYPE_CHECKING, Any, TypeVar

from psycopg import Connection
from psycopg.types.json import Jsonb

from fpl_pulse.alerts.outbox import close_alerts, raise_alert
from fpl_pulse.api.calls import EMPTY, Api, Resource
from fpl_pulse.api.records import Rejected
from fpl_pulse.errors import NoDataError, NotStoredYetError
from fpl_pulse.etl.queries import query
from fpl_pulse.etl.selection import Selection
from fpl_pulse.season import Season
from fpl_pulse.store import archive, plans, runs
from fpl_pulse.store.archive import ArchivedResponse
from fpl_pulse.store.connection import scalar, select, select_records, select_rows, use_fast_json
from fpl_pulse.store.merge import Written, replace_within
from fpl_pulse.store.plans import PlannedCall
from fpl_pulse.store.runs import Run

if TYPE_CHECKING:
    import pandas as pd

    # Imports requests, which parsing a DAG file does not need.
    from fpl_pulse.api.http import ApiClient

log = logging.getLogger(__name__)

Row = TypeVar("Row")

MAX_LABEL = 250
"""Airflow's limit for the label of a mapped task."""

MOST_LABELLED = 4
"""Matches or clubs in such a label; more would fill the page of the task."""


@dataclass(frozen=True)
class FetchCounts:
    """How many of the requested resources had data, and how many had none."""

    fetched: int = 0
    no_data: int = 0

    def __add__(self, other: "FetchCounts") -> "FetchCounts":
        return FetchCounts(self.fetched + other.fetched, self.no_data + other.no_data)

    def __str__(self) -> str:
        return f"{self.fetched} fetched, {self.no_data} without data"


@dataclass
class StepContext:
    """One step's tools. The connection is in autocommit mode; see `fpl_pulse.store.connection`."""

    conn: Connection[Any]
    apis: "dict[Api, ApiClient]"
    run: Run
    selection: Selection = field(default_factory=Selection)
    most_calls: int | None = None
    """The most calls to SofaSport that one run may make; None when nothing limits them."""
    open_beside: "Callable[[], StepContext] | None" = None
    """Opens a context of the same step with a connection and clients of its own, for calls at the same time. The
    caller closes the connection. None: the step makes one call after the other."""
    is_late_retry: bool = False
    """Whether the task has failed so often that an outage lasts: few calls find out whether the source is back."""
    is_rebuild: bool = False
    """Whether all tables are loaded again: a row that is missing was not deleted by mistake."""

    def __post_init__(self) -> None:
        use_fast_json(self.conn)
        self.set_database_as_of()

    def set_database_as_of(self) -> None:
        """Tell the database for which as-of time it works: the revision of a deleted row takes its date from it."""
        self.conn.execute("select set_config('pulse.as_of', %s, false)", (self.as_of.isoformat(),))

    @property
    def as_of(self) -> datetime:
        """The as-of time of the run."""
        return self.run.as_of

    def fetch(self, resource: Resource, purpose: str, *, planned: PlannedCall | None = None) -> tuple[object, int]:
        """Request a resource and archive the response before it is read; return the payload and the response's id.

        The ledger records the purpose, in words. The outcome of a planned call is recorded in the stored plan.

        Raises:
            NoDataError: after it was recorded that there is no data; an empty payload counts as no data.
            RetryableError, StopError: as `ApiClient.get`.
        """
        try:
            payload = self.apis[resource.api].get(resource, purpose)
            if payload in EMPTY:
                # Without data the API answers 404. An empty payload is accepted only when it comes twice.
                payload = self.apis[resource.api].get(resource, purpose)
            if payload in EMPTY:
                raise NoDataError(f"{resource}: the payload is empty, twice in a row")
        except NoDataError:
            with self.conn.transaction():
                archive.store_no_data(self.conn, resource, self.as_of)
                if planned:
                    plans.record_outcome(self.conn, planned, "no_data")
            raise
        except Exception:
            if planned:
                plans.record_outcome(self.conn, planned, "failed")
            raise
        chosen, params = self.selection, resource.params
        refresh = chosen.refresh
        is_of_gameweek = bool(chosen.gameweeks) and (planned is not None or params.get("gw") in chosen.gameweeks)
        is_chosen = params.get("event_id") in chosen.matches or params.get("player_id") in chosen.players
        forced = refresh and (is_chosen or is_of_gameweek)
        with self.conn.transaction():
            response_id, _ = archive.store_response(
                self.conn, resource, payload, self.as_of, load_again=refresh, forced=forced
            )
            if planned:
                plans.record_outcome(self.conn, planned, "fetched", response_id)
        return payload, response_id

    def fetch_all(
        self, resources: Iterable[Resource], purpose: str, *, planned: PlannedCall | None = None
    ) -> FetchCounts:
        """Request resources one after the other. Resources without data are counted; other errors end it."""
        counts = FetchCounts()
        for resource in resources:
            try:
                self.fetch(resource, purpose, planned=planned)
                counts += FetchCounts(fetched=1)
            except NoDataError:
                counts += FetchCounts(no_data=1)
        return counts

    def query(self, statement: str, **params: object) -> "pd.DataFrame":
        """The result of a query as a frame; the run, its as-of time and its selection are parameters too."""
        return select(self.conn, statement, {**self._params(), **params})

    def records(self, statement: str, **params: object) -> list[dict[str, Any]]:
        """The rows of a query as dicts by column; the parameters are those of `query`."""
        return select_records(self.conn, statement, {**self._params(), **params})

    def rows(self, row: type[Row], statement: str, **params: object) -> list[Row]:
        """The rows of a query as objects with a field for each column; the parameters are those of `query`."""
        return select_rows(self.conn, row, statement, {**self._params(), **params})

    def has_season(self) -> bool:
        """Whether a season of FPL is stored."""
        return bool(scalar(self.conn, "select exists (select from pulse.fpl_seasons)"))

    def season(self) -> Season:
        """The season that the run works for: the one that was accepted last (`etl/season_resolver.py`).

        Raises:
            NotStoredYetError: the store is empty.
        """
        current = self.current_season()
        if current is None:
            raise NotStoredYetError(f"The store is empty. {NotStoredYetError.remedy}.")
        return current

    def current_season(self) -> Season | None:
        """The season that was accepted last; None when the store is empty."""
        current = scalar(self.conn, "select season from pulse.fpl_seasons order by observed_at desc limit 1")
        return current and Season(current)

    def season_id(self) -> int:
        """SofaSport's id of the season.

        Raises:
            NotStoredYetError: it has not been looked up yet.
        """
        season = self.season()
        statement = "select season_id from pulse.sofasport_seasons where season = %(season)s"
        season_id = scalar(self.conn, statement, {"season": season})
        if season_id is None:
            raise NotStoredYetError(f"SofaSport's id of season {season} is unknown. {NotStoredYetError.remedy}.")
        return int(season_id)

    def label_for(self, *, event_ids: Sequence[int] = (), team_ids: Sequence[int] = ()) -> str:
        """Matches or clubs in words, for the UI: `GW7 Liverpool-Chelsea`, or with codes where there are several.

        At most `MAX_LABEL` characters: `GW7 LIV-CHE, GW7 ARS-EVE, GW7 BOU-FUL and 22 more`.
        """
        ids = event_ids or team_ids
        found = self.records(query("matches_in_words" if event_ids else "clubs_in_words"), ids=list(ids))
        words = {row["id"]: str(row["name"] if len(ids) == 1 else row["code"]) for row in found}
        names = [words.get(one, str(one)) for one in ids]
        if len(names) > MOST_LABELLED:
            first = names[: MOST_LABELLED - 1]
            names = [*first[:-1], f"{first[-1]} and {len(names) - len(first)} more"]
        return shorten(", ".join(names), MAX_LABEL, placeholder=" …")

    def alert_about(self, kind: str, sentences: Mapping[str, str], *, once: bool = False) -> None:
        """Raise an alert for each subject with its sentence, and close the open alerts of the kind about others."""
        close_alerts(self.conn, self.run, kind, still=sentences.keys())
        for subject, sentence in sentences.items():
            raise_alert(self.conn, self.run, kind, subject, sentence, once=once)

    def record_written(self, what: str, written: Written) -> None:
        """Log what a load wrote, and add it to the figures of the run."""
        log.info("%s: %s", what, written)
        runs.add_written(self.conn, self.run, written)

    def record_rejections(self, of: Sequence[tuple[ArchivedResponse, Sequence[Rejected]]]) -> None:
        """Record which records of responses could not be loaded, in place of what was recorded of them before.

        Belongs in the transaction of the load.
        """
        rows = [row for response, rejected in of for row in _rejection_rows(response, rejected)]
        scope = {"resource_id": [response.resource_id for response, _ in of]}
        replace_within(self.conn, "rejected_records", rows, ["endpoint", "resource", "path"], scope)

    def _params(self) -> dict[str, object]:
        run = {"as_of": self.as_of, "dag_id": self.run.dag_id, "run_id": self.run.run_id}
        return {**run, **self.selection.params()}


def _rejection_rows(response: ArchivedResponse, rejected: Sequence[Rejected]) -> Iterator[dict[str, object]]:
    times: Counter[str] = Counter()
    for record in rejected:
        times[record.path] += 1
        count = times[record.path]
        path = record.path if count == 1 else f"{record.path} ({count})"
        log.warning("%s %s: rejected %s: %s", response.endpoint, response.resource, path, record.reason)
        yield {
            "endpoint": response.endpoint,
            "resource": response.resource,
            "resource_id": response.resource_id,
            "path": path,
            "response_id": response.response_id,
            "reason": record.reason,
            "record": Jsonb(record.record),
            "as_of": response.as_of,
        }
