"""The shapes of SofaSport's payloads, as far as this project reads them.

Unknown keys are ignored here: new ones appear during a season, and the raw archive and the JSONB columns keep them.
Numbers may come as strings or whole floats. A null means the same as a missing key.
"""

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, model_validator
from pydantic.alias_generators import to_camel
from typing_extensions import TypedDict

from fpl_pulse.api.fields import (
    BirthSeconds,
    Count,
    ExpectedFigure,
    Id,
    KickOffSeconds,
    Name,
    OptionalText,
    Percent,
    Position,
    Score,
    ShirtNumber,
)


class SofaSportModel(BaseModel):
    """SofaSport writes keys in camelCase."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, extra="ignore", allow_inf_nan=False)

    @model_validator(mode="before")
    @classmethod
    def _without_nulls(cls, record: object) -> object:
        if not isinstance(record, dict):
            return record
        return {key: value for key, value in record.items() if value is not None}


class SofaSportSeason(SofaSportModel):
    """One season of a tournament."""

    id: Id
    year: Name


class Team(SofaSportModel):
    """A club, as named in events and season statistics."""

    id: Id
    name: Name
    short_name: OptionalText = None
    slug: OptionalText = None
    name_code: OptionalText = None


class Status(SofaSportModel):
    """An event's status. Branch on the code: the type of code 90 differs between sources."""

    code: Annotated[int, Field(ge=0, lt=1000)]


class EventScore(SofaSportModel):
    """Goals of one side; empty before kick-off."""

    current: Score | None = None
    period1: Score | None = None


class RoundInfo(SofaSportModel):
    """The round as planned; a moved match keeps it."""

    round: Annotated[int | None, Field(ge=0, lt=1000)] = None


class Reference(SofaSportModel):
    """An object of which only the id is read."""

    id: Id | None = None


class Tournament(SofaSportModel):
    """The stage or group of a competition in which a match is played, with the competition."""

    unique_tournament: Reference = Reference()


class Event(SofaSportModel):
    """A match, as listed by seasons/events. Older responses name neither the competition nor the season."""

    id: Id
    tournament: Tournament = Tournament()
    season: Reference = Reference()
    home_team: Team
    away_team: Team
    status: Status
    start_timestamp: KickOffSeconds | None = None
    home_score: EventScore = EventScore()
    away_score: EventScore = EventScore()
    round_info: RoundInfo = RoundInfo()
    slug: OptionalText = None


class Country(SofaSportModel):
    """A player's country, as an ISO 3166 alpha-3 code."""

    alpha3: OptionalText = None


class Person(SofaSportModel):
    """A player, as described in squads, lineups and lists of missing players. The name is optional: some have none."""

    id: Id
    name: OptionalText = None
    slug: OptionalText = None
    short_name: OptionalText = None
    position: Position = None
    jersey_number: ShirtNumber = None
    date_of_birth_timestamp: BirthSeconds = None
    height: Annotated[int | None, Field(ge=0, le=260)] = None
    preferred_foot: OptionalText = None
    country: Country = Country()
    team: Reference = Reference()
    """The club, in squads only."""


class Listed(SofaSportModel):
    """An entry of a squad (teams/players) or of a lineup's list of missing players."""

    player: Person


class LineupEntry(SofaSportModel):
    """A player in a lineup. `statistics` is absent while the match has none, and {} for an unused substitute."""

    player: Person
    team_id: Id | None = None
    position: Position = None
    shirt_number: ShirtNumber = None
    substitute: bool = False
    captain: bool = False
    statistics: dict[str, Any] | None = None


class MatchStatistics(SofaSportModel):
    """The match statistics that have columns. SofaSport omits zeros, so a missing count is 0."""

    minutes_played: Annotated[int | None, Field(ge=0, le=150)] = None
    rating: Annotated[float | None, Field(ge=0, le=10)] = None
    goals: Count = 0
    own_goals: Count = 0
    goal_assist: Count = 0
    expected_goals: ExpectedFigure | None = None
    expected_assists: ExpectedFigure | None = None
    expected_goals_on_target: ExpectedFigure | None = None
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
    """A recorded action: x and y from 0 to 100, x from the player's own goal line."""

    x: Percent
    y: Percent


class Point(TypedDict):
    """The same as a plain dict, for the validation of a whole list at once."""

    x: Percent
    y: Percent


POINTS = TypeAdapter(list[Point])
"""Validates a list of points many times faster than one by one."""


class AttributeOverview(SofaSportModel):
    """One radar: of a player's season, or the average of a position. Goalkeepers have other axes than field players."""

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
