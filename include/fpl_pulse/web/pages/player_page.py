"""The page of a player: charts, percentiles, totals and matches of a season."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter
from starlette.responses import HTMLResponse

from fpl_pulse.chart_data import player_charts
from fpl_pulse.chart_data.not_stored import NotStoredError
from fpl_pulse.chart_data.player_charts import Attributes, PlayedMatch, PlayerHead
from fpl_pulse.charts.catalogue import Chart, alt_of
from fpl_pulse.store.connection import scalar, select_records
from fpl_pulse.web.pages.percentiles import Standing, least_minutes, measures_of, standings
from fpl_pulse.web.pages.player_notes import Profile, notes_on_matches, notes_on_profiles
from fpl_pulse.web.pages.queries import query
from fpl_pulse.web.pages.reading import OnPage, Visit
from fpl_pulse.web.parameters import PlayerCode
from fpl_pulse.web.problems import NotFoundError
from fpl_pulse.web.rows import PlayerMatchRow, PlayerRow, PlayerSeasonRow
from fpl_pulse.wording import one_line

router = APIRouter(include_in_schema=False)

KINDS = {"available": "good", "doubtful": "warn", "injured": "bad", "suspended": "bad"}
"""Status of a player -> how its mark looks."""


@dataclass(frozen=True)
class ListedSeason:
    """A season in which FPL lists a player."""

    season: str


@dataclass(frozen=True)
class HeatmapOfMatch:
    """The heatmap of a match of a player, by its number of points."""

    fixture_id: int
    sofasport_player_id: int
    points: int


@dataclass(frozen=True)
class MatchLine:
    """A match of a player with its heatmap, and the ratings that SofaSport has corrected since."""

    match: PlayerMatchRow
    heatmap: HeatmapOfMatch | None
    earlier_ratings: Sequence[float]

    @property
    def has_played(self) -> bool:
        """Whether one of the sources has minutes."""
        return bool(self.match.minutes or self.match.sofasport_minutes)

    def differs(self, figure: str) -> bool:
        """Whether the sources state different figures: `minutes`, `goals` or `assists`."""
        official, other = getattr(self.match, figure), getattr(self.match, f"sofasport_{figure}")
        return official is not None and other is not None and official != other


@dataclass(frozen=True)
class Comparison:
    """How a player stands among the others of the position."""

    standings: Sequence[Standing]
    least_minutes: int
    others: int
    has_enough: bool
    """Whether the player has the minutes that the others have at least."""


@router.get("/players/{code}/")
def show_player(visit: OnPage, code: PlayerCode) -> HTMLResponse:
    """A player's season."""
    head = _head(visit, code)
    wanted = {"season": visit.season, "code": code}
    player = visit.reader.rows(PlayerRow, "players", {"season": visit.season, "element_ids": [head.element_id]})[0]
    totals = next(iter(visit.reader.rows(PlayerSeasonRow, "player_season", wanted)), None)
    matches = visit.reader.rows(PlayerMatchRow, "player_matches", wanted)
    played = player_charts.played_matches(visit.reader.conn, visit.season, code)
    known = player_charts.attributes(visit.reader.conn, visit.season, [code]).get(code, [])
    lines = _lines(visit, code, matches, played)
    return visit.page(
        "player.html",
        "Players",
        head=head,
        player=player,
        name=_name(head),
        status_kind=KINDS.get(player.status or "", "warn"),
        totals=totals,
        notes=_notes(visit, head, matches),
        is_linked=player.sofasport_player_id is not None,
        seasons=[one.season for one in visit.rows(ListedSeason, "player_seasons", wanted)],
        alts=_alts(visit, head, played, known),
        radar_note=_radar_note(head, known),
        comparison=_comparison(visit, head, totals.minutes if totals else None),
        lines=lines,
        heatmaps=[line for line in lines if line.heatmap],
        without_heatmap=[line for line in lines if line.has_played and not line.heatmap],
    )


def _head(visit: Visit, code: int) -> PlayerHead:
    """The player; an error that names the player's seasons when FPL does not list the player in this one."""
    try:
        return player_charts.find_heads(visit.reader.conn, visit.season, [code])[0]
    except NotStoredError:
        seasons = [one.season for one in visit.rows(ListedSeason, "player_seasons", {"code": code})]
        if not seasons:
            raise
        raise NotFoundError(
            f"FPL does not list this player in {visit.season}, but in {', '.join(seasons)}. Add ?season={seasons[0]} to"
            " the address."
        ) from None


def _notes(visit: Visit, head: PlayerHead, matches: Sequence[PlayerMatchRow]) -> list[str]:
    profiles = visit.rows(Profile, "player_profiles", {"code": head.code})
    return notes_on_profiles(_name(head), profiles) + notes_on_matches(_name(head), head.club, matches)


def _name(head: PlayerHead) -> str:
    """The player's name for a sentence, without characters that change the direction of the rest."""
    return one_line(head.player) or "This player"


def _alts(visit: Visit, head: PlayerHead, played: Sequence[PlayedMatch], known: Sequence[Attributes]) -> dict[str, str]:
    """The alternative texts of the pictures, by the picture's name in its address."""
    charts: dict[str, Chart] = {
        "radar": player_charts.radar(head, known),
        "heatmap": player_charts.season_heatmap(visit.reader.conn, head),
        "ratings": player_charts.ratings(head, played),
        "prices": player_charts.prices(visit.reader.conn, head),
        "points": player_charts.points(head, played),
    }
    return {name: alt_of(chart) for name, chart in charts.items()}


def _radar_note(head: PlayerHead, known: Sequence[Attributes]) -> str:
    """What the radar of a player lacks, or from when its average is."""
    if not known:
        return ""
    newest = known[0]
    if newest.season != head.season:
        return f"SofaSport has no attributes of {head.season} for {_name(head)}; the newest are of {newest.season}."
    if newest.average is None:
        return "SofaSport has no average of this position."
    if newest.average_season != head.season:
        return f"The average of the position is the one that SofaSport stated in {newest.average_season}."
    return ""


def _comparison(visit: Visit, head: PlayerHead, minutes: int | None) -> Comparison | None:
    """The percentiles; None for a player without minutes, whose figures per 90 minutes do not exist."""
    if not minutes:
        return None
    least = least_minutes(int(scalar(visit.reader.conn, query("possible_minutes"), {"season": visit.season})))
    wanted = {"season": visit.season, "codes": [head.code], "position": head.position, "least_minutes": least}
    rows: list[dict[str, Any]] = select_records(visit.reader.conn, query("per_90"), wanted)
    own = next(row for row in rows if row["code"] == head.code)
    others = [row for row in rows if row["code"] != head.code]
    has_enough = minutes >= least
    found = standings(measures_of(head.position), own, others, is_ranked=has_enough)
    return Comparison(found, least, len(others), has_enough)


def _lines(
    visit: Visit, code: int, matches: Sequence[PlayerMatchRow], played: Sequence[PlayedMatch]
) -> list[MatchLine]:
    heatmaps = {one.fixture_id: one for one in visit.rows(HeatmapOfMatch, "player_heatmaps", {"code": code})}
    corrected = {one.fixture_id: one.earlier_ratings for one in played}
    return [MatchLine(one, heatmaps.get(one.fixture_id), corrected.get(one.fixture_id, ())) for one in matches]
