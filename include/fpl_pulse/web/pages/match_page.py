"""The page of a match: the elevens, everybody's figures, both teams beside each other, and the heatmaps."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Literal

from fastapi import APIRouter, Query
from starlette.responses import HTMLResponse

from fpl_pulse.chart_data import match_charts
from fpl_pulse.charts.catalogue import alt_of
from fpl_pulse.charts.elevens import MatchLineups, StarterArea, lineups_height, starter_areas
from fpl_pulse.web.pages.match_sentences import (
    Difference,
    differences_in_words,
    score_differs,
    state_of,
    what_is_missing,
)
from fpl_pulse.web.pages.reading import OnPage, Visit
from fpl_pulse.web.pages.team_statistics import SideFigures, beside_each_other
from fpl_pulse.web.parameters import FixtureId
from fpl_pulse.web.problems import NotFoundError
from fpl_pulse.web.rows import MatchRow

router = APIRouter(include_in_schema=False)

SofasportPlayer = Annotated[int | None, Query(ge=1, lt=2**31, description="Whose heatmap to show.")]


@dataclass(frozen=True)
class Participant:
    """Somebody in a lineup, or who played for FPL. Figures are FPL's where FPL has them; None means no data."""

    side: Literal["home", "away"]
    player: str
    code: int | None
    """FPL's code; None without a link."""
    sofasport_player_id: int | None
    is_starter: bool
    is_captain: bool
    position: str | None
    shirt_number: int | None
    minutes: int | None
    rating: float | None
    goals: int | None
    assists: int | None
    own_goals: int | None
    points: int | None
    bonus: int | None
    expected_goals: float | None
    expected_assists: float | None
    shots: int | None
    key_passes: int | None
    passes: int | None
    accurate_passes: int | None
    touches: int | None
    defensive_contribution: int | None
    saves: int | None
    yellow_cards: int | None
    red_cards: int | None
    has_heatmap: bool

    @property
    def has_played(self) -> bool:
        """Whether the player starts or has minutes."""
        return self.is_starter or bool(self.minutes)


@dataclass(frozen=True)
class ListedRow:
    """A side's lineup, a row for each of its missing players, or one row when no player is missing."""

    side: Literal["home", "away"]
    confirmed: bool
    player: str | None
    code: int | None


@dataclass(frozen=True)
class Compared:
    """How many players of the match the newest comparison with FPL's figures covered."""

    players: int


@dataclass(frozen=True)
class Scorer:
    """Somebody who scored for a side."""

    player: str
    goals: int
    is_own_goal: bool


@dataclass(frozen=True)
class SideView:
    """What the page shows of a side."""

    side: Literal["home", "away"]
    club: str
    formation: str | None
    starters: Sequence[Participant]
    substitutes: Sequence[Participant]
    unused: Sequence[Participant]
    missing: Sequence[ListedRow]
    scorers: Sequence[Scorer]


@dataclass(frozen=True)
class OnPitch:
    """A starter and where the picture of the lineups shows the player."""

    one: Participant
    area: StarterArea


@router.get("/matches/{fixture_id}/")
def show_match(visit: OnPage, fixture_id: FixtureId, player: SofasportPlayer = None) -> HTMLResponse:
    """A match, with the heatmap of one of its players if wanted."""
    wanted = {"season": visit.season, "fixture_id": fixture_id}
    match = next(iter(visit.reader.rows(MatchRow, "match", wanted)), None)
    if match is None:
        raise NotFoundError(f"Season {visit.season} has no fixture {fixture_id}.")
    people = visit.rows(Participant, "match_people", wanted)
    listed = visit.rows(ListedRow, "match_lineups", wanted)
    compared = visit.row(Compared, "match_compared", wanted)
    chosen = _chosen(visit, fixture_id, player, people)
    has_lineups = any(one.sofasport_player_id for one in people)
    elevens = match_charts.lineups(visit.reader.conn, visit.season, fixture_id) if has_lineups else None
    return visit.page(
        "match.html",
        "Gameweek",
        match=match,
        state=state_of(match),
        lacking=what_is_missing(match, has_lineups=has_lineups, is_confirmed=all(one.confirmed for one in listed)),
        sides=[_view(side, match, people, listed) for side in ("home", "away")],
        unlinked=[one for one in people if one.code is None and one.has_played],
        figures=beside_each_other(visit.rows(SideFigures, "match_sides", wanted)),
        compared=compared.players if compared else None,
        score_differs=score_differs(match),
        differences=differences_in_words(visit.rows(Difference, "match_differences", wanted)),
        lineups_alt=alt_of(elevens) if elevens else None,
        lineups_height=lineups_height(elevens) if elevens else None,
        on_pitch=_on_pitch(elevens, people) if elevens else [],
        teams_alt=_teams_alt(visit, match) if any(one.has_heatmap for one in people) else None,
        chosen=chosen,
        chosen_alt=_heatmap_alt(visit, fixture_id, chosen) if chosen else None,
    )


def _on_pitch(elevens: MatchLineups, people: Sequence[Participant]) -> list[OnPitch]:
    """The starters whose place in the picture of the lineups is a link."""
    by_id = {one.sofasport_player_id: one for one in people if one.has_heatmap or one.code}
    areas = starter_areas(elevens)
    return [
        OnPitch(by_id[one.player.sofasport_player_id], one) for one in areas if one.player.sofasport_player_id in by_id
    ]


def _teams_alt(visit: Visit, match: MatchRow) -> str:
    return alt_of(match_charts.both_teams(visit.reader.conn, visit.season, match.fixture_id))


def _heatmap_alt(visit: Visit, fixture_id: int, chosen: Participant) -> str:
    player = chosen.sofasport_player_id or 0
    return alt_of(match_charts.player_heatmap(visit.reader.conn, visit.season, fixture_id, player))


def _chosen(visit: Visit, fixture_id: int, player: int | None, people: Sequence[Participant]) -> Participant | None:
    found = next((one for one in people if player and one.sofasport_player_id == player), None)
    if player and found is None:
        raise NotFoundError(f"SofaSport's player {player} is in no lineup of fixture {fixture_id} of {visit.season}.")
    return found


def _view(
    side: Literal["home", "away"], match: MatchRow, people: Sequence[Participant], listed: Sequence[ListedRow]
) -> SideView:
    own = [one for one in people if one.side == side]
    others = [one for one in people if one.side != side]
    return SideView(
        side,
        match.home_team if side == "home" else match.away_team,
        match.home_formation if side == "home" else match.away_formation,
        [one for one in own if one.is_starter],
        [one for one in own if not one.is_starter and one.minutes],
        [one for one in own if not one.has_played],
        [one for one in listed if one.side == side and one.player is not None],
        _scorers(own, others),
    )


def _scorers(own: Sequence[Participant], others: Sequence[Participant]) -> list[Scorer]:
    """Who scored for a side, own goals of the other side last."""
    scored = [Scorer(one.player, one.goals, is_own_goal=False) for one in own if one.goals]
    given = [Scorer(one.player, one.own_goals, is_own_goal=True) for one in others if one.own_goals]
    return scored + given
