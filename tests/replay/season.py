"""The replayed season, week by week: Monday's and Tuesday's pipelines without Airflow, and the state after each."""

from __future__ import annotations

import os
import time
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypedDict, TypeVar

import pandas as pd
import psycopg
import pytest
import requests
from psycopg.rows import class_row

from dev.local.postgres import EmbeddedPostgres
from dev.pipelines import MATCHING, Pipelines, slots_of
from fpl_pulse.etl import thresholds
from fpl_pulse.etl.context import StepContext
from fpl_pulse.etl.queries import query
from fpl_pulse.matching import rows
from fpl_pulse.matching.fixtures import match_fixtures
from fpl_pulse.matching.playing_records import PlayingRecords, playing_records
from fpl_pulse.store.connection import select
from tests.replay.truth import NamedPerson, words

REPLAY = os.environ.get("FPL_PULSE_REPLAY_URL", "")
needs_replay = pytest.mark.skipif(
    not REPLAY, reason="FPL_PULSE_REPLAY_URL is not set: the replay of a real season does not run"
)
SEASON = "2025-26"
Row = TypeVar("Row")
LEAST_WITH_MINUTES, LEAST_OTHERS, MOST_WRONG = 0.995, 0.97, 1 / 500
"""Required shares: links of people with minutes on both sides, links of all others, and wrong links of these others."""
DAYS = ("update_fixture_mappings", "update_lineups")
"""The pipelines with identity resolution: Monday's and Tuesday's."""


class Inputs(TypedDict):
    """Arguments of `match_players`."""

    people: list[rows.PersonRow]
    elements: list[rows.ElementRow]
    team_codes: dict[int, int]
    records: PlayingRecords


@dataclass(frozen=True)
class State:
    """The links and reviews in the store after a run."""

    seconds: float
    """Duration of the run, with its calls."""
    links: Mapping[int, int]
    """SofaSport's player id -> FPL's code."""
    clubs: Mapping[int, int]
    """Code of each FPL player -> code of the club."""
    people: frozenset[int]
    """Everybody whom SofaSport has named this season."""
    played: frozenset[int]
    """SofaSport's people with minutes."""
    played_officially: frozenset[int]
    """FPL's players with minutes."""
    review: Mapping[int, Mapping[int, str]]
    """Each person in review -> code -> evidence."""
    events: frozenset[int]
    """All stored events."""
    current: Mapping[int, int]
    """FPL's fixture id -> its current event."""

    def against(self, truth: Mapping[int, int]) -> Score:
        """Compare with the truth, SofaSport's player id -> FPL's code."""
        known = {person: code for person, code in truth.items() if person in self.people and code in self.clubs}
        with_minutes = {person for person in self.played & known.keys() if known[person] in self.played_officially}
        right = {person for person, code in known.items() if self.links.get(person) == code}
        others = known.keys() - with_minutes
        return Score(
            with_minutes=len(with_minutes),
            with_minutes_linked=len(with_minutes & right),
            others=len(others),
            others_linked=len(others & right),
            wrong={pair for pair in self.links.items() if truth.get(pair[0]) != pair[1]},
            wrong_with_minutes={
                (person, code)
                for person, code in self.links.items()
                if truth.get(person) != code and (person in self.played or code in self.played_officially)
            },
            lost={person for person in known.keys() - right if not self.review.get(person, {}).get(known[person])},
            in_review=len(self.review),
        )


@dataclass(frozen=True)
class Score:
    """How a state compares with the truth; the counts are of people who are known on both sides."""

    with_minutes: int
    """With minutes on both sides."""
    with_minutes_linked: int
    others: int
    others_linked: int
    wrong: set[tuple[int, int]]
    """All wrong links."""
    wrong_with_minutes: set[tuple[int, int]]
    """The wrong links of people or players with minutes."""
    lost: set[int]
    """People who are neither linked to the right player nor in review with that player and the evidence."""
    in_review: int
    """All people in review, also those without an FPL player."""

    def faults(self) -> list[str]:
        """The requirements that are not met, in words."""
        return [
            fault
            for fault, is_one in {
                f"{self.with_minutes_linked} of {self.with_minutes} with minutes are linked": (
                    self.with_minutes_linked < LEAST_WITH_MINUTES * self.with_minutes
                ),
                f"{self.others_linked} of {self.others} others are linked": (
                    self.others_linked < LEAST_OTHERS * self.others
                ),
                f"wrong of those with minutes: {sorted(self.wrong_with_minutes)}": bool(self.wrong_with_minutes),
                f"wrong: {sorted(self.wrong)}": len(self.wrong) > MOST_WRONG * self.others,
                f"neither linked nor in review: {sorted(self.lost)}": bool(self.lost),
            }.items()
            if is_one
        ]


