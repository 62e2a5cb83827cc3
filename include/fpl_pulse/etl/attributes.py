"""Radar attributes: a row for each season of a player, and the average of each position apart."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from fpl_pulse.api import sofasport
from fpl_pulse.api.records import json_type
from fpl_pulse.errors import IF_REPEATED
from fpl_pulse.etl import thresholds
from fpl_pulse.etl.attribute_rows import (
    AVERAGE,
    OWN,
    PlayerAttributes,
    average_rows,
    missing_axes,
    most_stated,
    own_rows,
    stored_axes,
)
from fpl_pulse.etl.checking import Findings, finish_check, listed
from fpl_pulse.etl.context import StepContext
from fpl_pulse.etl.deleted_rows import find_deleted_rows, restore_deleted_rows
from fpl_pulse.etl.key_census import counted_afterwards
from fpl_pulse.etl.lineups import require_known_selection
from fpl_pulse.etl.loader import Loader, Parsed, Reader, ResponseRejectedError
from fpl_pulse.etl.missing_keys import find_missing_keys
from fpl_pulse.etl.planning import DueCalls
from fpl_pulse.etl.queries import query
from fpl_pulse.etl.repetition import is_repeated
from fpl_pulse.etl.vanishing import VANISHED
from fpl_pulse.store.archive import ArchivedResponse
from fpl_pulse.store.merge import Written, merge, replace_within

CALLS = DueCalls(
    sofasport.ATTRIBUTES,
    "attributes",
    "team_id",
    "due_attributes",
    lambda context, ids: sofasport.attributes(context.season(), ids["player_id"]),
)

OTHERS_ROWS = "these are the rows of player"
"""Part of the sentence about attributes whose ids are stored for another player."""


def plan_attributes(context: StepContext) -> list[dict[str, list[int]]]:
    """Load deleted rows again, plan the calls for players whose attributes are due; return one {"team_ids"} a task."""
    require_known_selection(context)
    restore_deleted_rows(context, LOADER)
    return CALLS.plan(context)


def fetch_attributes(context: StepContext, team_ids: list[int]) -> int:
    """Fetch and archive the planned attributes of a task's clubs that are still open; return how many had data."""
    return CALLS.fetch(context, team_ids)


def load_attributes(context: StepContext) -> dict[str, int]:
    """Load the archived attributes that the table does not hold, or no longer; return {"loaded"}: how many players."""
    again = restore_deleted_rows(context, LOADER)
    with counted_afterwards(context, sofasport.ATTRIBUTES, "census_of_attributes"):
        return {"loaded": again + LOADER.load(context)}


def _read(context: StepContext, response: ArchivedResponse) -> Parsed[PlayerAttributes]:
    return _make_reader(context, [response])(response)


def _make_reader(context: StepContext, batch: Sequence[ArchivedResponse]) -> Reader[PlayerAttributes]:
    """Read the stored rows of all players of a batch at once."""
    ids = [int(one.params["player_id"]) for one in batch]
    stored: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for row in context.records(query("stored_attributes"), ids=ids):
        stored[row["player_id"]].append(row)
    positions: dict[int, set[str]] = defaultdict(set)
    for row in context.records(query("positions_of_players"), ids=ids):
        positions[row["player_id"]].add(row["position"])

    def read(response: ArchivedResponse) -> Parsed[PlayerAttributes]:
        player_id = int(response.params["player_id"])
        return _read_beside(context, response, stored[player_id], positions[player_id])

    return read


def _read_beside(
    context: StepContext, response: ArchivedResponse, stored: Sequence[Mapping[str, Any]], positions: Collection[str]
) -> Parsed[PlayerAttributes]:
    """Read a response, with the stored rows and the positions of its player. A forced response counts as it is."""
    if not isinstance(response.body, dict) or not response.body.keys() & {OWN, AVERAGE}:
        found = sorted(response.body)[:5] if isinstance(response.body, dict) else json_type(response.body)
        raise ResponseRejectedError(f"an object with {OWN} or {AVERAGE} was expected, not {found}. {IF_REPEATED}")
    averages, average_ids, rejected = average_rows(response)
    own_ids = {row.get("id") for row in response.body.get(OWN) or [] if isinstance(row, dict)} - average_ids - {None}
    is_renumbered = bool(stored and own_ids) and own_ids.isdisjoint(row["details"].get("id") for row in stored)
    _require_this_player(context, response, own_ids if is_renumbered else set(), positions)
    # What is stored under other ids was another player's, so it is not protected, and it goes.
    axes = {} if is_renumbered or response.forced else stored_axes(stored)
    missing = [*missing_axes(response.body, OWN), *missing_axes(response.body, AVERAGE)]
    of_averages = len(rejected)
    rows = own_rows(response, average_ids, axes, rejected)
    has_lost = any(one.is_part or VANISHED in one.reason for one in rejected[of_averages:])
    if missing and axes:
        # The stored seasons are better, and the next run requests the player again.
        rows = []
    # Without a usable season of the player the response still votes for the averages that it states.
    content = PlayerAttributes(rows, averages, replaces_all=is_renumbered and bool(rows))
    return Parsed(content, rejected + missing, is_unusable=bool(missing or has_lost or (rejected and not rows)))


