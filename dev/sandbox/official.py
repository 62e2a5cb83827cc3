"""FPL's official statistics of a player in a match, derived from the same match as SofaSport's."""

from dataclasses import dataclass
from typing import Any

from dev.sandbox.calendar import Fixture
from dev.sandbox.lineups import FULL_TIME, Appearance
from dev.sandbox.match_clock import ENDED_AFTER, FINISHED_AFTER, minute_of
from dev.sandbox.people import Element, Person
from dev.sandbox.points import points_by_rule
from dev.sandbox.season import Season
from dev.sandbox.totals import number

COUNTS = (
    "minutes",
    "goals_scored",
    "assists",
    "clean_sheets",
    "goals_conceded",
    "own_goals",
    "penalties_saved",
    "penalties_missed",
    "yellow_cards",
    "red_cards",
    "saves",
    "bonus",
    "bps",
)
INDEXES = ("influence", "creativity", "threat", "ict_index")
DEFENCE = ("clearances_blocks_interceptions", "recoveries", "tackles", "defensive_contribution", "starts")
EXPECTED = ("expected_goals", "expected_assists", "expected_goal_involvements", "expected_goals_conceded")
FIELDS = COUNTS + INDEXES + DEFENCE + EXPECTED
BONUS = FIELDS.index("bonus")
BPS = FIELDS.index("bps")
NOTHING: tuple[float, ...] = (0,) * len(FIELDS)
GOAL_BPS = {1: 12, 2: 12, 3: 18, 4: 24}


@dataclass(frozen=True, slots=True)
class OfficialRow:
    """The statistics of one player in one match; `values` are in the order of FIELDS."""

    person: Person
    element: Element
    values: tuple[float, ...]

    @property
    def points(self) -> int:
        """Points by the scoring rules."""
        return sum(points for _, _, points in self.explained())

    def explained(self) -> list[tuple[str, int, int]]:
        """[(identifier, value, points)]."""
        return points_by_rule(dict(zip(FIELDS, self.values, strict=True)), self.element.element_type)


def named_values(values: tuple[float, ...]) -> dict[str, Any]:
    """Field name to value. FPL writes indexes and expected numbers as text."""
    result: dict[str, Any] = {}
    for name, value in zip(FIELDS, values, strict=True):
        if name in INDEXES:
            result[name] = f"{value:.1f}"
        else:
            result[name] = f"{value:.2f}" if name in EXPECTED else int(value)
    return result


class OfficialResults:
    """The official rows of all matches. Rows of finished matches are computed once."""

    def __init__(self, season: Season) -> None:
        """Start without rows."""
        self.season = season
        self._final: dict[int, list[tuple[OfficialRow, int]]] = {}

    def rows(self, fixture: Fixture, as_of: int) -> list[tuple[OfficialRow, int]]:
        """[(row, points)] of the players with minutes so far. Bonus points are added when the match is finished."""
        age = as_of - fixture.kickoff_at
        if age >= FINISHED_AFTER:
            if fixture.fixture_id not in self._final:
                self._final[fixture.fixture_id] = self._compute(fixture, FULL_TIME, over=True, bonus=True)
            return self._final[fixture.fixture_id]
        return [] if age < 0 else self._compute(fixture, minute_of(age), over=age >= ENDED_AFTER, bonus=False)

    def prepare(self, as_of: int) -> None:
        """Compute the rows of all matches that began before `as_of`."""
        for fixture in self.season.kicked_off(as_of):
            self.rows(fixture, as_of)

    def _compute(self, fixture: Fixture, minute: int, *, over: bool, bonus: bool) -> list[tuple[OfficialRow, int]]:
        rows = []
        sides = self.season.match(fixture).sides
        for side, opponents in (sides, sides[::-1]):
            against = sum(number(entry.statistics, "expectedGoals") for entry in opponents.appearances)
            for entry in side.appearances:
                element = entry.person.element
                played = entry.official_minutes if over else max(0, min(entry.left, minute) - entry.entered)
                if element and entry.minutes and played > 0:
                    values = official_values(entry, element, played, minute, against, over=over)
                    rows.append(OfficialRow(entry.person, element, values))
        rows = with_bonus(rows) if bonus else rows
        return [(row, row.points) for row in rows]


def official_values(
    entry: Appearance, element: Element, played: int, minute: int, against: float, *, over: bool
) -> tuple[float, ...]:
    """The values of one appearance up to `minute`. Counts without a minute grow in proportion to the time played."""
    part = 1.0 if over else played / entry.minutes

    def grown(*names: str) -> int:
        return int(part * sum(number(entry.statistics, name) for name in names))

    goals, assists, own, conceded = (
        sum(when <= minute for when in minutes)
        for minutes in (entry.goals, entry.fpl_assists, entry.own_goals, entry.conceded)
    )
    clean = over and played >= 60 and not conceded
    blocks = grown("totalClearance", "outfielderBlock", "interceptionWon", "clearanceOffLine")
    recoveries, tackles, saves = grown("ballRecovery"), grown("totalTackle"), grown("saves")
    contribution = (
        0 if element.element_type == 1 else blocks + tackles + (recoveries if element.element_type > 2 else 0)
    )
    missed, saved = (entry.penalties_missed, entry.penalties_saved) if over else (0, 0)
    influence = round(0.8 * contribution + 17 * goals + 10 * assists + 3 * saves + 0.1 * played, 1)
    creativity = round(9.0 * grown("keyPass") + 0.15 * grown("totalOppositionHalfPasses"), 1)
    threat = round(11.0 * grown("totalShots") + 12 * goals, 1)
    goals_expected = round(part * number(entry.statistics, "expectedGoals"), 2)
    assists_expected = round(part * number(entry.statistics, "expectedAssists"), 2)
    values = (
        played,
        goals,
        assists,
        int(clean),
        conceded,
        own,
        saved,
        missed,
        int(over and entry.yellow),
        int(over and entry.red),
        saves,
        0,
        0,
        influence,
        creativity,
        threat,
        round((influence + creativity + threat) / 10, 1),
        blocks,
        recoveries,
        tackles,
        contribution,
        int(entry.starter),
        goals_expected,
        assists_expected,
        round(goals_expected + assists_expected, 2),
        round(against * played / FULL_TIME, 2),
    )
    score = bonus_score(values, element.element_type, grown("keyPass", "wonContest", "wonTackle"))
    return (*values[:BPS], score, *values[BPS + 1 :])


def bonus_score(values: tuple[float, ...], element_type: int, creative: int) -> int:
    """A simplified bonus points system: the score of a row and of the number of `creative` actions."""
    row = dict(zip(FIELDS, values, strict=True))
    score = (6 if row["minutes"] >= 60 else 3) + creative + row["defensive_contribution"] // 2
    score += GOAL_BPS[element_type] * row["goals_scored"] + 9 * row["assists"] + 12 * row["clean_sheets"]
    score += 2 * row["saves"] + 15 * row["penalties_saved"]
    score -= 6 * (row["own_goals"] + row["penalties_missed"]) + 4 * row["goals_conceded"]
    return int(score - 3 * row["yellow_cards"] - 9 * row["red_cards"])


def with_bonus(rows: list[OfficialRow]) -> list[OfficialRow]:
    """Add three, two and one bonus points for the best scores. Equal scores get the higher bonus."""
    scores = [row.values[BPS] for row in rows]
    result = []
    for row in rows:
        bonus = max(0, 3 - sum(score > row.values[BPS] for score in scores))
        values = (*row.values[:BONUS], bonus, *row.values[BONUS + 1 :])
        result.append(OfficialRow(row.person, row.element, values) if bonus else row)
    return result
