"""Makes rows of the tables from FPL's records. `model` is the validated record, `record` the one that FPL sent."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from fpl_pulse.api.payloads_fpl import Element, Fixture, FplTeam, Gameweek, LiveElement
from fpl_pulse.etl.player_history import STATE
from fpl_pulse.etl.unstated import Columns

COUNTED_LINES = (
    "minutes", "goals_scored", "assists", "own_goals", "yellow_cards", "red_cards", "penalties_saved",
    "penalties_missed", "bonus",
)  # fmt: skip
"""Figures that an explain block names whenever they are not zero."""

OF_GAMEWEEK = (
    "clean_sheets", "goals_conceded", "saves", "starts", "bps", "expected_goals", "expected_assists",
    "expected_goals_conceded", "expected_goal_involvements", "defensive_contribution",
    "clearances_blocks_interceptions", "recoveries", "tackles", "influence", "creativity", "threat", "ict_index",
)  # fmt: skip
"""Figures that FPL states for the gameweek. An explain block names some of them, but only above a threshold for points;
the statistics of a fixture have `saves`, `bps` and `defensive_contribution`."""

AT_MOST_ONE = ("starts", "clean_sheets")
"""Figures of which a player has at most one in a fixture."""

GAMEWEEKS = Columns(
    "fpl_gameweeks",
    ("gameweek",),
    {"name": "name", "average_points": "average_entry_score", "highest_points": "highest_score"},
    "events",
    {"name": "Gameweek {gameweek}"},
    familiar=frozenset({"top_element", "highest_scoring_entry", "most_selected", "ranked_count", "release_time"}),
)
TEAMS = Columns(
    "fpl_teams",
    ("team_id",),
    {"name": "name", "short_name": "short_name"},
    "teams",
    {"name": "club {code}", "short_name": "{code}"},
)
PLAYERS = Columns(
    "fpl_players",
    ("element_id",),
    {
        "first_name": "first_name", "second_name": "second_name", "web_name": "web_name",
        "known_name": "known_name", "birth_date": "birth_date", "status": "status", "now_cost": "now_cost",
        "total_points": "total_points", "minutes": "minutes", "goals": "goals_scored", "assists": "assists",
    },
    "elements",
    {"first_name": "", "second_name": "", "web_name": "player {code}"},
    not_in_every_season=frozenset({"known_name", "birth_date"}),
    may_become_null=frozenset({"known_name"}),
    keeps_figures=True,
    begin_anew=True,
)  # fmt: skip
STATES = Columns(
    "fpl_players",
    ("element_id",),
    {
        "selected_by_percent": "selected_by_percent", "transfers_in": "transfers_in",
        "transfers_in_event": "transfers_in_event", "transfers_out": "transfers_out",
        "transfers_out_event": "transfers_out_event", "chance_of_playing_this_round": "chance_of_playing_this_round",
        "chance_of_playing_next_round": "chance_of_playing_next_round", "news": "news", "news_added_at": "news_added",
        "form": "form", "expected_points_this_round": "ep_this", "expected_points_next_round": "ep_next",
    },
    "elements",
    not_in_every_season=frozenset(STATE) - {"team_code", "now_cost", "status"},
    may_become_null=frozenset({
        "chance_of_playing_this_round", "chance_of_playing_next_round", "news", "news_added_at",
        "expected_points_this_round", "expected_points_next_round",
    }),
    may_all_become_null=frozenset({"expected_points_this_round", "expected_points_next_round"}),
)  # fmt: skip
FIXTURE_COLUMNS = Columns(
    "fpl_fixtures",
    ("fixture_id",),
    {
        "gameweek": "event", "kickoff_at": "kickoff_time", "home_score": "team_h_score",
        "away_score": "team_a_score", "started": "started", "minutes": "minutes",
    },
    "fixtures",
    {"started": False},
    may_become_null=frozenset({"gameweek", "kickoff_at", "home_score", "away_score", "started"}),
)  # fmt: skip
OFFICIAL_FIGURES = Columns(
    "fpl_player_fixtures",
    ("fixture_id", "element_id"),
    {name: name for name in OF_GAMEWEEK},
    "elements.stats",
    keeps_figures=True,
    familiar=frozenset({*COUNTED_LINES, "total_points", "in_dreamteam"}),
)
"""What a response may fail to state, for each list of records."""


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
        "selected_by_percent": model.selected_by_percent,
        "transfers_in": model.transfers_in,
        "transfers_in_event": model.transfers_in_event,
        "transfers_out": model.transfers_out,
        "transfers_out_event": model.transfers_out_event,
        "chance_of_playing_this_round": model.chance_of_playing_this_round,
        "chance_of_playing_next_round": model.chance_of_playing_next_round,
        "news": model.news,
        "news_added_at": model.news_added,
        "form": model.form,
        "expected_points_this_round": model.ep_this,
        "expected_points_next_round": model.ep_next,
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
        "started": model.started,
        "finished_provisional": model.finished_provisional,
        "finished": model.finished,
        "minutes": model.minutes,
        "details": record,
    }


FixtureFigures = Mapping[int, Mapping[str, Mapping[int, int]]]
"""Fixture -> identifier -> element -> value, without zeros, as `fixtures/` states it; empty before the end."""


@dataclass(frozen=True)
class OfficialRow:
    """A player's figures in one fixture of a gameweek."""

    fixture_id: int
    element_id: int
    row: dict[str, object]
    """The row of fpl_player_fixtures, without season, gameweek and code."""
    stated: Mapping[str, float | None]
    """Figures that the response states for this fixture alone."""
    minutes: int
    totals: "Totals"