def _require_this_player(
    context: StepContext, response: ArchivedResponse, ids: Collection[object], positions: Collection[str]
) -> None:
    """Refuse rows whose ids are stored for another player, until the source repeats them a week later.

    Also attributes of a goalkeeper for a field player, and the other way round.
    """
    player_id = int(response.params["player_id"])
    if response.forced:
        return
    stated = {row.get("position") for row in response.body.get(OWN) or [] if isinstance(row, dict)} - {None}
    if stated and positions and (stated == {"G"}) != ("G" in positions):
        raise ResponseRejectedError(
            f"attributes of position {', '.join(sorted(map(str, stated)))} for another position"
        )
    if not ids:
        return
    owners = context.records(query("owners_of_attributes"), player_id=player_id, ids=[str(one) for one in ids])
    if owners and not is_repeated(context, response.resource_id, OTHERS_ROWS):
        names = listed([str(row["player_id"]) for row in owners])
        raise ResponseRejectedError(f"{OTHERS_ROWS} {names}, by their ids")


def _write(context: StepContext, players: list[PlayerAttributes]) -> Written:
    # A player's responses of two seasons can state the same earlier season: the newer response counts.
    rows = {(row["player_id"], row["season"]): row for player in players for row in player.rows}
    written = merge(context.conn, "sofasport_attributes", list(rows.values()), ["player_id", "season"])
    for player in players:
        if player.replaces_all:
            scope = {"player_id": player.rows[0]["player_id"]}
            rows_of_player = [row for row in rows.values() if row["player_id"] == scope["player_id"]]
            written += replace_within(
                context.conn, "sofasport_attributes", rows_of_player, ["player_id", "season"], scope
            )
    known = context.records("select season, position from pulse.sofasport_position_averages")
    averages = most_stated(
        [row for player in players for row in player.averages], {(row["season"], row["position"]) for row in known}
    )
    return written + merge(
        context.conn, "sofasport_position_averages", averages, ["season", "position"], keep_when_null=True
    )


LOADER = Loader(
    # All together: responses vote on the average of a position.
    sofasport.ATTRIBUTES,
    "attributes",
    _read,
    _write,
    batch_size=10_000,
    make_reader=_make_reader,
    is_checked=True,
)


def check_attributes(context: StepContext) -> dict[str, dict[str, int]]:
    """Check that players with minutes were requested, that most have attributes, and that none has an average's."""
    findings = Findings()
    everybody = context.query(query("attribute_coverage"), season=context.season())
    findings.count("attributes", int(everybody.has_attributes.sum()), len(everybody))
    players = everybody[~everybody.is_skipped]
    have = players[players.has_attributes]
    findings.require(
        len(have) >= thresholds.MIN_ATTRIBUTES_SHARE * len(players),
        f"only {len(have)} of {len(players)} players with minutes have attributes of their own"
        f" (at least {thresholds.MIN_ATTRIBUTES_SHARE:.0%})",
    )
    findings.of_gameweeks(context, "attributes")
    find_missing_keys(context, findings, sofasport.ATTRIBUTES)
    find_deleted_rows(context, findings, {sofasport.ATTRIBUTES: "load_attributes"})
    never_requested = players[~players.has_attributes & ~players.was_requested]
    findings.require(
        never_requested.empty,
        f"players with minutes whose attributes were never requested: {len(never_requested)},"
        f" {listed(never_requested.player.tolist())}",
    )
    averages = [row["player"] for row in context.records(query("attributes_of_averages"))]
    findings.require(
        not averages, f"players who have the average of a position as their own: {len(averages)}, {listed(averages)}"
    )
    return dict(finish_check(context, findings))
