"""Radar attributes: a row for each season of a player, and the average of each position apart."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic.alias_generators import to_camel

from fpl_pulse.api import sofasport
from fpl_pulse.api.payloads_sofasport import AttributeOverview
from fpl_pulse.api.records import Rejected, accept, json_type
from fpl_pulse.errors import IF_REPEATED
from fpl_pulse.etl import thresholds
from fpl_pulse.etl.checking import Findings, finish_check, listed
from fpl_pulse.etl.context import StepContext
from fpl_pulse.etl.key_census import counted_afterwards
from fpl_pulse.etl.lineups import require_known_selection
from fpl_pulse.etl.loader import Loader, Parsed, Reader, ResponseRejectedError
from fpl_pulse.etl.missing_keys import Counted, Usual, find_missing_keys, likeliest_name, missing_key
from fpl_pulse.etl.planning import DueCalls
from fpl_pulse.etl.queries import query
from fpl_pulse.etl.vanishing import VANISHED, complete
from fpl_pulse.season import Season
from fpl_pulse.store.archive import ArchivedResponse
from fpl_pulse.store.merge import Written, merge, replace_within

MIN_VOTES = 10
"""Responses that must state an average of a position before it replaces the stored one."""

OWN, AVERAGE = "playerAttributeOverviews", "averageAttributeOverviews"
"""Keys of a response: the player's own seasons, and the averages of positions."""

AXES = (
    "attacking", "technical", "tactical", "defending", "creativity",
    "saves", "anticipation", "ball_distribution", "aerial",
)  # fmt: skip

KEY_OF = {axis: to_camel(axis) for axis in AXES}
FIELD_KEYS = {"attacking", "technical", "tactical", "defending", "creativity"}
KEEPER_KEYS = {"saves", "anticipation", "tactical", "ballDistribution", "aerial"}
"""The axes of field players and of goalkeepers."""


CALLS = DueCalls(
    sofasport.ATTRIBUTES,
    "attributes",
    "team_id",
    "due_attributes",
    lambda context, ids: sofasport.attributes(context.season(), ids["player_id"]),
)


def plan_attributes(context: StepContext) -> list[dict[str, list[int]]]:
    """Plan the calls for players whose attributes are due, and return one {"team_ids"} a task."""
    require_known_selection(context)
    return CALLS.plan(context)


def fetch_attributes(context: StepContext, team_ids: list[int]) -> int:
    """Fetch and archive the planned attributes of a task's clubs that are still open; return how many had data."""
    return CALLS.fetch(context, team_ids)


def load_attributes(context: StepContext) -> dict[str, int]:
    """Load the archived attributes that the tables do not hold yet, and return {"loaded"}: of how many players."""
    with counted_afterwards(context, sofasport.ATTRIBUTES, "census_of_attributes"):
        return {"loaded": LOADER.load(context)}


StoredAxes = Mapping[str, Mapping[str, Any]]
"""Season -> the stored axes of one player."""


