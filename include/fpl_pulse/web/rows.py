"""The rows that responses consist of. Their fields are the columns of the views.

The views are explained in docs/data-dictionary.md. A test compares the fields with the views.
"""

from datetime import date
from typing import Generic, TypeVar

from pydantic import AwareDatetime, BaseModel, Field

Moment = AwareDatetime


class SeasonRow(BaseModel):
    """A row of `fpl.seasons`."""

    season: str = Field(examples=["2025-26"])
    is_current: bool


class GameweekRow(BaseModel):
    """A row of `fpl.gameweeks`."""

    season: str = Field(examples=["2025-26"])
    gameweek: int = Field(examples=[7])
    name: str = Field(examples=["Gameweek 7"])
    deadline_at: Moment
    is_finished: bool
    is_final: bool
    is_current: bool
    average_points: int | None
    highest_points: int | None


class PlayerRow(BaseModel):
    """A row of `fpl.players`."""

    season: str = Field(examples=["2025-26"])
    player: str = Field(examples=["M.Salah"])
    full_name: str = Field(examples=["Mohamed Salah"])
    team: str = Field(examples=["Liverpool"])
    position: str = Field(examples=["Midfielder"])
    status: str | None = Field(examples=["available"])
    news: str | None
    chance_of_playing: int | None
    price: float | None = Field(description="In millions of pounds.", examples=[14.2])
    ownership: float | None
    points: int | None
    minutes: int | None
    goals: int | None
    assists: int | None
    form: float | None
    expected_points: float | None
    birth_date: date | None
    preferred_foot: str | None
    height_cm: int | None
    country_code: str | None
    code: int = Field(examples=[118748])
    element_id: int = Field(examples=[381])
    sofasport_player_id: int | None
    sofasport_name: str | None
    team_code: int


class PlayerSeasonRow(BaseModel):
    """A row of `fpl.player_seasons`: totals, and figures per 90 minutes."""

    season: str = Field(examples=["2025-26"])
    player: str
    position: str
    team: str
    price: float | None
    matches: int
    starts: int | None
    minutes: int | None
    points: int | None
    goals: int | None
    assists: int | None
    expected_goals: float | None
    expected_assists: float | None
    expected_goal_involvements: float | None
    clean_sheets: int | None
    goals_conceded: int | None
    saves: int | None
    yellow_cards: int | None
    red_cards: int | None
    bonus: int | None
    defensive_contribution: int | None
    rating: float | None
    shots: int | None
    shots_on_target: int | None
    key_passes: int | None
    passes: int | None
    accurate_passes: int | None
    touches: int | None
    duels_won: int | None
    interceptions: int | None
    clearances: int | None
    points_per_90: float | None
    goals_per_90: float | None
    assists_per_90: float | None
    expected_goals_per_90: float | None
    expected_assists_per_90: float | None
    expected_goal_involvements_per_90: float | None
    defensive_contribution_per_90: float | None
    saves_per_90: float | None
    shots_per_90: float | None
    key_passes_per_90: float | None
    touches_per_90: float | None
    sofasport_minutes: int | None
    sofasport_goals: int | None
    sofasport_assists: int | None
    sofasport_expected_goals: float | None
    sofasport_expected_assists: float | None
    sofasport_season_rating: float | None
    code: int
    element_id: int
    sofasport_player_id: int | None


class PlayerMatchRow(BaseModel):
    """A row of `fpl.player_matches`: official figures, and SofaSport's from `rating` on."""

    season: str = Field(examples=["2025-26"])
    gameweek: int | None
    kickoff_at: Moment | None
    player: str
    position: str
    team: str | None
    opponent: str | None
    venue: str | None = Field(examples=["home"])
    result: str | None = Field(examples=["won"])
    team_score: int | None
    opponent_score: int | None
    price: float | None
    minutes: int | None
    starts: int | None
    points: int | None
    goals: int | None
    assists: int | None
    expected_goals: float | None
    expected_assists: float | None
    expected_goal_involvements: float | None
    expected_goals_conceded: float | None
    clean_sheets: int | None
    goals_conceded: int | None
    saves: int | None
    own_goals: int | None
    penalties_saved: int | None
    penalties_missed: int | None
    yellow_cards: int | None
    red_cards: int | None
    bonus: int | None
    bps: int | None
    defensive_contribution: int | None
    clearances_blocks_interceptions: int | None
    recoveries: int | None
    tackles: int | None
    influence: float | None
    creativity: float | None
    threat: float | None
    ict_index: float | None
    rating: float | None
    sofasport_minutes: int | None
    sofasport_is_starter: bool | None
    sofasport_goals: int | None
    sofasport_assists: int | None
    sofasport_own_goals: int | None
    sofasport_expected_goals: float | None
    sofasport_expected_assists: float | None
    expected_goals_on_target: float | None
    shots: int | None
    shots_on_target: int | None
    key_passes: int | None
    passes: int | None
    accurate_passes: int | None
    touches: int | None
    duels_won: int | None
    duels_lost: int | None
    sofasport_tackles: int | None
    interceptions: int | None
    clearances: int | None
    sofasport_recoveries: int | None
    fouls: int | None
    was_fouled: int | None
    sofasport_saves: int | None
    sofasport_position: str | None
    shirt_number: int | None
    code: int
    element_id: int
    fixture_id: int
    event_id: int | None
    sofasport_player_id: int | None
    team_code: int | None


class MatchRow(BaseModel):
    """A row of `fpl.fixtures`."""

    season: str = Field(examples=["2025-26"])
    gameweek: int | None = Field(examples=[7])
    kickoff_at: Moment | None
    home_team: str = Field(examples=["Liverpool"])
    away_team: str = Field(examples=["Everton"])
    home_score: int | None
    away_score: int | None
    state: str = Field(examples=["final"])
    home_formation: str | None = Field(examples=["4-2-3-1"])
    away_formation: str | None
    sofasport_home_score: int | None
    sofasport_away_score: int | None
    fixture_id: int = Field(examples=[61])
    fixture_code: int | None
    event_id: int | None
    home_team_code: int
    away_team_code: int


class CoverageRow(BaseModel):
    """A row of `fpl.coverage`."""

    season: str = Field(examples=["2025-26"])
    gameweek: int | None = Field(examples=[7])
    what: str = Field(examples=["heatmaps"])
    have: int
    want: int
    not_yet: int
    is_enough: bool
    is_complete: bool
    missing: list[str]
    missing_count: int
    as_of: Moment
    dag_id: str
    run_id: str


class SlotRow(BaseModel):
    """A row of `fpl.week_status`."""

    pipeline: str = Field(examples=["Lineups"])
    slot_at: Moment
    deadline_at: Moment
    state: str = Field(examples=["success"])
    is_all_right: bool | None
    has_missed_deadline: bool | None
    as_of: Moment | None
    started_at: Moment | None
    finished_at: Moment | None
    calls: int | None
    calls_skipped: int | None
    rows_inserted: int | None
    rows_updated: int | None
    have: int | None
    want: int | None
    lacking: str | None
    message: str | None
    open_alerts: int
    dag_id: str
    run_id: str | None


Row = TypeVar("Row")


class PageOf(BaseModel, Generic[Row]):
    """A page of a list."""

    items: list[Row]
    total: int = Field(description="Rows of the whole list.")
    next: str | None = Field(description="The query of the next page, relative to this address; null on the last page.")
