"""The page that compares up to four players of a season."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Final

from fastapi import APIRouter, Query
from starlette.responses import HTMLResponse

from fpl_pulse.chart_data import player_charts
from fpl_pulse.chart_data.player_charts import GOALKEEPER, PlayerHead
from fpl_pulse.charts.catalogue import alt_of
from fpl_pulse.charts.radar import GOALKEEPER_AXES, OUTFIELD_AXES, comparison_axes
from fpl_pulse.store.connection import scalar, select_records
from fpl_pulse.web.pages.comparing import chosen_players, with_player, without_player
from fpl_pulse.web.pages.percentiles import GOALKEEPERS_ONLY, Figures, least_minutes, measures_for
from fpl_pulse.web.pages.player_list import ListedPlayer, arranged, find_players
from fpl_pulse.web.pages.queries import query
from fpl_pulse.web.pages.reading import OnPage, Visit
from fpl_pulse.web.parameters import MOST_PLAYERS, PlayerCodes
from fpl_pulse.web.rows import PlayerSeasonRow
from fpl_pulse.wording import one_line

MOST_FOUND = 20

router = APIRouter(include_in_schema=False)

TOTALS: Final[tuple[tuple[str, str, int], ...]] = (
    ("Matches", "matches", 0), ("Starts", "starts", 0), ("Minutes", "minutes", 0), ("Points", "points", 0),
    ("Goals", "goals", 0), ("xG", "expected_goals", 1), ("Assists", "assists", 0), ("xA", "expected_assists", 1),
    ("Clean sheets", "clean_sheets", 0), ("Goals conceded", "goals_conceded", 0), ("Saves", "saves", 0),
    ("Defensive contributions", "defensive_contribution", 0), ("Bonus", "bonus", 0),
    ("Yellow cards", "yellow_cards", 0), ("Red cards", "red_cards", 0), ("Shots", "shots", 0),
    ("Key passes", "key_passes", 0), ("Touches", "touches", 0), ("Rating", "rating", 2),
)  # fmt: skip
"""Label, field of `PlayerSeasonRow` and digits of each line of the totals."""
FEWER_IS_BETTER: Final = frozenset(("goals_conceded", "yellow_cards", "red_cards"))
WITHOUT_A_BEST: Final = frozenset(("matches", "starts", "minutes"))


@dataclass(frozen=True)
class Compared:
    """A player of a comparison."""

    head: PlayerHead
    totals: PlayerSeasonRow | None
    per_90: Figures
    without: str
    """The parameter `players` of the comparison without this player."""


@dataclass(frozen=True)
class Cell:
    """A figure of a player; the best of a line is marked."""

    value: float | None
    is_best: bool


@dataclass(frozen=True)
class Line:
    """A figure of all players."""

    label: str
    digits: int
    unit: str
    cells: Sequence[Cell]


@dataclass(frozen=True)
class Found:
    """A player that a search has found, with the parameter `players` of the comparison with this player."""

    player: ListedPlayer
    players: str | None


@router.get("/compare/")
def compare_players(
    visit: OnPage, players: PlayerCodes = "", search: Annotated[str, Query(max_length=100)] = ""
) -> HTMLResponse:
    """Up to four players side by side."""
    heads = chosen_players(visit, players)
    codes = [head.code for head in heads]
    compared = [
        _compared(visit, head, per_90, codes) for head, per_90 in zip(heads, _per_90(visit, codes), strict=True)
    ]
    radar = player_charts.comparison(heads, player_charts.attributes(visit.reader.conn, visit.season, codes))
    search = search.strip()
    found = arranged(find_players(visit, search), "points", "desc") if search else []
    return visit.page(
        "compare.html",
        "Compare",
        compared=compared,
        codes=",".join(map(str, codes)),
        search=search,
        found=[Found(one, with_player(codes, one.code)) for one in found[:MOST_FOUND]],
        found_count=len(found),
        most_players=MOST_PLAYERS,
        alt=alt_of(radar) if heads else "",
        notes=_notes(visit, compared, len(comparison_axes(radar.players))),
        missing=[head.player for head, one in zip(heads, radar.players, strict=True) if not any(one.values.values())],
        earlier=[
            (head.player, one.season)
            for head, one in zip(heads, radar.players, strict=True)
            if one.season != visit.season
        ],
        totals=_totals(compared),
        per_90=_lines_per_90(compared),
    )


def _per_90(visit: Visit, codes: Sequence[int]) -> list[Figures]:
    """The figures per 90 minutes of players, in the order of their codes."""
    if not codes:
        return []
    wanted = {"season": visit.season, "codes": list(codes), "position": None, "least_minutes": 0}
    rows: dict[int, dict[str, Any]] = {
        row["code"]: row for row in select_records(visit.reader.conn, query("per_90"), wanted)
    }
    return [rows[code] for code in codes]


def _compared(visit: Visit, head: PlayerHead, per_90: Figures, codes: Sequence[int]) -> Compared:
    wanted = {"season": visit.season, "code": head.code}
    totals = next(iter(visit.reader.rows(PlayerSeasonRow, "player_season", wanted)), None)
    return Compared(head, totals, per_90, without_player(codes, head.code))


def _notes(visit: Visit, compared: Sequence[Compared], axes: int) -> list[str]:
    """What a reader must know before the comparison misleads."""
    notes = []
    kinds = {one.head.position == GOALKEEPER for one in compared}
    if len(kinds) > 1:
        both = " The radar has the axes of both; each player has gaps on those of the other kind."
        notes.append(
            "SofaSport rates goalkeepers and outfield players by different attributes; only the tactical one is shared."
            + (both if axes > max(len(OUTFIELD_AXES), len(GOALKEEPER_AXES)) else "")
        )
    elif len({one.head.position for one in compared}) > 1:
        notes.append("The players have different positions, so that some figures differ by the position's task.")
    least = least_minutes(int(scalar(visit.reader.conn, query("possible_minutes"), {"season": visit.season})))
    for one in compared:
        minutes = (one.totals and one.totals.minutes) or 0
        if not minutes:
            notes.append(f"{one_line(one.head.player)} has not played in {visit.season}.")
        elif minutes < least:
            notes.append(
                f"{one_line(one.head.player)} has played {minutes} minutes only: the figures per 90 minutes are those"
                " of a small sample."
            )
    return notes


def _totals(compared: Sequence[Compared]) -> list[Line]:
    has_goalkeeper = any(one.head.position == GOALKEEPER for one in compared)
    shown = [row for row in TOTALS if row[1] != "saves" or has_goalkeeper]
    return [
        _line(label, digits, "", [getattr(one.totals, field, None) for one in compared], _sign(field))
        for label, field, digits in shown
    ]


def _lines_per_90(compared: Sequence[Compared]) -> list[Line]:
    lines = []
    for measure in measures_for([one.head.position for one in compared]):
        values = [
            None if measure in GOALKEEPERS_ONLY and one.head.position != GOALKEEPER else one.per_90.get(measure.name)
            for one in compared
        ]
        digits, unit = (1, " %") if measure.is_share else (2, "")
        lines.append(_line(measure.label, digits, unit, values, -1 if measure.fewer_is_better else 1))
    return lines


def _sign(field: str) -> int:
    return 0 if field in WITHOUT_A_BEST else -1 if field in FEWER_IS_BETTER else 1


def _line(label: str, digits: int, unit: str, values: Sequence[float | None], sign: int) -> Line:
    """A line whose best figures are marked: the highest with the sign 1, the lowest with -1, none with 0."""
    rounded = [None if value is None else round(float(value), digits) for value in values]
    known = [sign * value for value in rounded if value is not None]
    # A figure that all have alike, or only one has, is nobody's best.
    has_best = sign != 0 and len(known) > 1 and min(known) < max(known)
    cells = [Cell(value, has_best and value is not None and sign * value == max(known)) for value in rounded]
    return Line(label, digits, unit, cells)
