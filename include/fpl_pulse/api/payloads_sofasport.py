"""The shapes of SofaSport's payloads, as far as this project reads them.

Unknown keys are ignored here: new ones appear during a season, and the raw archive and the JSONB columns keep them.
Numbers may come as strings or whole floats. A null means the same as a missing key.
"""

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StrictBool, TypeAdapter, model_validator
from pydantic.alias_generators import to_camel
from typing_extensions import TypedDict

from fpl_pulse.api.fields import (
    DESCRIPTION,
    FIGURE,
    BirthSeconds,
    Count,
    ExpectedFigure,
    Height,
    Id,
    KickOffSeconds,
    Name,
    OptionalText,
    Percent,
    Position,
    RoundedPercent,
    Score,
    ShirtNumber,
)

Description = Annotated[OptionalText, DESCRIPTION]
OptionalPosition = Annotated[Position, DESCRIPTION]
OptionalShirtNumber = Annotated[ShirtNumber, DESCRIPTION]
MatchCount = Annotated[Count, FIGURE]
ExpectedInMatch = Annotated[ExpectedFigure | None, FIGURE]
Axis = Annotated[RoundedPercent | None, FIGURE]


class SofaSportModel(BaseModel):
    """SofaSport writes keys in camelCase."""

    model_config = ConfigDict(
        alias_generator=to_camel, populate_by_name=True, extra="ignore", allow_inf_nan=False, frozen=True
    )

    @model_validator(mode="before")
    @classmethod
    def _without_nulls(cls, record: object) -> object:
        if isinstance(record, dict) and None in record.values():
            return {key: value for key, value in record.items() if value is not None}
        return record


class SofaSportSeason(SofaSportModel):
    """One season of a tournament."""

    id: Id
    year: Name


class Team(SofaSportModel):
    """A club, as named in events and season statistics."""

    id: Id
    name: Description = None
    short_name: Description = None
    slug: Description = None
    name_code: Description = None


class Status(SofaSportModel):
    """An event's status. Branch on the code: the type of code 90 differs between sources."""

    code: Annotated[int, Field(ge=0, lt=1000)]


class EventScore(SofaSportModel):
    """Goals of one side; empty before kick-off."""

    current: Score | None = None
    period1: Annotated[Score | None, FIGURE] = None


class RoundInfo(SofaSportModel):
    """The round as planned; a moved match keeps it."""

    round: Annotated[int | None, Field(ge=0, lt=1000), DESCRIPTION] = None


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
    round_info: Annotated[RoundInfo, DESCRIPTION] = RoundInfo()
    slug: Description = None


class Country(SofaSportModel):
    """A player's country, as an ISO 3166 alpha-3 code."""

    alpha3: Description = None


class Person(SofaSportModel):
    """A player, as described in squads, lineups and lists of missing players. The name is optional: some have none."""

    id: Id
    name: Description = None
    slug: Description = None
    short_name: Description = None
    position: OptionalPosition = None
    jersey_number: OptionalShirtNumber = None
    date_of_birth_timestamp: Annotated[BirthSeconds, DESCRIPTION] = None
    height: Annotated[Height, DESCRIPTION] = None
    preferred_foot: Description = None
    country: Annotated[Country, DESCRIPTION] = Country()
    team: Annotated[Reference, DESCRIPTION] = Reference()
    """The club, in squads only."""


class Listed(SofaSportModel):
    """An entry of a squad (teams/players) or of a lineup's list of missing players."""

    player: Person


class LineupEntry(SofaSportModel):
    """A player in a lineup. `statistics` is absent while the match has none, and {} for an unused substitute."""

    player: Person
    team_id: Annotated[Id | None, DESCRIPTION] = None
    position: OptionalPosition = None
    shirt_number: OptionalShirtNumber = None
    substitute: StrictBool = False
    captain: Annotated[StrictBool | None, DESCRIPTION] = None
    statistics: dict[str, Any] | None = None


class MatchStatistics(SofaSportModel):
    """The match statistics that have columns. SofaSport omits zeros, so a missing count is 0."""

    minutes_played: Annotated[int | None, Field(ge=0, le=150), FIGURE] = None
    rating: Annotated[float | None, Field(ge=0, le=10), FIGURE] = None
    goals: MatchCount = 0
    own_goals: MatchCount = 0
    goal_assist: MatchCount = 0
    expected_goals: ExpectedInMatch = None
    expected_assists: ExpectedInMatch = None
    expected_goals_on_target: ExpectedInMatch = None
    total_shots: MatchCount = 0
    on_target_scoring_attempt: MatchCount = 0
    key_pass: MatchCount = 0
    total_pass: MatchCount = 0
    accurate_pass: MatchCount = 0
    touches: MatchCount = 0
    duel_won: MatchCount = 0
    duel_lost: MatchCount = 0
    total_tackle: MatchCount = 0
    interception_won: MatchCount = 0
    total_clearance: MatchCount = 0
    ball_recovery: MatchCount = 0
    fouls: MatchCount = 0
    was_fouled: MatchCount = 0
    saves: MatchCount = 0


class HeatmapPoint(SofaSportModel):
    """A recorded action: x and y from 0 to 100, x from the player's own goal line."""

    x: RoundedPercent
    y: RoundedPercent


class Point(TypedDict):
    """The same as a plain dict, for the validation of a whole list at once."""

    x: Percent
    y: Percent


POINTS = TypeAdapter(list[Point])
"""Validates a list of points many times faster than one by one."""


class AttributeOverview(SofaSportModel):
    """One radar: of a player's season, or the average of a position. Goalkeepers have other axes than field players."""

    id: Id | None = None
    year_shift: Annotated[int, Field(ge=0, le=30)]
    position: OptionalPosition = None
    attacking: Axis = None
    technical: Axis = None
    tactical: Axis = None
    defending: Axis = None
    creativity: Axis = None
    saves: Axis = None
    anticipation: Axis = None
    ball_distribution: Axis = None
    aerial: Axis = None