@dataclass(frozen=True)
class Totals:
    """The minutes and points of a player in all fixtures of a gameweek, and those that FPL states for the gameweek."""

    minutes_of_fixtures: int
    minutes_of_gameweek: int
    points_of_fixtures: int
    points_of_gameweek: int | None

    @property
    def difference(self) -> str | None:
        """How the fixtures differ from the gameweek: one is missing or is surplus, or lines are missing."""
        if self.minutes_of_fixtures != self.minutes_of_gameweek:
            return f"the minutes of the fixtures add up to {self.minutes_of_fixtures}, not {self.minutes_of_gameweek}"
        if self.points_of_gameweek not in (None, self.points_of_fixtures):
            return f"the points of the fixtures add up to {self.points_of_fixtures}, not {self.points_of_gameweek}"
        return None


def official_rows(element: LiveElement, figures: FixtureFigures) -> list[OfficialRow]:
    """A player's figures in each fixture of a gameweek.

    With one fixture, the figures of the gameweek are those of the fixture. With several, each figure is split by what
    is known of the fixtures. A figure that cannot be split is null: it is never stored as that of one fixture.
    """
    is_only_fixture = len(element.explain) == 1
    lines = [{line.identifier: line.value for line in block.stats} for block in element.explain]
    minutes = [line.get("minutes", 0) for line in lines]
    points = sum(sum({line.identifier: line.points for line in block.stats}.values()) for block in element.explain)
    split = {name: _split(name, element, lines, minutes, figures) for name in OF_GAMEWEEK}
    rows = []
    for number, block in enumerate(element.explain):
        unique = {line.identifier: line.model_dump() for line in block.stats}
        counted = {
            name: getattr(element.stats, name) if is_only_fixture else lines[number].get(name, 0)
            for name in COUNTED_LINES
        }
        row: dict[str, object] = {
            "fixture_id": block.fixture,
            "element_id": element.id,
            "total_points": sum(line["points"] for line in unique.values()),
            "details": {"fixture": block.fixture, "stats": [*unique.values()]},
        }
        row |= {"goals" if name == "goals_scored" else name: value for name, value in counted.items()}
        row |= {name: values[number] for name, values in split.items()}
        stated: dict[str, float | None] = {**counted}
        for name in OF_GAMEWEEK:
            stated[name] = getattr(element.stats, name) if is_only_fixture else lines[number].get(name)
        totals = Totals(sum(minutes), element.stats.minutes, points, element.stats.total_points)
        rows.append(OfficialRow(block.fixture, element.id, row, stated, minutes[number], totals))
    return rows


def _split(
    name: str, element: LiveElement, lines: Sequence[Mapping[str, int]], minutes: Sequence[int], figures: FixtureFigures
) -> Sequence[float | None]:
    """A figure of the gameweek for each fixture; None where it is not known."""
    total: float | None = getattr(element.stats, name)
    count = len(element.explain)
    if total is None:
        return [None] * count
    if count == 1:
        return [total]
    known: list[float | None] = []
    for block, of_block, played in zip(element.explain, lines, minutes, strict=True):
        official = figures.get(block.fixture, {}).get(name)
        if official is not None:
            known.append(official.get(element.id, 0))
        elif name in of_block:
            known.append(of_block[name])
        else:
            # Without minutes a player has no such figures. (Cards are among the counted lines.)
            known.append(0 if played == 0 else None)
    open_blocks = [number for number, value in enumerate(known) if value is None]
    rest = round(total - sum(value for value in known if value is not None), 2)
    if (rest < 0 and name != "bps") or (rest != 0 and not open_blocks):
        # What is known of the fixtures contradicts the gameweek.
        return [None] * count
    if len(open_blocks) == 1 or rest == 0 or (name in AT_MOST_ONE and rest == len(open_blocks)):
        for number in open_blocks:
            known[number] = rest if len(open_blocks) == 1 else min(rest, 1)
    return known
