"""What every step of a pipeline works with: a connection, the two APIs, a moment and a selection."""

import logging
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

import pandas as pd
from psycopg import Connection
from psycopg.types.json import Jsonb

from fpl_pulse.api.calls import EMPTY, Api, Resource
from fpl_pulse.api.records import Rejected
from fpl_pulse.errors import NoDataError, SelectionError
from fpl_pulse.etl.queries import query
from fpl_pulse.etl.selection import Selection
from fpl_pulse.store import archive, runs
from fpl_pulse.store.archive import ArchivedResponse
from fpl_pulse.store.connection import scalar, select
from fpl_pulse.store.merge import Written, replace_within
from fpl_pulse.store.runs import Run

if TYPE_CHECKING:
    # Imports requests, which parsing a DAG file does not need.
    from fpl_pulse.api.http import ApiClient

log = logging.getLogger(__name__)


@dataclass
class StepContext:
    """One step's tools. The connection is in autocommit mode; see `fpl_pulse.store.connection`."""

    conn: Connection[Any]
    apis: "dict[Api, ApiClient]"
    run: Run
    selection: Selection = field(default_factory=Selection)
    most_calls: int | None = None
    """The ceiling of calls to SofaSport for one run, as the installation has set it; None for no ceiling."""

    def __post_init__(self) -> None:
        """Set the database's moment."""
        self.set_database_as_of()

    def set_database_as_of(self) -> None:
        """Tell the database for which moment it works: a row that is taken away has no other date."""
        self.conn.execute("select set_config('pulse.as_of', %s, false)", (self.as_of.isoformat(),))

    @property
    def as_of(self) -> datetime:
        """The moment that the run works for."""
        return self.run.as_of

    def fetch(self, resource: Resource, purpose: str) -> tuple[object, int]:
        """Call an API and archive the answer before anyone reads it.

        Returns:
            The payload and the id of the archived answer.

        Raises:
            NoDataError: after the absence has been remembered; an empty list counts as absence.
            RetryableError, StopError: as `ApiClient.get`.
        """
        try:
            payload = self.apis[resource.api].get(resource, purpose)
            if payload in EMPTY:
                # Where there is nothing the API says 404. An empty answer is believed when it comes twice.
                payload = self.apis[resource.api].get(resource, purpose)
            if payload in EMPTY:
                raise NoDataError(f"{resource}: the answer is empty, twice")
        except NoDataError:
            archive.store_no_data(self.conn, resource, self.as_of)
            raise
        refresh = self.selection.refresh
        forced = refresh and (
            resource.params.get("event_id") in self.selection.matches
            or resource.params.get("player_id") in self.selection.players
        )
        answer_id, _ = archive.store_response(
            self.conn, resource, payload, self.as_of, load_again=refresh, forced=forced
        )
        return payload, answer_id

    def fetch_all(self, resources: Iterable[Resource], purpose: str) -> "FetchCounts":
        """Ask for many things one after the other; absences are counted, other errors end it."""
        answered = nothing = 0
        for resource in resources:
            try:
                self.fetch(resource, purpose)
                answered += 1
            except NoDataError:
                nothing += 1
        return FetchCounts(answered, nothing)

    def query(self, statement: str, **params: object) -> pd.DataFrame:
        """A query with the run's moment, season and selection at hand as parameters."""
        return select(self.conn, statement, {**self._params(), **params})

    def has_season(self) -> bool:
        """Whether FPL has shown us any season."""
        return bool(scalar(self.conn, "select exists (select from pulse.fpl_gameweeks)"))

    def season(self) -> str:
        """The newest season that FPL has shown us, as 2025-26.

        Raises:
            SelectionError: when the store is still empty.
        """
        season = scalar(self.conn, "select max(season) from pulse.fpl_gameweeks")
        if season is None:
            raise SelectionError(
                "The store is empty: run update_fixture_mappings first (airflow dags trigger update_fixture_mappings)"
            )
        return str(season)

    def season_id(self) -> int:
        """SofaSport's id of the season.

        Raises:
            SelectionError: when it has not been looked up yet.
        """
        season = self.season()
        season_id = scalar(
            self.conn,
            "select season_id from pulse.sofasport_seasons where season = %(season)s",
            {"season": season},
        )
        if season_id is None:
            raise SelectionError(
                f"SofaSport's id of season {season} is unknown: run update_fixture_mappings first"
            )
        return int(season_id)

    def label_for(self, event_id: int | None = None, team_id: int | None = None) -> str:
        """A match or a club in words, for the UI: `GW7 Liverpool-Chelsea`."""
        if event_id is not None:
            frame = self.query(query("match_in_words"), event_id=event_id)
        else:
            frame = self.query(
                "select name as words from pulse.sofasport_teams where team_id = %(team_id)s", team_id=team_id
            )
        return str(frame.words[0]) if not frame.empty else str(event_id or team_id)

    def record_written(self, what: str, written: Written) -> None:
        """Log what a load wrote and add it to the run's figures."""
        log.info("%s: %s", what, written)
        runs.add_written(self.conn, self.run, written)

    def record_rejections(self, answer: ArchivedResponse, rejected: Iterable[Rejected]) -> None:
        """Record what an answer held that could not be loaded; replaces what was recorded of it before.

        Belongs into the transaction of the load.
        """
        times: Counter[str] = Counter()

        def place_of(record: Rejected) -> str:
            """The place, numbered when an answer has several rejections there."""
            times[record.place] += 1
            return record.place if times[record.place] == 1 else f"{record.place} ({times[record.place]})"

        frame = pd.DataFrame(
            [
                {
                    "endpoint": answer.endpoint,
                    "resource": answer.resource,
                    "place": place_of(record),
                    "answer_id": answer.answer_id,
                    "reason": record.reason,
                    "record": Jsonb(record.record),
                    "as_of": answer.as_of,
                }
                for record in rejected
            ],
            dtype=object,
        )
        for place, reason in zip(frame.get("place", ()), frame.get("reason", ()), strict=True):
            log.warning("%s %s: rejected %s: %s", answer.endpoint, answer.resource, place, reason)
        scope = {"endpoint": answer.endpoint, "resource": answer.resource}
        replace_within(self.conn, "rejected_records", frame, ["endpoint", "resource", "place"], scope)

    def _params(self) -> dict[str, object]:
        return {"as_of": self.as_of, "no_data_ages": NO_DATA_AGES, **self.selection.params()}


@dataclass(frozen=True)
class FetchCounts:
    """How many of the things asked for were there, and how many were not."""

    answered: int
    nothing: int

    def __str__(self) -> str:
        return f"{self.answered} answers, {self.nothing} without data"


NO_DATA_AGES = ["1 day", "3 days", "7 days"]
"""What was not there is asked for again when its absence is this old, each age once, and then left."""
