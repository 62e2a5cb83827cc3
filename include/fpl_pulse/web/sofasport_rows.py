"""What the five addresses of the old web app respond, with the names of its fields.

Fields that the old web app did not have come after those that it had.
"""

from typing import Any

from pydantic import AwareDatetime, BaseModel, Field

Attribute = int | None


class PlayerFields(BaseModel):
    """The player of a response."""

    player_id: int = Field(description="FPL's element id in the season.", examples=[381])
    player_name: str = Field(examples=["M.Salah"])


class Radar(PlayerFields):
    """A player's own attributes, never the average of the position."""

    full_name: str = Field(examples=["Mohamed Salah"])
    position: str | None = Field(description="G, D, M or F.", examples=["M"])
    attributes: dict[str, Attribute] | None = Field(
        description="0-100. Goalkeepers have axes of their own. Null in a comparison when the player has none.",
        examples=[{"attacking": 71, "technical": 64, "tactical": 46, "defending": 33, "creativity": 69}],
    )
    is_average: bool = Field(default=False, description="Always false.")
    year_shift: int | None = Field(description="Seasons between the attributes and the requested season.", examples=[0])
    code: int = Field(description="FPL's number of the person for life.", examples=[118748])
    team: str = Field(examples=["Liverpool"])
    season: str | None = Field(description="The season that the attributes describe.", examples=["2025-26"])
    average: dict[str, Attribute] | None = Field(description="The average of the position, to compare with.")
    average_season: str | None


class Comparison(BaseModel):
    """The radars of some players, in the order of the request."""

    players: list[Radar]


class SeasonStatistics(PlayerFields):
    """A player's totals of the season, as SofaSport states them. Null is unknown, 0 is none."""

    team: str | None = Field(examples=["Liverpool"])
    season_id: str = Field(description="SofaSport's id of the season.", examples=["76986"])
    category: str | None = Field(default=None, description="Always null: SofaSport has no categories.")
    rating: float | None
    minutes_played: int | None
    appearances: int | None
    goals: int | None
    assists: int | None
    expected_assists: float | None
    shots: int | None
    big_chances: int | None = Field(description="Big chances created.")
    accurate_passes: int | None
    total_passes: int | None
    pass_percentage: float | None
    key_passes: int | None
    accurate_long_balls: int | None
    accurate_long_balls_percentage: float | None
    tackles: int | None
    interceptions: int | None
    clearances: int | None
    total_duels_won: int | None
    total_duels_won_percentage: float | None
    aerial_duels_won: int | None
    ground_duels_won: int | None
    yellow_cards: int | None
    red_cards: int | None
    fouls: int | None
    was_fouled: int | None
    saves: int | None
    saves_percentage: float | None
    clean_sheets: int | None
    goals_conceded: int | None
    all_stats: dict[str, Any] = Field(description="All figures, under SofaSport's names.")
    code: int
    season: str = Field(examples=["2025-26"])
    expected_goals: float | None
    big_chances_missed: int | None
    shots_on_target: int | None


class Point(BaseModel):
    """A recorded action: x from the player's own goal line, y across the pitch, both 0-100."""

    x: float
    y: float


class MatchHeatmap(BaseModel):
    """A player's heatmap in one match: recorded actions, not tracking."""

    fixture_id: int
    event_id: int
    kickoff_at: AwareDatetime | None
    team: str | None
    venue: str | None = Field(examples=["home"])
    coordinates: list[Point]
    point_count: int


class Heatmap(PlayerFields):
    """A player's points in a gameweek. In a double gameweek `coordinates` has those of both matches."""

    gameweek: int = Field(examples=[7])
    coordinates: list[Point]
    point_count: int
    code: int
    matches: list[MatchHeatmap]


class LineupEntry(BaseModel):
    """A player in the lineup of a match."""

    position: str | None = Field(description="G, D, M or F.", examples=["M"])
    shirt_number: int | None
    substitute: bool
    minutes_played: int | None
    team: str | None
    statistics: dict[str, Any] = Field(description="All figures of the match, under SofaSport's names.")


class LineupEntryOfMatch(LineupEntry):
    """The same, with the match."""

    fixture_id: int
    event_id: int
    kickoff_at: AwareDatetime | None
    opponent: str
    venue: str = Field(examples=["home"])
    rating: float | None


class MatchStatistics(PlayerFields, LineupEntry):
    """A player in the first match of a gameweek, and in `matches` all of them."""

    gameweek: int = Field(examples=[7])
    code: int
    matches: list[LineupEntryOfMatch]
