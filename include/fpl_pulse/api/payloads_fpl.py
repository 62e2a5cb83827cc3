"""The shapes of FPL's payloads, as far as this project reads them.

Unknown keys are ignored here: new ones appear every summer, and the raw archive and the JSONB columns keep them. FPL
sends many numbers as strings.
"""

from datetime import date
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, field_validator

from fpl_pulse.api.fields import (
    Count,
    ExpectedFigure,
    Id,
    IndexFigure,
    Integer,
    LargeCount,
    Name,
    NamePart,
    OptionalText,
    Score,
    SmallInteger,
    ZonedDatetime,
    none_if_blank,
)

GameweekNumber = Annotated[int, Field(ge=1, le=60)]
TeamNumber = Annotated[int, Field(ge=1, le=40)]

MAX_EXPLAIN_LINES = 100
"""Lines of one block. Times the most points of a line, this still fits a smallint."""

LinePoints = Annotated[int, Field(ge=-300, le=300)]


class FplModel(BaseModel):
    """FPL writes keys in snake_case."""

    model_config = ConfigDict(extra="ignore", allow_inf_nan=False)


class Gameweek(FplModel):
    """An entry of bootstrap-static `events`."""

    id: GameweekNumber
    name: Name
    deadline_time: ZonedDatetime
    finished: bool
    data_checked: bool
    is_current: bool
    average_entry_score: Integer | None = None
    highest_score: Integer | None = None


class FplTeam(FplModel):
    """An entry of bootstrap-static `teams`."""

    id: TeamNumber
    code: Id
    name: Name
    short_name: Name


class Element(FplModel):
    """An entry of bootstrap-static `elements`: a player."""

    id: Id
    code: Id
    first_name: NamePart
    second_name: NamePart
    web_name: NamePart
    known_name: OptionalText = None
    birth_date: Annotated[date | None, BeforeValidator(none_if_blank)] = None
    team: TeamNumber | None = None
    """FPL's number of the club in the season. It must be that of the club with `team_code`."""
    team_code: Id
    element_type: Annotated[int, Field(ge=1, le=5)]
    status: OptionalText = None
    now_cost: Integer | None = None
    total_points: Integer
    minutes: LargeCount
    goals_scored: Count
    assists: Count


class Fixture(FplModel):
    """An entry of fixtures/."""

    id: Id
    code: Id
    event: GameweekNumber | None = None
    kickoff_time: ZonedDatetime | None = None
    team_h: TeamNumber
    team_a: TeamNumber
    team_h_score: Score | None = None
    team_a_score: Score | None = None
    started: bool | None = None
    finished_provisional: bool
    finished: bool
    minutes: Count


class ExplainLine(FplModel):
    """One reason for points: the statistic, its value and the points for it."""

    identifier: Name
    value: SmallInteger
    points: LinePoints = 0


class Explain(FplModel):
    """A player's points in one fixture, line by line."""

    fixture: Id
    stats: Annotated[list[ExplainLine], Field(max_length=MAX_EXPLAIN_LINES)]


class LiveStats(FplModel):
    """A player's official figures in a gameweek. The optional ones did not exist in every season."""

    minutes: Count
    goals_scored: Count
    assists: Count
    own_goals: Count
    yellow_cards: Count
    red_cards: Count
    penalties_saved: Count
    penalties_missed: Count
    bonus: Count
    clean_sheets: Count | None = None
    goals_conceded: Count | None = None
    saves: Count | None = None
    starts: Count | None = None
    bps: SmallInteger | None = None
    expected_goals: ExpectedFigure | None = None
    expected_assists: ExpectedFigure | None = None
    expected_goals_conceded: ExpectedFigure | None = None
    expected_goal_involvements: ExpectedFigure | None = None
    defensive_contribution: Count | None = None
    clearances_blocks_interceptions: Count | None = None
    recoveries: Count | None = None
    tackles: Count | None = None
    influence: IndexFigure | None = None
    creativity: IndexFigure | None = None
    threat: IndexFigure | None = None
    ict_index: IndexFigure | None = None


class LiveElement(FplModel):
    """A player's gameweek, from event/{gw}/live/: totals in `stats`, and one `explain` block per fixture."""

    id: Id
    stats: LiveStats
    explain: list[Explain]

    @field_validator("explain")
    @classmethod
    def _each_fixture_once(cls, explain: list[Explain]) -> list[Explain]:
        if len({block.fixture for block in explain}) < len(explain):
            raise ValueError("a fixture has two blocks")
        return explain
