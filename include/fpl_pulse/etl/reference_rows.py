"""FPL's records as rows of the tables. Pure; nothing is written here."""

from datetime import datetime
from typing import Any

import pandas as pd

from fpl_pulse.api.payloads_fpl import Element, Explain, FplTeam, Gameweek, LiveElement

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


def gameweek_frame(season: str, gameweeks: list[tuple[Any, Gameweek]]) -> pd.DataFrame:
    """Rows of fpl_gameweeks."""
    return pd.DataFrame(
        [
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
        ],
        dtype=object,
    )


def team_frame(season: str, teams: list[tuple[Any, FplTeam]]) -> pd.DataFrame:
    """Rows of fpl_teams."""
    return pd.DataFrame(
        [
            {
                "season": season,
                "team_id": model.id,
                "code": model.code,
                "name": model.name,
                "short_name": model.short_name,
                "details": record,
            }
            for record, model in teams
        ],
        dtype=object,
    )


def player_frame(season: str, elements: list[tuple[Any, Element]], added_at: datetime) -> pd.DataFrame:
    """Rows of fpl_players; who is new was added at the moment given."""
    return pd.DataFrame(
        [
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
        ],
        dtype=object,
    )


def official_row(element: LiveElement, block: Explain, *, alone: bool) -> dict[str, object]:
    """A player's figures in one fixture; what FPL only states for the whole gameweek is null unless it is alone."""
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
