"""The shapes of the answers, as far as this project reads them.

Unknown keys are left alone (new ones appear during a season and stay in the raw archive and the JSONB
columns). Numbers may come as strings or whole floats. Lists are judged record by record, so that one bad
record does not cost the others: `accept` sorts them.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError
from pydantic.alias_generators import to_camel

from fpl_pulse.errors import PayloadError


def _none_if_blank(value: object) -> object:
    return None if isinstance(value, str) and not value.strip() else value


Id = Annotated[int, Field(gt=0, lt=2**31)]
Count = Annotated[int, Field(ge=0, lt=2**15)]
Score = Annotated[int, Field(ge=0, le=99)]
Percent = Annotated[int, Field(ge=0, le=100)]
Name = Annotated[str, Field(min_length=1, max_length=200)]
Text = Annotated[str | None, BeforeValidator(_none_if_blank)]
Position = Annotated[str | None, Field(pattern="^[GDMF]$"), BeforeValidator(_none_if_blank)]
Shirt = Annotated[int | None, Field(ge=0, le=999), BeforeValidator(_none_if_blank)]
Moment = Annotated[int, Field(gt=0, lt=2**32)]
"""Unix seconds, UTC."""

Timestamped = Annotated[int | None, Field(gt=-(2**31), lt=2**32)]
"""Unix seconds of a birth date; negative before 1970."""


class SofaSportModel(BaseModel):
    """SofaSport writes keys in camelCase."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, extra="ignore")


class FplModel(BaseModel):
    """FPL writes keys in snake_case."""

    model_config = ConfigDict(extra="ignore")


class SofaSportSeason(SofaSportModel):
    """One season of a tournament."""

    id: Id
    year: str


class Team(SofaSportModel):
    """A club inside an event or an answer."""

    id: Id
    name: Name
    short_name: Text = None
    slug: Text = None
    name_code: Text = None


class Status(SofaSportModel):
    """An event's state; branch on the code, never on the type."""

    code: Annotated[int, Field(ge=0, lt=1000)]


class EventScore(SofaSportModel):
    """Goals of one side; empty before kick-off."""

    current: Score | None = None
    period1: Score | None = None


class RoundInfo(SofaSportModel):
    """The round as planned."""

    round: Annotated[int | None, Field(ge=0, lt=1000)] = None


class Event(SofaSportModel):
    """A match in a list of events."""

    id: Id
    home_team: Team
    away_team: Team
    status: Status
    start_timestamp: Moment | None = None
    home_score: EventScore = EventScore()
    away_score: EventScore = EventScore()
    round_info: RoundInfo = RoundInfo()
    slug: Text = None


class Country(SofaSportModel):
    """A person's country."""

    alpha3: Text = None


class Person(SofaSportModel):
    """A player as described in squads, lineups and lists of missing players."""

    id: Id
    name: Name
    slug: Text = None
    short_name: Text = None
    position: Position = None
    jersey_number: Shirt = None
    date_of_birth_timestamp: Timestamped = None
    height: Annotated[int | None, Field(ge=0, le=260)] = None
    preferred_foot: Text = None
    country: Country = Country()


class Listed(SofaSportModel):
    """An entry of a squad or of a list of missing players."""

    player: Person


class LineupEntry(SofaSportModel):
    """A player in a lineup. `statistics` is absent when the match has none yet, {} for an unused substitute."""

    player: Person
    team_id: Id | None = None
    position: Position = None
    shirt_number: Shirt = None
    substitute: bool = False
    captain: bool = False
    statistics: dict[str, Any] | None = None


class MatchStatistics(SofaSportModel):
    """The match statistics that have columns; SofaSport omits zeros."""

    minutes_played: Annotated[int | None, Field(ge=0, le=150)] = None
    rating: Annotated[float | None, Field(ge=0, le=10)] = None
    goals: Count = 0
    own_goals: Count = 0
    goal_assist: Count = 0
    expected_goals: Annotated[float | None, Field(ge=0)] = None
    expected_assists: Annotated[float | None, Field(ge=0)] = None
    expected_goals_on_target: Annotated[float | None, Field(ge=0)] = None
    total_shots: Count = 0
    on_target_scoring_attempt: Count = 0
    key_pass: Count = 0
    total_pass: Count = 0
    accurate_pass: Count = 0
    touches: Count = 0
    duel_won: Count = 0
    duel_lost: Count = 0
    total_tackle: Count = 0
    interception_won: Count = 0
    total_clearance: Count = 0
    ball_recovery: Count = 0
    fouls: Count = 0
    was_fouled: Count = 0
    saves: Count = 0


