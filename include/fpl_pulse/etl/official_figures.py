"""FPL's official figures of each player and fixture, from event/{gw}/live/.

A response is compared with what is known: its fixtures must be those of the requested gameweek, and its figures those
that `fixtures/` states of a finished fixture. What FPL no longer lists is deleted, and kept as a revision.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import chain
from typing import Any

from fpl_pulse.api import fpl
from fpl_pulse.api.payloads_fpl import LiveElement
from fpl_pulse.api.records import ALWAYS_TOLERATED_REJECTIONS, Rejected, accept_nearly_all, require_list
from fpl_pulse.errors import PayloadError
from fpl_pulse.etl import thresholds
from fpl_pulse.etl.checking import listed
from fpl_pulse.etl.context import StepContext
from fpl_pulse.etl.fixture_checks import figures_by_side
from fpl_pulse.etl.key_census import count_records
from fpl_pulse.etl.loader import Loader, Parsed, Reader
from fpl_pulse.etl.queries import query
from fpl_pulse.etl.reference_checks import require_few
from fpl_pulse.etl.reference_rows import OF_GAMEWEEK, OFFICIAL_FIGURES, OfficialRow, official_rows
from fpl_pulse.etl.unstated import Stated, keep_unstated
from fpl_pulse.store.archive import ArchivedResponse
from fpl_pulse.store.connection import select_records
from fpl_pulse.store.merge import Written, merge

Row = dict[str, object]
Key = tuple[int, int]
"""Fixture and element."""

COMPARED = ("goals_scored", "assists", "own_goals", "penalties_saved", "penalties_missed", "yellow_cards", "red_cards",
            "saves", "bonus", "bps", "defensive_contribution")  # fmt: skip
"""Figures that FPL states twice: in the statistics of a fixture, and in the live figures of its gameweek."""


SOMEBODY_HAS = ("starts", "bps", "expected_goals", "expected_assists", "expected_goals_conceded",
                "expected_goal_involvements", "influence", "creativity", "threat", "ict_index")  # fmt: skip
"""Figures that are never zero for everybody in a match."""


@dataclass(frozen=True)
class FixtureFacts:
    """What `fixtures/` says about a fixture."""

    gameweek: int | None
    is_finished: bool
    """Finished, bonus points included: the figures are final."""
    figures: Mapping[str, Mapping[int, int]]
    """Identifier -> element -> value, without zeros; empty before the end of the match."""


@dataclass(frozen=True)
class Known:
    """What official figures can be about, in a season."""

    code_of: Mapping[int, int]
    """FPL's number of a player in the season -> lasting code."""
    fixtures: Mapping[int, FixtureFacts]
    stored: Mapping[int, Mapping[Key, int]]
    """Gameweek -> minutes of the stored rows."""


@dataclass(frozen=True)
class GameweekFigures:
    """What is written of one response."""

    season: str
    gameweek: int
    rows: list[Row]
    withdrawn: list[Key]
    """Stored rows that FPL no longer lists."""


def load_official_figures(context: StepContext) -> None:
    """Load the archived official figures that the tables do not hold yet."""
    # A player can appear before bootstrap-static lists him: his rejected records are read once more.
    context.conn.execute(query("load_rejected_live_again"), {"season": context.season()})
    LIVE.load(context)
    # The rows of a moved fixture are in another gameweek now: they were not deleted.
    context.conn.execute(query("count_official_again"), {"season": context.season()})


def _read(context: StepContext, response: ArchivedResponse) -> Parsed[GameweekFigures]:
    return _make_reader(context, [response])(response)


def _make_reader(context: StepContext, batch: Sequence[ArchivedResponse]) -> Reader[GameweekFigures]:
    """Read the stored players, fixtures and figures once for a batch."""
    gameweeks = [int(response.params["gw"]) for response in batch]

    @cache
    def known_in(season: str) -> Known:
        of_season = {"season": season}
        players = select_records(context.conn, query("stored_players"), of_season)
        fixtures = select_records(context.conn, query("fixtures_of_gameweeks"), of_season)
        stored: dict[int, dict[Key, int]] = {gameweek: {} for gameweek in gameweeks}
        for row in select_records(context.conn, query("stored_official"), {**of_season, "gameweeks": gameweeks}):
            stored[row["gameweek"]][row["fixture_id"], row["element_id"]] = row["minutes"]
        return Known(
            {row["element_id"]: row["code"] for row in players},
            {row["fixture_id"]: _facts(row) for row in fixtures},
            stored,
        )

    return lambda response: _Reading(context, response, known_in(str(response.params["season"]))).parsed()