@dataclass(frozen=True)
class PlayerAttributes:
    """What is written of one response: the player's rows, and the averages of positions that it states."""

    rows: list[dict[str, object]]
    averages: list[dict[str, object]]
    replaces_all: bool = False
    """The stored rows of the player that are not among these were another player's."""


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
    averages, average_ids, rejected = _average_rows(response)
    own_ids = {row.get("id") for row in response.body.get(OWN) or [] if isinstance(row, dict)} - average_ids - {None}
    is_renumbered = bool(stored and own_ids) and own_ids.isdisjoint(row["details"].get("id") for row in stored)
    _require_this_player(context, response, own_ids if is_renumbered else set(), positions)
    # What is stored under other ids was another player's, so it is not protected, and it goes.
    axes = {} if is_renumbered or response.forced else _stored_axes(stored)
    missing = [*_missing_keys(response.body, OWN), *_missing_keys(response.body, AVERAGE)]
    of_averages = len(rejected)
    rows = _own_rows(response, average_ids, axes, rejected)
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
    owners = context.records(
        query("owners_of_attributes"),
        player_id=player_id,
        ids=[str(one) for one in ids],
        resource_id=response.resource_id,
        confirmed_after=thresholds.CONFIRMED_AFTER,
    )
    if owners and not owners[0]["is_repeated"]:
        names = listed([str(row["player_id"]) for row in owners])
        raise ResponseRejectedError(f"these are the rows of player {names}, by their ids")


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
    averages = _most_stated(
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


def _average_rows(response: ArchivedResponse) -> tuple[list[dict[str, object]], set[int], list[Rejected]]:
    """The averages of positions that a response states, their ids, and what was rejected."""
    averages, rejected = accept(AttributeOverview, response.body.get(AVERAGE) or [], AVERAGE)
    rows = [
        {
            "season": response.params["season"],
            "position": model.position,
            **_axes(model),
            "details": record,
            "observed_at": response.as_of,
        }
        for record, model in averages
        if model.position and model.year_shift == 0 and _has_all_axes(model)
    ]
    return rows, {model.id for _, model in averages if model.id is not None}, rejected


def _missing_keys(body: Mapping[str, Any], path: str) -> list[Rejected]:
    """The reports of the needed keys that all rows of a list lack."""
    if path not in body:
        new_name = likeliest_name(path, Counted.of([body]), {}, {OWN, AVERAGE, "sportSlug"})
        return [missing_key(path, "the response", new_name)]
    records = body[path] if isinstance(body[path], list) else []
    counted = Counted.of(record for record in records if isinstance(record, dict))
    if not counted.have.keys() & KEY_OF.values():
        return []
    is_keeper = counted.have.keys() & KEEPER_KEYS > counted.have.keys() & FIELD_KEYS
    expected = {"position", "yearShift", *(KEEPER_KEYS if is_keeper else FIELD_KEYS)}
    familiar = {"id", *KEY_OF.values()}
    return [
        missing_key(
            f"{path}.{key}",
            f"{len(counted.records)} of {len(counted.records)} rows",
            likeliest_name(key, counted, dict.fromkeys(expected, Usual(1)), familiar),
        )
        for key in sorted(expected - counted.have.keys())
    ]


def _stored_axes(rows: Iterable[Mapping[str, Any]]) -> StoredAxes:
    """What is stored of the player."""
    return {row["season"]: {axis: row[axis] for axis in AXES if row[axis] is not None} for row in rows}


def _own_rows(
    response: ArchivedResponse, average_ids: set[int], stored: StoredAxes, rejected: list[Rejected]
) -> list[dict[str, object]]:
    """The rows of the player, one a season, with stored axes that vanished from the response."""
    good, bad = accept(AttributeOverview, response.body.get(OWN) or [], OWN)
    rejected += bad
    read_in = Season(response.params["season"])
    rows: dict[str, dict[str, object]] = {}
    for record, model in good:
        season = read_in.earlier(model.year_shift)
        reason = None
        if not _has_axes(model):
            reason = "none of the axes is there"
        elif model.id in average_ids:
            reason = "this is the average of the position, not the player's own row"
        elif season in rows:
            reason = "a second row for the same season; the first counts"
        if reason:
            rejected.append(Rejected(f"{OWN}.yearShift={model.year_shift}", reason, record))
            continue
        completed = complete(_axes(model), stored.get(season, {}), omits_zeros=False)
        if completed.vanished:
            rejected.append(Rejected(f"{OWN}.yearShift={model.year_shift}", completed.reason, record))
        rows[season] = {
            "player_id": int(response.params["player_id"]),
            "season": season,
            "year_shift": model.year_shift,
            "position": model.position,
            **{axis: completed.figures.get(axis) for axis in AXES},
            "details": record | {KEY_OF[axis]: value for axis, value in _axes(model).items() if value is not None},
            "observed_at": response.as_of,
        }
    return list(rows.values())


def _axes(model: AttributeOverview) -> dict[str, object]:
    return {axis: getattr(model, axis) for axis in AXES}


def _has_all_axes(model: AttributeOverview) -> bool:
    axes = {KEY_OF[axis] for axis, value in _axes(model).items() if value is not None}
    return axes >= KEEPER_KEYS or axes >= FIELD_KEYS


def _has_axes(model: AttributeOverview) -> bool:
    return any(value is not None for value in _axes(model).values())


def _most_stated(averages: list[dict[str, object]], stored: set[tuple[str, str]]) -> list[dict[str, object]]:
    """One average a season and position.

    Responses of one day can differ by a point: the average that most of them state counts. A handful of responses, as
    after a retry, does not replace what many have stated.
    """

    def axes(row: dict[str, object]) -> tuple[object, ...]:
        return tuple(row[axis] for axis in AXES)

    rows = []
    for key in sorted({(str(row["season"]), str(row["position"])) for row in averages}):
        stated = [row for row in averages if (row["season"], row["position"]) == key]
        if key in stored and len(stated) < MIN_VOTES:
            continue
        votes = Counter(map(axes, stated))
        winner = max(votes, key=lambda values: (votes[values], repr(values)))
        rows.append(next(row for row in stated if axes(row) == winner))
    return rows


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
