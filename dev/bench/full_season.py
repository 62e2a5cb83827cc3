"""A store with the weekly runs of a whole season of the sandbox, made in a minute or two.

The steps and the store are the real ones. The payloads come from the sandbox's season in this process, without HTTP.
"""

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, cast

import psycopg
from psycopg import Connection

from dev.pipelines import Pipelines, slots_of
from dev.sandbox.fpl import NotFoundError
from dev.sandbox.sofasport import NoSuchDataError
from dev.sandbox.world import World, encode
from fpl_pulse.api import fpl, sofasport
from fpl_pulse.api.calls import EMPTY, Api, Call, Resource
from fpl_pulse.api.http import ApiClient
from fpl_pulse.errors import NoDataError
from fpl_pulse.etl.context import StepContext
from fpl_pulse.store import schema
from fpl_pulse.store.ledger import recorder
from fpl_pulse.store.runs import Run

FIRST_MONDAY, LAST_MONDAY = date(2025, 8, 18), date(2026, 5, 25)

Payload = Callable[[World, Mapping[str, Any]], object]
PAYLOADS: dict[str, Payload] = {
    sofasport.SEASONS: lambda world, of: world.sofasport.seasons(of["unique_tournament_id"]),
    sofasport.EVENTS: lambda world, of: world.sofasport.season_events(
        of["unique_tournament_id"], of["seasons_id"], of["course_events"], of["page"]
    ),
    sofasport.SQUAD: lambda world, of: world.sofasport.squad(of["team_id"]),
    sofasport.LINEUPS: lambda world, of: world.sofasport.lineups(of["event_id"]),
    sofasport.HEATMAP: lambda world, of: world.sofasport.heatmap(of["event_id"], of["player_id"]),
    sofasport.SEASON_STATISTICS: lambda world, of: world.sofasport.season_statistics(
        of["unique_tournament_id"], of["seasons_id"], of["player_id"]
    ),
    sofasport.ATTRIBUTES: lambda world, of: world.sofasport.attribute_overviews(of["player_id"]),
    fpl.BOOTSTRAP: lambda world, _: world.fpl.bootstrap(),
    fpl.FIXTURES: lambda world, _: world.fpl.fixtures(None),
    fpl.LIVE: lambda world, of: world.fpl.live(of["gw"]),
}
"""Endpoint -> its payload in a world, for a resource's parameters."""


@dataclass(frozen=True)
class WorldClient:
    """Gets payloads from a world, and records the calls as `ApiClient` does."""

    world: World
    record: Callable[[Call], None]

    def get(self, resource: Resource, purpose: str) -> object:
        """The payload as JSON would carry it.

        Raises:
            NoDataError: the world has none.
        """
        started = time.monotonic()
        status, outcome, body = 200, "fetched", b""
        try:
            body = encode(PAYLOADS[resource.endpoint](self.world, resource.params))
            payload: object = json.loads(body)
            if payload in EMPTY:
                outcome = "empty"
            return payload
        except (NoSuchDataError, NotFoundError) as error:
            status, outcome = 404, "no_data"
            raise NoDataError(f"{resource}: no data") from error
        finally:
            seconds = time.monotonic() - started
            self.record(Call(resource, purpose, 1, status, outcome, seconds, len(body), None))


class WorldPipelines(Pipelines):
    """The same steps, with a world of this process as the source."""

    def __init__(self, conn: Connection[Any]) -> None:
        """Create the season."""
        super().__init__(conn, "")
        self._world = World()

    def set_clock(self, as_of: datetime) -> None:
        """Set the clock of the world."""
        self._world.set_clock(int(as_of.timestamp()))

    def _clients(self, run: Run) -> dict[Api, ApiClient]:
        client = cast("ApiClient", WorldClient(self._world, recorder(self.conn, run)))
        return {"sofasport": client, "fpl": client}


def load(dsn: str, on_week: Callable[[date], object] = lambda _: None) -> None:
    """Migrate an empty database and run the pipelines of every week of the season.

    Args:
        dsn: the database.
        on_week: is called with the Monday of each week that is loaded.
    """
    schema.upgrade(dsn)
    with psycopg.connect(dsn, autocommit=True) as conn:
        # The season is made again when the machine fails meanwhile.
        conn.execute("set synchronous_commit = off")
        pipelines = WorldPipelines(conn)
        monday = FIRST_MONDAY
        while monday <= LAST_MONDAY:
            pipelines.week(monday)
            on_week(monday)
            monday += timedelta(weeks=1)
        conn.execute("vacuum (analyze)")


def context(conn: Connection[Any], dag_id: str) -> StepContext:
    """The tools of a step in a run after the season, without a source."""
    slots = slots_of(LAST_MONDAY + timedelta(weeks=1))
    as_of = slots.get(dag_id, datetime(LAST_MONDAY.year, 7, 1, tzinfo=UTC))
    return StepContext(conn, {}, Run(dag_id, "bench", as_of))
