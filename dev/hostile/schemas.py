"""What the product reads of each endpoint: where the records are, their fields, and which are ids and dates."""

from collections.abc import Iterator
from dataclasses import dataclass
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel

from fpl_pulse.api import fpl, sofasport
from fpl_pulse.api.payloads_fpl import Element, Explain, ExplainLine, Fixture, FplTeam, Gameweek, LiveElement
from fpl_pulse.api.payloads_sofasport import (
    AttributeOverview,
    Event,
    HeatmapPoint,
    LineupEntry,
    Listed,
    MatchStatistics,
    SofaSportSeason,
    Team,
)
from fpl_pulse.etl.season_figures import SeasonStatistics

IDS = frozenset({
    "id", "code", "team_code", "event", "team_h", "team_a", "fixture", "teamId", "homeTeam.id", "awayTeam.id",
    "player.id", "season.id", "tournament.uniqueTournament.id",
})  # fmt: skip
DATES = frozenset({
    "deadline_time", "kickoff_time", "startTimestamp", "birth_date", "player.dateOfBirthTimestamp",
})  # fmt: skip


@dataclass(frozen=True)
class Records:
    """Records of a payload."""

    path: str
    """Of their lists, as in `payloads.lists`."""
    fields: tuple[str, ...]
    """The fields that the product reads."""


def fields_of(model: type[BaseModel], prefix: str = "") -> Iterator[str]:
    """The keys of a model as they are in the JSON, with those of the models inside it: `player.id`."""
    for name, field in model.model_fields.items():
        key = prefix + (field.alias or name)
        inner = _model_in(field.annotation)
        if inner is None:
            yield key
        else:
            yield from fields_of(inner, f"{key}.")


def _model_in(annotation: Any) -> type[BaseModel] | None:  # noqa: ANN401 - any type
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    if get_origin(annotation) in {Union, UnionType, Annotated}:
        return next((found for part in get_args(annotation) if (found := _model_in(part))), None)
    return None


def _records(path: str, model: type[BaseModel], *more: str) -> Records:
    return Records(path, (*fields_of(model), *more))


_STATISTICS = [f"statistics.{name}" for name in fields_of(MatchStatistics)]
_COMPETITION = ("tournament.uniqueTournament.id", "season.id", "season.year")

SCHEMAS: dict[str, tuple[Records, ...]] = {
    fpl.BOOTSTRAP: (_records("events", Gameweek), _records("teams", FplTeam), _records("elements", Element)),
    fpl.FIXTURES: (_records("", Fixture),),
    fpl.LIVE: (
        _records("elements", LiveElement),
        _records("elements.*.explain", Explain),
        _records("elements.*.explain.*.stats", ExplainLine),
    ),
    sofasport.SEASONS: (_records("seasons", SofaSportSeason),),
    sofasport.EVENTS: (_records("events", Event, *_COMPETITION), Records("", ("hasNextPage",))),
    sofasport.SQUAD: (_records("players", Listed),),
    sofasport.LINEUPS: (_records("*.players", LineupEntry, *_STATISTICS), Records("", ("confirmed", "home", "away"))),
    sofasport.HEATMAP: (_records("", HeatmapPoint),),
    sofasport.SEASON_STATISTICS: (_records("statistics", SeasonStatistics), _records("team", Team)),
    sofasport.ATTRIBUTES: (
        _records("playerAttributeOverviews", AttributeOverview),
        _records("averageAttributeOverviews", AttributeOverview),
    ),
}
"""Endpoint -> its records. The figures in a lineup's `statistics` are named one by one."""
