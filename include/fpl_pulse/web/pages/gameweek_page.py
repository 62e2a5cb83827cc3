"""The page of a gameweek: its matches, its best players, the team of the week, and results against expectation."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from fastapi import APIRouter
from starlette.responses import HTMLResponse

from fpl_pulse.chart_data.gameweek_charts import (
    GameweekPlayer,
    best_by,
    gameweek_players,
    state_in_words,
    team_of_the_week,
)
from fpl_pulse.charts.catalogue import alt_of
from fpl_pulse.store.connection import scalar
from fpl_pulse.web.pages.queries import query
from fpl_pulse.web.pages.reading import OnPage, Visit
from fpl_pulse.web.parameters import Gameweek, Now
from fpl_pulse.web.problems import NotFoundError
from fpl_pulse.web.rows import GameweekRow

TOP = 10

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True)
class GameweekMatch:
    """A match of the gameweek. The expected goals are None before kick-off."""

    fixture_id: int
    kickoff_at: datetime | None
    home_team: str
    away_team: str
    home_score: int | None
    away_score: int | None
    state: str
    home_expected: float | None
    away_expected: float | None


@dataclass(frozen=True)
class ClubMatch:
    """A club's goals in a match beside its expected goals."""

    fixture_id: int
    club: str
    opponent: str
    goals: int
    conceded: int
    expected: float

    @property
    def difference(self) -> float:
        """Goals minus expected goals."""
        return self.goals - self.expected


@dataclass(frozen=True)
class Best:
    """A list of the best players by a figure."""

    title: str
    column: str
    figure: str
    """Attribute of the players."""
    digits: int
    players: Sequence[GameweekPlayer]


@router.get("/gameweeks/")
def show_current_gameweek(now: Now, visit: OnPage) -> HTMLResponse:
    """The gameweek that is under way, or the newest one."""
    visit.reader.set_time(now)
    gameweek = scalar(visit.reader.conn, query("gameweek_now"), {"season": visit.season})
    if gameweek is None:
        raise NotFoundError(f"Season {visit.season} has no gameweeks yet. update_fixture_mappings stores them.")
    return _page(visit, gameweek)


@router.get("/gameweeks/{gameweek}/")
def show_gameweek(visit: OnPage, gameweek: Gameweek) -> HTMLResponse:
    """A gameweek by its number."""
    return _page(visit, gameweek)


def _page(visit: Visit, gameweek: int) -> HTMLResponse:
    gameweeks = visit.reader.rows(GameweekRow, "gameweeks", {"season": visit.season})
    numbers = [one.gameweek for one in gameweeks]
    if gameweek not in numbers:
        raise NotFoundError(f"Season {visit.season} has no gameweek {gameweek}.")
    place = numbers.index(gameweek)
    matches = visit.rows(GameweekMatch, "gameweek_matches", {"gameweek": gameweek})
    players = gameweek_players(visit.reader.conn, visit.season, gameweek)
    return visit.page(
        "gameweek.html",
        "Gameweek",
        gameweek=gameweeks[place],
        numbers=numbers,
        earlier=numbers[place - 1] if place else None,
        later=numbers[place + 1] if place + 1 < len(numbers) else None,
        state=state_in_words([one.state for one in matches]),
        matches=matches,
        postponed=visit.rows(GameweekMatch, "gameweek_matches", {"gameweek": None}),
        twice=clubs_with_two(matches),
        bests=_bests(players),
        team_alt=alt_of(team_of_the_week(visit.season, gameweek, players)) if players else None,
        above=best_by(players, lambda one: one.above_expected, TOP),
        clubs=clubs_against_expectation(matches),
        below=best_by(players, lambda one: None if one.above_expected is None else -one.above_expected, TOP),
    )


def clubs_with_two(matches: Sequence[GameweekMatch]) -> list[str]:
    """The clubs that have more than one match."""
    clubs = [club for one in matches for club in (one.home_team, one.away_team)]
    return sorted({club for club in clubs if clubs.count(club) > 1})


def clubs_against_expectation(matches: Sequence[GameweekMatch]) -> list[ClubMatch]:
    """The clubs whose goals differ most from what was expected, in either direction."""
    found = [
        ClubMatch(one.fixture_id, club, opponent, goals, conceded, expected)
        for one in matches
        for club, opponent, goals, conceded, expected in (
            (one.home_team, one.away_team, one.home_score, one.away_score, one.home_expected),
            (one.away_team, one.home_team, one.away_score, one.home_score, one.away_expected),
        )
        if goals is not None and conceded is not None and expected is not None
    ]
    return sorted(found, key=lambda one: (-abs(one.difference), one.club, one.fixture_id))[:TOP]


def _bests(players: Sequence[GameweekPlayer]) -> list[Best]:
    return [
        Best("Best rating", "Rating", "rating", 2, best_by(players, lambda one: one.rating, TOP)),
        Best("Most points", "Points", "points", 0, best_by(players, lambda one: one.points, TOP)),
        Best(
            "Most defensive contributions",
            "Number",
            "defensive_contribution",
            0,
            best_by(players, lambda one: one.defensive_contribution, TOP),
        ),
    ]
