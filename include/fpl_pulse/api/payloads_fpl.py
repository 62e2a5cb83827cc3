"""The shapes of FPL's answers, as far as this project reads them.

Unknown keys are left alone (new ones appear every summer and stay in the raw archive and the JSONB columns).
Many numbers come as strings.
"""

from datetime import date
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, field_validator

from fpl_pulse.api.fields import (
    AnyName,
    Count,
    Expected,
    Id,
    Instant,
    Integer,
    LargeCount,
    Name,
    Score,
    Small,
    Text,
    none_if_blank,
)

GameweekNumber = Annotated[int, Field(ge=1, le=60)]
TeamNumber = Annotated[int, Field(ge=1, le=40)]

MOST_LINES = 100
LinePoints = Annotated[int, Field(ge=-300, le=300)]
"""With so many lines a block, the sum of the points still fits a smallint."""


class FplModel(BaseModel):
    """FPL writes keys in snake_case."""

    model_config = ConfigDict(extra="ignore", allow_inf_nan=False)


class Gameweek(FplModel):
    """An entry of bootstrap-static `events`."""

    id: GameweekNumber
    name: Name
    deadline_time: Instant
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
    first_name: AnyName
    second_name: AnyName
    web_name: AnyName
    known_name: Text = None
    birth_date: Annotated[date | None, BeforeValidator(none_if_blank)] = None
    team_code: Id
    element_type: Annotated[int, Field(ge=1, le=5)]
    status: Text = None
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
    kickoff_time: Instant | None = None
    team_h: TeamNumber
    team_a: TeamNumber
    team_h_score: Score | None = None
    team_a_score: Score | None = None
    started: bool | None = None
    finished_provisional: bool
    finished: bool
    minutes: Count


class ExplainLine(FplModel):
    """One line of how points came about."""

    identifier: Name
    value: Small
    points: LinePoints = 0


class Explain(FplModel):
    """The lines of one fixture."""

    fixture: Id
    stats: Annotated[list[ExplainLine], Field(max_length=MOST_LINES)]


class LiveStats(FplModel):
    """A player's official figures of a gameweek; the optional ones did not exist in every season."""

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
    bps: Small | None = None
    expected_goals: Expected | None = None
    expected_assists: Expected | None = None
    expected_goals_conceded: Expected | None = None


class LiveElement(FplModel):
    """A player's gameweek: totals in `stats`, one `explain` block a fixture."""

    id: Id
    stats: LiveStats
    explain: list[Explain]

    @field_validator("explain")
    @classmethod
    def _each_fixture_once(cls, explain: list[Explain]) -> list[Explain]:
        if len({block.fixture for block in explain}) < len(explain):
            raise ValueError("a fixture has two blocks")
        return explain
