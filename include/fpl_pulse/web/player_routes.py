"""Players: search, figures of the season, matches."""

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel

from fpl_pulse.web.name_search import matcher
from fpl_pulse.web.parameters import Data, Page, PlayerOfSeason, Season, Text
from fpl_pulse.web.problems import NotFoundError, described
from fpl_pulse.web.rows import PageOf, PlayerMatchRow, PlayerRow, PlayerSeasonRow
from fpl_pulse.web.teams import find_team

router = APIRouter(tags=["players"])

Position = Literal["Goalkeeper", "Defender", "Midfielder", "Forward", "Manager"]


class PlayerWithTotals(BaseModel):
    """A player, and the totals of the season."""

    player: PlayerRow
    totals: PlayerSeasonRow | None


@router.get("/api/players/", responses=described(404))
def list_players(
    reader: Data,
    season: Season,
    page: Annotated[Page, Depends()],
    search: Annotated[
        Text, Query(description="A part of the name, in any case, with or without accents and punctuation.")
    ] = None,
    team: Annotated[Text, Query(description="Name or short name of a club.", examples=["Arsenal", "ARS"])] = None,
    position: Annotated[Position | None, Query()] = None,
) -> PageOf[PlayerRow]:
    """Players of a season, by name."""
    club = find_team(reader, season, team) if team else None
    names = reader.records("player_names", {"season": season, "team": club, "position": position})
    is_meant = matcher(search or "")
    found = [one["element_id"] for one in names if is_meant(f"{one['player']} {one['full_name']}")]
    wanted = found[page.offset : page.offset + page.limit]
    rows = reader.rows(PlayerRow, "players", {"season": season, "element_ids": wanted})
    return page.of(rows, len(found), {"season": season, "search": search, "team": team, "position": position})


@router.get("/api/players/{player_id}/", responses=described(404))
def show_player(reader: Data, player: PlayerOfSeason) -> PlayerWithTotals:
    """A player, with the totals of the season and figures per 90 minutes."""
    rows = reader.rows(PlayerRow, "players", {"season": player.season, "element_ids": [player.element_id]})
    if not rows:
        raise NotFoundError(f"Season {player.season} has no player {player.element_id}.")
    totals = reader.rows(PlayerSeasonRow, "player_season", vars(player))
    return PlayerWithTotals(player=rows[0], totals=totals[0] if totals else None)


@router.get("/api/players/{player_id}/matches/", responses=described(404))
def list_matches_of_a_player(reader: Data, player: PlayerOfSeason) -> list[PlayerMatchRow]:
    """All matches of a player in the season, with the figures of both sources."""
    return reader.rows(PlayerMatchRow, "player_matches", vars(player))
