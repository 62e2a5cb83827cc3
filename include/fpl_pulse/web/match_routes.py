"""Seasons, gameweeks and matches."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel

from fpl_pulse.web.parameters import Data, FixtureId, GameweekFilter, Page, Season, Text
from fpl_pulse.web.problems import NotFoundError, described
from fpl_pulse.web.rows import GameweekRow, MatchRow, PageOf, PlayerMatchRow, SeasonRow
from fpl_pulse.web.teams import find_team

router = APIRouter(tags=["matches"])


class MatchWithPlayers(BaseModel):
    """A match with everybody who played or was in a squad: the home side first, starters first."""

    match: MatchRow
    players: list[PlayerMatchRow]


@router.get("/api/seasons/", responses=described())
def list_seasons(reader: Data) -> list[SeasonRow]:
    """The seasons that are stored, the newest first."""
    return reader.rows(SeasonRow, "seasons")


@router.get("/api/gameweeks/", responses=described(404))
def list_gameweeks(reader: Data, season: Season) -> list[GameweekRow]:
    """The gameweeks of a season."""
    return reader.rows(GameweekRow, "gameweeks", {"season": season})


@router.get("/api/matches/", responses=described(404))
def list_matches(
    reader: Data,
    season: Season,
    page: Annotated[Page, Depends()],
    gameweek: GameweekFilter = None,
    team: Annotated[Text, Query(description="Name or short name of a club.", examples=["Arsenal", "ARS"])] = None,
) -> PageOf[MatchRow]:
    """Matches by kick-off; those without a date come last."""
    chosen = {"season": season, "gameweek": gameweek, "team": find_team(reader, season, team) if team else None}
    total = reader.records("matches_count", chosen)[0]["total"]
    rows = reader.rows(MatchRow, "matches", {**chosen, "limit": page.limit, "offset": page.offset})
    return page.of(rows, total, chosen)


@router.get("/api/matches/{fixture_id}/", responses=described(404))
def show_match(reader: Data, season: Season, fixture_id: FixtureId) -> MatchWithPlayers:
    """A match and its players, with the figures of both sources."""
    wanted = {"season": season, "fixture_id": fixture_id}
    matches = reader.rows(MatchRow, "match", wanted)
    if not matches:
        raise NotFoundError(f"Season {season} has no fixture {fixture_id}.")
    return MatchWithPlayers(match=matches[0], players=reader.rows(PlayerMatchRow, "match_players", wanted))
