"""The shapes of FPL's payloads, as far as this project reads them.

Unknown keys are ignored here: new ones appear every summer, and the raw archive and the JSONB columns keep them. FPL
sends many numbers as strings. It never omits a key: a missing key is unknown, and a null states that there is no value.
"""

from datetime import date
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StrictBool, field_validator

from fpl_pulse.api.fields import (
    DESCRIPTION,
    FIGURE,
    Count,
    ExpectedFigure,
    Id,
    IndexFigure,
    Integer,
    LargeCount,
    Name,
    NamePart,
    OptionalText,
    Percent,
    Percentage,
    Score,
    SmallInteger,
    ZonedDatetime,
    none_if_blank,
)
from fpl_pulse.season import MAX_GAMEWEEK

GameweekNumber = Annotated[int, Field(ge=1, le=MAX_GAMEWEEK)]
TeamNumber = Annotated[int, Field(ge=1, le=40)]

MAX_EXPLAIN_LINES = 100
"""Lines of one block. Times the most points of a line, this still fits a smallint."""

OptionalGameweek = Annotated[GameweekNumber | None, FIGURE]
OptionalTime = Annotated[ZonedDatetime | None, FIGURE]
OptionalScore = Annotated[Score | None, FIGURE]
OptionalCount = Annotated[Count | None, FIGURE]
OptionalInteger = Annotated[Integer | None, FIGURE]
OptionalTotal = Annotated[LargeCount | None, FIGURE]
OptionalPercent = Annotated[Percent | None, FIGURE]
OptionalExpected = Annotated[ExpectedFigure | None, FIGURE]
OptionalIndex = Annotated[IndexFigure | None, FIGURE]
Description = Annotated[OptionalText, DESCRIPTION]
OptionalNamePart = Annotated[NamePart | None, DESCRIPTION]

LinePoints = Annotated[int, Field(ge=-300, le=300)]


class FplModel(BaseModel):
    """FPL writes keys in snake_case."""

    model_config = ConfigDict(extra="ignore", allow_inf_nan=False)


class Gameweek(FplModel):
    """An entry of bootstrap-static `events`."""

    id: GameweekNumber
    name: Description = None
    deadline_time: ZonedDatetime
    finished: StrictBool
    data_checked: StrictBool
    is_current: StrictBool
    average_entry_score: OptionalInteger = None
    highest_score: OptionalInteger = None


class FplTeam(FplModel):
    """An entry of bootstrap-static `teams`."""

    id: TeamNumber
    code: Id
    name: Description = None
    short_name: Description = None


class Element(FplModel):
    """An entry of bootstrap-static `elements`: a player."""

    id: Id
    code: Id
    first_name: OptionalNamePart = None
    second_name: OptionalNamePart = None
    web_name: OptionalNamePart = None
    known_name: Description = None
    birth_date: Annotated[date | None, BeforeValidator(none_if_blank), DESCRIPTION] = None
    team: TeamNumber | None = None
    """FPL's number of the club in the season. It must be that of the club with `team_code`."""
    team_code: Id
    element_type: Annotated[int, Field(ge=1, le=5)]
    status: Description = None
    now_cost: OptionalInteger = None
    total_points: OptionalInteger = None
    minutes: OptionalTotal = None
    goals_scored: OptionalCount = None
    assists: OptionalCount = None
    selected_by_percent: Annotated[Percentage | None, FIGURE] = None
    transfers_in: OptionalTotal = None
    transfers_in_event: OptionalTotal = None
    transfers_out: OptionalTotal = None
    transfers_out_event: OptionalTotal = None
    chance_of_playing_this_round: OptionalPercent = None
    chance_of_playing_next_round: OptionalPercent = None
    news: Description = None
    news_added: OptionalTime = None
    form: OptionalIndex = None
    ep_this: OptionalIndex = None
    ep_next: OptionalIndex = None


class Fixture(FplModel):
    """An entry of fixtures/."""

    id: Id
    code: Id
    event: OptionalGameweek = None
    kickoff_time: OptionalTime = None
    team_h: TeamNumber
    team_a: TeamNumber
    team_h_score: OptionalScore = None
    team_a_score: OptionalScore = None
    started: Annotated[StrictBool | None, FIGURE] = None
    finished_provisional: StrictBool
    finished: StrictBool
    minutes: OptionalCount = None


class ExplainLine(FplModel):
    """One reason for points: the statistic, its value and the points for it."""

    identifier: Name
    value: SmallInteger
    points: LinePoints


class Explain(FplModel):
    """A player's points in one fixture, line by line."""

    fixture: Id
    stats: Annotated[list[ExplainLine], Field(max_length=MAX_EXPLAIN_LINES)]


class LiveStats(FplModel):
    """A player's official figures in a gameweek. The optional ones did not exist in every season."""

    minutes: Count
    total_points: OptionalInteger = None
    goals_scored: Count
    assists: Count
    own_goals: Count
    yellow_cards: Count
    red_cards: Count
    penalties_saved: Count
    penalties_missed: Count
    bonus: Count
    clean_sheets: OptionalCount = None
    goals_conceded: OptionalCount = None
    saves: OptionalCount = None
    starts: OptionalCount = None
    bps: Annotated[SmallInteger | None, FIGURE] = None
    expected_goals: OptionalExpected = None
    expected_assists: OptionalExpected = None
    expected_goals_conceded: OptionalExpected = None
    expected_goal_involvements: OptionalExpected = None
    defensive_contribution: OptionalCount = None
    clearances_blocks_interceptions: OptionalCount = None
    recoveries: OptionalCount = None
    tackles: OptionalCount = None
    influence: OptionalIndex = None
    creativity: OptionalIndex = None
    threat: OptionalIndex = None
    ict_index: OptionalIndex = None


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
