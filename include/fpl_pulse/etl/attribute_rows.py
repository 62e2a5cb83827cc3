"""A response with radar attributes as rows: the seasons of a player, and the averages of positions. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic.alias_generators import to_camel

from fpl_pulse.api.payloads_sofasport import AttributeOverview
from fpl_pulse.api.records import Rejected, accept
from fpl_pulse.etl.missing_keys import Counted, Usual, likeliest_name, missing_key
from fpl_pulse.etl.vanishing import complete
from fpl_pulse.season import Season
from fpl_pulse.store.archive import ArchivedResponse

MIN_VOTES = 10
"""Responses that must state an average of a position before it replaces the stored one."""

OWN, AVERAGE = "playerAttributeOverviews", "averageAttributeOverviews"
"""Keys of a response: the player's own seasons, and the averages of positions."""

AXES = (
    "attacking", "technical", "tactical", "defending", "creativity",
    "saves", "anticipation", "ball_distribution", "aerial",
)  # fmt: skip

KEY_OF = {axis: to_camel(axis) for axis in AXES}
AXIS_OF = {key: axis for axis, key in KEY_OF.items()}
FIELD_KEYS = {"attacking", "technical", "tactical", "defending", "creativity"}
KEEPER_KEYS = {"saves", "anticipation", "tactical", "ballDistribution", "aerial"}
"""The axes of field players and of goalkeepers."""

StoredAxes = Mapping[str, Mapping[str, Any]]
"""Season -> the stored axes of one player."""


@dataclass(frozen=True)
class PlayerAttributes:
    """What is written of one response: the player's rows, and the averages of positions that it states."""

    rows: list[dict[str, object]]
    averages: list[dict[str, object]]
    replaces_all: bool = False
    """The stored rows of the player that are not among these were another player's."""


def average_rows(response: ArchivedResponse) -> tuple[list[dict[str, object]], set[int], list[Rejected]]:
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


def missing_axes(body: Mapping[str, Any], path: str) -> list[Rejected]:
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


def stored_axes(rows: Iterable[Mapping[str, Any]]) -> StoredAxes:
    """What is stored of the player."""
    return {row["season"]: {axis: row[axis] for axis in AXES if row[axis] is not None} for row in rows}


def own_rows(
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
            "details": {
                **{key: value for key, value in record.items() if key not in AXIS_OF},
                **{KEY_OF[axis]: value for axis, value in _axes(model).items() if value is not None},
            },
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


def most_stated(averages: list[dict[str, object]], stored: set[tuple[str, str]]) -> list[dict[str, object]]:
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