@dataclass
class ReplayPipelines(Pipelines):
    """The same steps, with the replay as the source."""

    clock: str = "/__replay__/clock"

    def days(self, monday: date) -> Iterator[tuple[StepContext, State]]:
        """Run a week's Monday and Tuesday; yield the state of the store after each."""
        slots = slots_of(monday)
        for dag_id in DAYS:
            start = time.monotonic()
            context = self.run(dag_id, slots[dag_id])
            yield context, self.state(time.monotonic() - start)

    def changed_by_matching_again(self, context: StepContext) -> set[str]:
        """The mapping tables that change, if only by a time stamp, when a run's matching is repeated."""
        before = self._mappings()
        again = self.context(context.run.dag_id, context.as_of)
        for step in MATCHING:
            step(again)
        after = self._mappings()
        return {table for table in after if not before[table] or before[table] != after[table]}

    def _mappings(self) -> dict[str, list[str]]:
        """The rows of the mapping tables."""
        return {
            table: self._frame(f"select t::text as whole from pulse.{table} as t order by 1").whole.tolist()
            for table in ("player_mappings", "fixture_mappings", "mapping_candidates")
        }

    def state(self, seconds: float) -> State:
        """The state of the store now."""
        review: dict[int, dict[int, str]] = {}
        waiting = self._frame(
            "select sofasport_id, fpl_id, evidence from pulse.mapping_candidates"
            " where season = %(season)s and kind = 'player' and status = 'review'"
        )
        for person, code, evidence in waiting.itertuples(index=False):
            review.setdefault(int(person), {})[int(code)] = evidence
        return State(
            seconds=seconds,
            links=self._pairs("select sofasport_player_id, fpl_code from pulse.player_mappings"),
            clubs=self._pairs(
                "select code, team_code from pulse.fpl_players where season = %(season)s and position <= 4"
            ),
            people=self._ids(query("people_to_match")),
            played=self._ids("select player_id from pulse.sofasport_lineup_players where minutes > 0"),
            played_officially=self._ids("select code from pulse.fpl_players where season = %(season)s and minutes > 0"),
            review=review,
            events=self._ids("select event_id from pulse.sofasport_events where season = %(season)s"),
            current=self._pairs(
                "select fixture_id, event_id from pulse.fixture_mappings where season = %(season)s and is_current"
            ),
        )

    def inputs(self) -> Inputs:
        """The arguments of the matching now, read as the pipelines read them."""
        team_codes = rows.links_of(self._rows(rows.Candidate, "linked_teams"))
        fixtures = match_fixtures(
            self._rows(rows.EventRow, "events_to_match"), self._rows(rows.FixtureRow, "fixtures_to_match"), team_codes
        )
        least_players = 2 * thresholds.STARTERS_PER_SIDE
        figures = self._rows(rows.FigureRow, "figures_to_match", least_players=least_players)
        return {
            "people": self._rows(rows.PersonRow, "people_to_match"),
            "elements": self._rows(rows.ElementRow, "elements_to_match"),
            "team_codes": team_codes,
            "records": playing_records(self._rows(rows.AppearanceRow, "appearances_to_match"), figures, fixtures),
        }

    def people(self) -> list[NamedPerson]:
        """Everybody whom SofaSport has ever named, with the name that is stored now."""
        written = self._frame("select player_id, name, birth_date from pulse.sofasport_players")
        return [NamedPerson(row[0], words(row[1]), row[2]) for row in written.itertuples(index=False)]

    def _rows(self, row: type[Row], name: str, **params: object) -> list[Row]:
        with self.conn.cursor(row_factory=class_row(row)) as cursor:
            return cursor.execute(query(name).encode(), {"season": SEASON, **params}).fetchall()

    def _frame(self, statement: str, **params: object) -> pd.DataFrame:
        return select(self.conn, statement, {"season": SEASON, **params})

    def _ids(self, statement: str) -> frozenset[int]:
        return frozenset(self._frame(statement).iloc[:, 0].astype(int))

    def _pairs(self, statement: str) -> dict[int, int]:
        frame = self._frame(statement).astype("int64")
        return dict(zip(frame.iloc[:, 0].tolist(), frame.iloc[:, 1].tolist(), strict=True))


@contextmanager
def replayed(postgres: EmbeddedPostgres, template: str) -> Iterator[ReplayPipelines]:
    """Pipelines on an empty database; the replay is reset afterwards."""
    name = f"test_{uuid.uuid4().hex[:12]}"
    postgres.create_database(name, template=template)
    try:
        with psycopg.connect(postgres.dsn(name), autocommit=True) as conn:
            yield ReplayPipelines(conn, REPLAY)
    finally:
        requests.post(f"{REPLAY}/__replay__/reset", json={"all": True}, timeout=30).raise_for_status()
        postgres.drop_database(name)


def mondays(first: date, last: date) -> Iterator[date]:
    """Every Monday from the first to the last."""
    while first <= last:
        yield first
        first += timedelta(days=7)
