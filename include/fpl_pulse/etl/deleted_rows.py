"""Rows that were deleted from the tables after their load: noticed, and loaded again from the archive without a call.

Each load notes how many rows the tables hold of its resource (`pulse.resource_rows`). A run compares this number with
the rows of the season before it plans its calls, once more before it loads, and in its check. The newest response of
each resource is loaded again.

What only a rebuild restores: changed values, rows of earlier seasons, SofaSport's people and the averages of positions,
revisions, and figures that only an earlier response has stated.
"""

import logging
from collections.abc import Mapping
from typing import Any

from fpl_pulse.api import fpl, sofasport
from fpl_pulse.errors import PayloadError
from fpl_pulse.etl.checking import Findings
from fpl_pulse.etl.context import StepContext
from fpl_pulse.etl.loader import Loader
from fpl_pulse.etl.queries import query
from fpl_pulse.store import archive
from fpl_pulse.store.revisions import take_back_deletions
from fpl_pulse.wording import quantity

log = logging.getLogger(__name__)

REVISED: dict[str, dict[str, tuple[str, ...]]] = {
    sofasport.LINEUPS: {
        "sofasport_lineups": ("event_id", "side"),
        "sofasport_lineup_players": ("event_id", "player_id"),
    },
    sofasport.HEATMAP: {"sofasport_heatmaps": ("event_id", "player_id")},
    sofasport.SEASON_STATISTICS: {"sofasport_season_statistics": ("season", "player_id")},
    sofasport.ATTRIBUTES: {"sofasport_attributes": ("player_id", "season")},
    fpl.LIVE: {"fpl_player_fixtures": ("season", "fixture_id", "element_id")},
}
"""Endpoint -> tables whose deleted rows are kept as revisions -> the key of each."""

DATA = {
    fpl.BOOTSTRAP: "FPL's gameweeks, clubs and players",
    fpl.FIXTURES: "FPL's fixtures",
    fpl.LIVE: "official figures",
    sofasport.SQUAD: "squads",
    sofasport.LINEUPS: "lineups",
    sofasport.HEATMAP: "heatmaps",
    sofasport.SEASON_STATISTICS: "season statistics",
    sofasport.ATTRIBUTES: "attributes",
}
"""Endpoint -> its data in words."""


def restore_deleted_rows(context: StepContext, loader: Loader[Any]) -> int:
    """Load the responses of the season again whose rows were deleted since their load; return how many there were.

    A row with the same content as before also has the same times as before, and no revision of its deletion. Then
    nothing that follows from it is requested again.
    """
    found = _deleted(context, loader.endpoint)
    if not found:
        return 0
    with context.conn.transaction():
        _mark(context, loader.endpoint, found)
        try:
            loader.load(context, found)
        except PayloadError as error:
            log.warning("%s", error)
        for table, key in REVISED.get(loader.endpoint, {}).items():
            take_back_deletions(context.conn, table, key)
    return len(found)


def mark_deleted(context: StepContext, endpoint: str) -> None:
    """Make the responses wait for the load of the caller whose rows were deleted since their load."""
    if found := _deleted(context, endpoint):
        _mark(context, endpoint, found)


def find_deleted_rows(context: StepContext, findings: Findings, tasks: Mapping[str, str]) -> None:
    """Add a problem for each kind of data of which rows were deleted since this run has loaded it.

    Args:
        context: the step's tools.
        findings: of the check.
        tasks: endpoint -> the task of the run that loads its data again.
    """
    for endpoint, task in tasks.items():
        found = _deleted(context, endpoint)
        rows = f"rows of {quantity(len(found), 'response')}"
        findings.require(
            not found,
            f"{DATA[endpoint]}: {rows} were deleted from the tables since their load."
            f" Clear {task}: it loads them again from the archive, without a call to SofaSport. For other lost or"
            " changed rows run `make archive ARGS=rebuild`",
        )


def _mark(context: StepContext, endpoint: str, found: list[int]) -> None:
    log.warning(
        "%s: rows of %s were deleted from the tables since their load. They are loaded again from the archive",
        DATA[endpoint],
        quantity(len(found), "response"),
    )
    archive.load_again(context.conn, found)


def _deleted(context: StepContext, endpoint: str) -> list[int]:
    season = None if context.is_rebuild else context.current_season()
    if season is None:
        return []
    rows = context.records(query("deleted_resources"), endpoint=endpoint, season=season)
    return [row["response_id"] for row in rows]
