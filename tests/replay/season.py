"""The replayed season week by week: Monday and Tuesday at their slots, without Airflow, and what each week left."""

from __future__ import annotations

import os
import time
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypedDict

import pandas as pd
import psycopg
import pytest
import requests

from dev.local.postgres import EmbeddedPostgres
from fpl_pulse.etl import thresholds
from fpl_pulse.etl.context import StepContext
from fpl_pulse.etl.queries import query
from fpl_pulse.matching.behaviour import Records, records
from fpl_pulse.matching.fixtures import match_fixtures
from fpl_pulse.store.connection import select
from tests.db.conftest import MATCHING, Pipelines, slots_of
from tests.replay.truth import Somebody, words

REPLAY = os.environ.get("FPL_PULSE_REPLAY_URL", "")
needs_replay = pytest.mark.skipif(
    not REPLAY, reason="FPL_PULSE_REPLAY_URL is not set: the replay of a real season does not run"
)
SEASON = "2025-26"
LEAST_WITH_MINUTES, LEAST_OTHERS, MOST_WRONG = 0.995, 0.97, 1 / 500
"""Shares that are promised: linked of those with minutes on both sides, of all others, and wrong of these others."""
DAYS = ("update_fixture_mappings", "update_lineups")
"""The pipelines that match: Monday's and Tuesday's."""


class Inputs(TypedDict):
    """What `match_players` is given."""

    people: pd.DataFrame
    elements: pd.DataFrame
    team_links: pd.DataFrame
    records: Records


@dataclass(frozen=True)
class State:
    """What the store says of who is who at a moment."""

    seconds: float
    """That the run before took, fetching included."""
    links: Mapping[int, int]
    """SofaSport's player id -> FPL's code."""
    clubs: Mapping[int, int]
    """Code of each of FPL's players -> his club's."""
    people: frozenset[int]
    """Everyone whom SofaSport has shown this season."""
    played: frozenset[int]
    """SofaSport's people with minutes."""
    played_officially: frozenset[int]
    """FPL's players with minutes."""
    review: Mapping[int, Mapping[int, str]]
    """Who waits for a person's decision -> code -> evidence."""
    events: frozenset[int]
    """All events that are known."""
    current: Mapping[int, int]
    """FPL's fixture id -> its current event."""

    def against(self, truth: Mapping[int, int]) -> Score:
        """Compare with the truth, SofaSport's player id -> FPL's code."""
        there = {
            person: code for person, code in truth.items() if person in self.people and code in self.clubs
        }
        with_minutes = {
            person for person in self.played & there.keys() if there[person] in self.played_officially
        }
        right = {person for person, code in there.items() if self.links.get(person) == code}
        others = there.keys() - with_minutes
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
            lost={
                person
                for person in there.keys() - right
                if not self.review.get(person, {}).get(there[person])
            },
            in_review=len(self.review),
        )


@dataclass(frozen=True)
class Score:
    """How a state compares with the truth; counts are of people who are there on both sides."""

    with_minutes: int
    """With minutes on both sides."""
    with_minutes_linked: int
    others: int
    others_linked: int
    wrong: set[tuple[int, int]]
    """Links that are not true, of whomever."""
    wrong_with_minutes: set[tuple[int, int]]
    """Those of them of somebody with minutes."""
    lost: set[int]
    """Who is neither linked to the right player nor in review with him and the evidence."""
    in_review: int
    """All who wait for a person's decision, also those whom the other side does not have."""

    def faults(self) -> list[str]:
        """What falls short of what is promised, in words."""
        return [
            fault
            for fault, is_one in {
                f"{self.with_minutes_linked} of {self.with_minutes} with minutes are linked": (
                    self.with_minutes_linked < LEAST_WITH_MINUTES * self.with_minutes
                ),
                f"{self.others_linked} of {self.others} others are linked": (
                    self.others_linked < LEAST_OTHERS * self.others
                ),
                f"wrong of those with minutes: {sorted(self.wrong_with_minutes)}": bool(
                    self.wrong_with_minutes
                ),
                f"wrong: {sorted(self.wrong)}": len(self.wrong) > MOST_WRONG * self.others,
                f"neither linked nor in review: {sorted(self.lost)}": bool(self.lost),
            }.items()
            if is_one
        ]


@dataclass
class ReplayPipelines(Pipelines):
    """The same steps, against the replay."""

    clock: str = "/__replay__/clock"

    def days(self, monday: date) -> Iterator[tuple[StepContext, State]]:
        """A week's Monday and Tuesday, and the state of the store after each."""
        slots = slots_of(monday)
        for dag_id in DAYS:
            start = time.monotonic()
            context = self.run(dag_id, slots[dag_id])
            yield context, self.state(time.monotonic() - start)

    def changed_by_matching_again(self, context: StepContext) -> set[str]:
        """The tables of who is who that change, be it by a time stamp, when a run's matching is done once more."""
        before = self._mappings()
        again = self.context(context.run.dag_id, context.as_of)
        for step in MATCHING:
            step(again)
        after = self._mappings()
        return {table for table in after if not before[table] or before[table] != after[table]}

    def _mappings(self) -> dict[str, list[str]]:
        """The rows of the tables of who is who."""
        return {
            table: self._frame(f"select t::text as whole from pulse.{table} as t order by 1").whole.tolist()
            for table in ("player_mappings", "fixture_mappings", "mapping_candidates")
        }

    def state(self, seconds: float) -> State:
        """What the store says now."""
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
            played_officially=self._ids(
                "select code from pulse.fpl_players where season = %(season)s and minutes > 0"
            ),
            review=review,
            events=self._ids("select event_id from pulse.sofasport_events where season = %(season)s"),
            current=self._pairs(
                "select fixture_id, event_id from pulse.fixture_mappings where season = %(season)s and is_current"
            ),
        )

    def inputs(self) -> Inputs:
        """What the matching is given now, read as the pipelines read it."""
        team_links = self._frame(query("linked_teams"))
        fixtures = match_fixtures(
            self._frame(query("events_to_match")), self._frame(query("fixtures_to_match")), team_links
        )
        figures = self._frame(query("figures_to_match"), least_players=2 * thresholds.STARTERS_PER_SIDE)
        return {
            "people": self._frame(query("people_to_match")),
            "elements": self._frame(query("elements_to_match")),
            "team_links": team_links,
            "records": records(self._frame(query("appearances_to_match")), figures, fixtures),
        }

    def people(self) -> list[Somebody]:
        """Everyone whom SofaSport has ever shown, as he is written now."""
        written = self._frame("select player_id, name, birth_date from pulse.sofasport_players")
        return [Somebody(row[0], words(row[1]), row[2]) for row in written.itertuples(index=False)]

    def _frame(self, statement: str, **params: object) -> pd.DataFrame:
        return select(self.conn, statement, {"season": SEASON, **params})

    def _ids(self, statement: str) -> frozenset[int]:
        return frozenset(self._frame(statement).iloc[:, 0].astype(int))

    def _pairs(self, statement: str) -> dict[int, int]:
        frame = self._frame(statement).astype("int64")
        return dict(zip(frame.iloc[:, 0].tolist(), frame.iloc[:, 1].tolist(), strict=True))


@contextmanager
def replayed(postgres: EmbeddedPostgres, template: str) -> Iterator[ReplayPipelines]:
    """Pipelines on an empty database; afterwards the replay is as it was at its start."""
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
