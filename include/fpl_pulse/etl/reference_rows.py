"""Makes rows of the tables from FPL's records. `model` is the validated record, `record` the one that FPL sent."""

from collections.abc import Mapping
from datetime import datetime

from fpl_pulse.api.payloads_fpl import Element, Explain, Fixture, FplTeam, Gameweek, LiveElement

COUNTED_LINES = (
    "minutes", "goals_scored", "assists", "own_goals", "yellow_cards", "red_cards", "penalties_saved",
    "penalties_missed", "bonus",
)  # fmt: skip
"""Figures that an explain block names whenever they are not zero."""

WHOLE_GAMEWEEK = (
    "clean_sheets", "goals_conceded", "saves", "starts", "bps", "expected_goals", "expected_assists",
    "expected_goals_conceded",
)  # fmt: skip
"""Figures that FPL states for the gameweek only (an explain block names them only above a points threshold)."""


def gameweek_row(season: str, model: Gameweek) -> dict[str, object]:
    """A row of fpl_gameweeks."""
    return {
        "season": season,
        "gameweek": model.id,
        "name": model.name,
        "deadline_at": model.deadline_time,
        "finished": model.finished,
        "data_checked": model.data_checked,
        "is_current": model.is_current,
        "average_points": model.average_entry_score,
        "highest_points": model.highest_score,
    }


def team_row(season: str, record: object, model: FplTeam) -> dict[str, object]:
    """A row of fpl_teams."""
    return {
        "season": season,
        "team_id": model.id,
        "code": model.code,
        "name": model.name,
        "short_name": model.short_name,
        "details": record,
    }


def player_row(season: str, record: object, model: Element, *, added_at: datetime) -> dict[str, object]:
    """A row of fpl_players; a player who is new gets `added_at`."""
    return {
        "season": season,
        "element_id": model.id,
        "code": model.code,
        "first_name": model.first_name,
        "second_name": model.second_name,
        "web_name": model.web_name,
        "known_name": model.known_name,
        "birth_date": model.birth_date,
        "team_code": model.team_code,
        "position": model.element_type,
        "status": model.status,
        "now_cost": model.now_cost,
        "total_points": model.total_points,
        "minutes": model.minutes,
        "goals": model.goals_scored,
        "assists": model.assists,
        "added_at": added_at,
        "details": record,
    }


def fixture_row(season: str, record: object, model: Fixture, code_of: Mapping[int, int]) -> dict[str, object]:
    """A row of fpl_fixtures. `code_of` has the lasting code of each club by FPL's number of it in the season."""
    return {
        "season": season,
        "fixture_id": model.id,
        "code": model.code,
        "gameweek": model.event,
        "kickoff_at": model.kickoff_time,
        "home_team_code": code_of[model.team_h],
        "away_team_code": code_of[model.team_a],
        "home_score": model.team_h_score,
        "away_score": model.team_a_score,
        "started": bool(model.started),
        "finished_provisional": model.finished_provisional,
        "finished": model.finished,
        "minutes": model.minutes,
        "details": record,
    }


def official_row(element: LiveElement, block: Explain, *, is_only_fixture: bool) -> dict[str, object]:
    """A player's figures in one fixture of a gameweek.

    `is_only_fixture`: the player has no other fixture in the gameweek. Otherwise figures that FPL states for the whole
    gameweek are null.
    """
    lines = {line.identifier: line.value for line in block.stats}
    row: dict[str, object] = {
        "fixture_id": block.fixture,
        "element_id": element.id,
        "total_points": sum({line.identifier: line.points for line in block.stats}.values()),
        "details": block.model_dump(),
    }
    for name in COUNTED_LINES:
        column = "goals" if name == "goals_scored" else name
        row[column] = getattr(element.stats, name) if is_only_fixture else lines.get(name, 0)
    return row | {name: getattr(element.stats, name) if is_only_fixture else None for name in WHOLE_GAMEWEEK}