def _facts(row: Mapping[str, Any]) -> FixtureFacts:
    sides = figures_by_side({"stats": row["stats"]})
    figures = {name: side["h"] | side["a"] for name, side in sides.items()}
    return FixtureFacts(row["gameweek"], row["finished"], figures)


class _Reading:
    """Reads one response."""

    def __init__(self, context: StepContext, response: ArchivedResponse, known: Known) -> None:
        self.context, self.response, self.known = context, response, known
        self.season, self.gameweek = str(response.params["season"]), int(response.params["gw"])
        self.stored = known.stored.get(self.gameweek, {})
        self.fixtures = {number: facts for number, facts in known.fixtures.items() if facts.gameweek == self.gameweek}
        self.rows: dict[Key, Stated] = {}

    def parsed(self) -> Parsed[GameweekFigures]:
        """The rows, the withdrawn ones, and the rejected records.

        Raises:
            PayloadError: the response is about another gameweek, or incomplete.
        """
        share = thresholds.MAX_REJECTED_SHARE
        records = require_list(self.response.body, "elements", f"{fpl.LIVE} {self.response.resource}")
        elements, rejected = accept_nearly_all(
            LiveElement, records, "elements", max_rejected_share=share, unique=("id",)
        )
        is_invalid = bool(rejected)
        models = [model for _, model in elements]
        self._require_requested_gameweek(models)
        doubtful: list[Rejected] = []
        for record, model in elements:
            if model.id not in self.known.code_of:
                rejected.append(Rejected(f"elements.{model.id}", "an element that bootstrap-static lacks", record))
                continue
            found = official_rows(model, self._shared_figures())
            reason = self._contradiction(found)
            if reason and not self.response.forced:
                doubtful.append(Rejected(f"elements.{model.id}", reason, record))
                continue
            self._add(found, model, record["stats"])
        doubtful += self._missing_figures({one.path for one in [*rejected, *doubtful]})
        require_few(doubtful, len(self.known.code_of), "players' figures")
        kept = {one.path for one in [*rejected, *doubtful]}
        # A record that did not fit has no id: then everything that is stored stays.
        is_complete = not any("[" in path for path in kept)
        gone = [key for key in self.stored.keys() - self.rows.keys() if f"elements.{key[1]}" not in kept]
        self._require_listed(models, gone)
        stated = self._without_blank_figures([*self.rows.values()])
        unstated = keep_unstated(self.context, self.season, OFFICIAL_FIGURES, stated, self.response.resource_id)
        # Only who played: later responses list more players who did not.
        figures = [record["stats"] for record, model in elements if model.stats.minutes]
        count_records(self.context, fpl.LIVE, self.season, "elements.stats", figures, gameweek=self.gameweek)
        rows = [one.row for one in stated]
        content = GameweekFigures(self.season, self.gameweek, rows, gone if is_complete else [])
        return Parsed(content, [*rejected, *doubtful, *unstated], is_unusable=is_invalid or bool(unstated))

    def _shared_figures(self) -> Mapping[int, Mapping[str, Mapping[int, int]]]:
        return {number: facts.figures for number, facts in self.known.fixtures.items()}

    def _require_requested_gameweek(self, models: Sequence[LiveElement]) -> None:
        """Refuse figures whose fixtures are mostly those of another gameweek, or of another season."""
        shown = {block.fixture for model in models for block in model.explain}
        elsewhere = Counter(
            facts.gameweek if (facts := self.known.fixtures.get(number)) else None
            for number in shown
            if number not in self.fixtures
        )
        if 2 * elsewhere.total() > len(shown):
            gameweek = elsewhere.most_common(1)[0][0]
            raise PayloadError(
                f"{elsewhere.total()} of {len(shown)} fixtures are not in gameweek {self.gameweek}: these are the"
                f" figures of {f'gameweek {gameweek}' if gameweek else 'another season'}"
            )

    def _contradiction(self, found: Sequence[OfficialRow]) -> str | None:
        """Why the figures of a player cannot be right; None when they can."""
        for one in found:
            if one.totals.difference:
                return one.totals.difference
            facts = self.known.fixtures.get(one.fixture_id)
            if facts is None or not facts.is_finished:
                continue
            for name in COMPARED:
                value = one.stated.get(name)
                official = facts.figures[name].get(one.element_id, 0) if name in facts.figures else None
                if None not in (value, official) and value != official:
                    return f"{name} {value} in fixture {one.fixture_id}, but fixtures/ has {official}"
        return None

    def _add(self, found: Sequence[OfficialRow], model: LiveElement, stats: Mapping[str, Any]) -> None:
        code, is_share = self.known.code_of[model.id], len(found) > 1
        if is_share:
            valid = {name for name in OF_GAMEWEEK if getattr(model.stats, name) is not None}
            stats = {name: value for name, value in stats.items() if value is None or name in valid}
        for one in found:
            facts = self.known.fixtures.get(one.fixture_id)
            # Until FPL has updated a gameweek, it still lists a fixture that has moved, without figures.
            if facts and (facts.gameweek == self.gameweek or one.minutes > 0):
                row = {"season": self.season, "gameweek": self.gameweek, "fpl_code": code, **one.row}
                row |= {"observed_at": self.response.as_of}
                self.rows[one.fixture_id, one.element_id] = Stated(row, stats, is_share)

    def _without_blank_figures(self, stated: list[Stated]) -> list[Stated]:
        """The rows without figures that are zero for everybody in the finished fixtures: FPL does not have them yet."""
        played = [
            one.row
            for (number, _), one in self.rows.items()
            if self.known.fixtures[number].is_finished and one.row["minutes"]
        ]
        if len(played) < 2 * thresholds.STARTERS_PER_SIDE:
            return stated
        blank = {name for name in SOMEBODY_HAS if all(row[name] == 0 for row in played)}
        if not blank:
            return stated
        for one in stated:
            one.row.update(dict.fromkeys(blank))
        return [replace(one, record={k: v for k, v in one.record.items() if k not in blank}) for one in stated]

    def _missing_figures(self, rejected: set[str]) -> list[Rejected]:
        """Players with figures in a finished fixture, of whom the response lists none there."""
        if self.response.forced:
            return []
        missing = {
            element: number
            for number, facts in self.fixtures.items()
            if facts.is_finished
            for element in chain.from_iterable(facts.figures.values())
            if element in self.known.code_of
            and (number, element) not in self.rows
            and f"elements.{element}" not in rejected
        }
        return [
            Rejected(f"elements.{element}", f"no figures in fixture {number}, but fixtures/ has some", None)
            for element, number in sorted(missing.items())
        ]

    def _require_listed(self, models: Sequence[LiveElement], gone: Sequence[Key]) -> None:
        """Refuse a list of players that lacks many: FPL removes a fixture's figures, but no players."""
        had = {element for _, element in self.stored}
        lost = {element for _, element in gone} - {model.id for model in models}
        allowed = max(ALWAYS_TOLERATED_REJECTIONS, thresholds.MAX_REJECTED_SHARE * len(had))
        if len(lost) > allowed and not self.response.forced:
            examples = listed([str(one) for one in sorted(lost)])
            raise PayloadError(
                f"{len(lost)} of the {len(had)} stored players are missing: the response is incomplete. Elements"
                f" {examples}"
            )