class HeatmapPoint(SofaSportModel):
    """A touch: whole numbers 0-100, x from the player's own goal line."""

    x: Percent
    y: Percent


class AttributeOverview(SofaSportModel):
    """A radar: of a player's season, or the average of a position. Goalkeepers have axes of their own."""

    id: Id | None = None
    year_shift: Annotated[int, Field(ge=0, le=30)] = 0
    position: Position = None
    attacking: Percent | None = None
    technical: Percent | None = None
    tactical: Percent | None = None
    defending: Percent | None = None
    creativity: Percent | None = None
    saves: Percent | None = None
    anticipation: Percent | None = None
    ball_distribution: Percent | None = None
    aerial: Percent | None = None


class Gameweek(FplModel):
    """An entry of bootstrap-static `events`."""

    id: Annotated[int, Field(ge=1, le=60)]
    name: Name
    deadline_time: datetime
    finished: bool
    data_checked: bool
    is_current: bool
    average_entry_score: int | None = None
    highest_score: int | None = None


class FplTeam(FplModel):
    """An entry of bootstrap-static `teams`."""

    id: Annotated[int, Field(ge=1, le=40)]
    code: Id
    name: Name
    short_name: Name


class Element(FplModel):
    """An entry of bootstrap-static `elements`: a player."""

    id: Id
    code: Id
    first_name: str
    second_name: str
    web_name: Name
    known_name: Text = None
    birth_date: Annotated[date | None, BeforeValidator(_none_if_blank)] = None
    team_code: Id
    element_type: Annotated[int, Field(ge=1, le=5)]
    status: Text = None
    now_cost: int | None = None
    total_points: int
    minutes: Annotated[int, Field(ge=0)]
    goals_scored: Count
    assists: Count


class Fixture(FplModel):
    """An entry of fixtures/."""

    id: Id
    code: Id
    event: int | None = None
    kickoff_time: datetime | None = None
    team_h: int
    team_a: int
    team_h_score: Score | None = None
    team_a_score: Score | None = None
    started: bool | None = None
    finished_provisional: bool
    finished: bool
    minutes: Count


class ExplainLine(FplModel):
    """One line of how points came about."""

    identifier: str
    value: int
    points: int = 0


class Explain(FplModel):
    """The lines of one fixture."""

    fixture: Id
    stats: list[ExplainLine]


class LiveElement(FplModel):
    """A player's gameweek: totals in `stats`, one `explain` block a fixture."""

    id: Id
    stats: dict[str, Any]
    explain: list[Explain]


Model = TypeVar("Model", bound=BaseModel)


@dataclass(frozen=True)
class Rejected:
    """A record that does not fit, where it stood, and why."""

    place: str
    reason: str
    record: Any


def accept(
    model: type[Model], records: Iterable[Any], place: str
) -> tuple[list[tuple[Any, Model]], list[Rejected]]:
    """Sort the records of a list into good ones, each as (as it came, validated), and rejected ones."""
    good, rejected = [], []
    for number, record in enumerate(records):
        try:
            good.append((record, model.model_validate(record)))
        except ValidationError as error:
            rejected.append(Rejected(f"{place}[{number}]", _reason(error), record))
    return good, rejected


def require_list(body: object, key: str, where: str) -> list[Any]:
    """The list under a key of an answer.

    Raises:
        PayloadError: when the answer is no object or the key holds no list.
    """
    value = body.get(key) if isinstance(body, Mapping) else None
    if not isinstance(value, list):
        raise PayloadError(f"{where}: expected a list under {key!r}; has the API's shape changed?")
    return value


def _reason(error: ValidationError) -> str:
    """Where and what, without the values, which stay in the record."""
    parts = [f"{'.'.join(map(str, line['loc'])) or 'record'}: {line['msg']}" for line in error.errors()[:5]]
    return "; ".join(parts)
