"""FPL's records as rows of the tables. Pure: nothing is written here."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from fpl_pulse.api.payloads_fpl import Element, Explain, Fixture, FplTeam, Gameweek, LiveElement

COUNTED_LINES = {
    "minutes": "minutes",
    "goals_scored": "goals",
    "assists": "assists",
    "own_goals": "own_goals",
    "yellow_cards": "yellow_cards",
    "red_cards": "red_cards",
    "penalties_saved": "penalties_saved",
    "penalties_missed": "penalties_missed",
    "bonus": "bonus",
}
"""Figures that an explain block names whenever they are not zero: explain identifier -> column."""

WHOLE_GAMEWEEK = {
    "clean_sheets": "clean_sheets",
    "goals_conceded": "goals_conceded",
    "saves": "saves",
    "starts": "starts",
    "bps": "bps",
    "expected_goals": "expected_goals",
    "expected_assists": "expected_assists",
    "expected_goals_conceded": "expected_goals_conceded",
}
"""Figures that FPL states for the gameweek only (an explain block names them only above a points threshold)."""


def gameweek_rows(season: str, gameweeks: list[tuple[Any, Gameweek]]) -> list[dict[str, object]]:
    """Rows of fpl_gameweeks."""
    return [
        {
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
        for _, model in gameweeks
    ]


def team_rows(season: str, teams: list[tuple[Any, FplTeam]]) -> list[dict[str, object]]:
    """Rows of fpl_teams."""
    return [
        {
            "season": season,
            "team_id": model.id,
            "code": model.code,
            "name": model.name,
            "short_name": model.short_name,
            "details": record,
        }
        for record, model in teams
    ]


def player_rows(season: str, elements: list[tuple[Any, Element]], added_at: datetime) -> list[dict[str, object]]:
    """Rows of fpl_players. A player who is new gets `added_at`."""
    return [
        {
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
        for record, model in elements
    ]


def fixture_row(season: str, record: object, model: Fixture, code_of: Mapping[int, int]) -> dict[str, object]:
    """A row of fpl_fixtures.

    Args:
        season: as 2025-26.
        record: the fixture as it came.
        model: the same, validated.
        code_of: FPL's number of a club in the season -> its lasting code.
    """
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


def official_row(element: LiveElement, block: Explain, *, alone: bool) -> dict[str, object]:
    """A player's figures in one fixture. Figures of the whole gameweek are null unless the fixture is its only one."""
    lines = {line.identifier: line.value for line in block.stats}
    row: dict[str, object] = {
        "fixture_id": block.fixture,
        "element_id": element.id,
        "total_points": sum({line.identifier: line.points for line in block.stats}.values()),
        "details": block.model_dump(),
    }
    for identifier, column in COUNTED_LINES.items():
        row[column] = getattr(element.stats, identifier) if alone else lines.get(identifier, 0)
    for identifier, column in WHOLE_GAMEWEEK.items():
        row[column] = getattr(element.stats, identifier) if alone else None
    return row