def _write(context: StepContext, contents: list[GameweekFigures]) -> Written:
    gameweek_of = _gameweeks_of_fixtures(context, {content.season for content in contents})
    rows: dict[tuple[object, ...], Row] = {}
    for row in chain.from_iterable(content.rows for content in contents):
        key = (row["season"], row["fixture_id"], row["element_id"])
        # A fixture that was moved can be in two responses: that of its gameweek counts, else the newer one.
        if key not in rows or row["gameweek"] == gameweek_of.get(key[:2]) or rows[key]["gameweek"] == row["gameweek"]:
            rows[key] = row
    written = Written()
    for content in contents:
        gone = [key for key in content.withdrawn if (content.season, *key) not in rows]
        if gone:
            which = {"fixtures": [fixture for fixture, _ in gone], "elements": [element for _, element in gone]}
            place = {"season": content.season, "gameweek": content.gameweek}
            written += Written(deleted=context.conn.execute(query("withdraw_official"), {**place, **which}).rowcount)
    return written + merge(
        context.conn, "fpl_player_fixtures", list(rows.values()), ("season", "fixture_id", "element_id")
    )


def _gameweeks_of_fixtures(context: StepContext, seasons: set[str]) -> dict[tuple[object, ...], int | None]:
    statement = "select season, fixture_id, gameweek from pulse.fpl_fixtures where season = any(%s)"
    rows = context.conn.execute(statement, (list(seasons),)).fetchall()
    return {(season, fixture_id): gameweek for season, fixture_id, gameweek in rows}


LIVE = Loader(fpl.LIVE, "official figures", _read, _write, batch_size=5, make_reader=_make_reader)
