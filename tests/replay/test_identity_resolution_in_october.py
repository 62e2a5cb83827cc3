"""Identity resolution on a first run in the middle of October: Monday without lineups, Tuesday with all of them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import pytest

from dev.local.postgres import EmbeddedPostgres
from tests.replay.season import REPLAY, State, needs_replay, replayed
from tests.replay.truth import WholeSeason, whole_season

pytestmark = [pytest.mark.replay, needs_replay]

MONDAY = date(2025, 10, 13)
FIXTURES = 380


@dataclass(frozen=True)
class FirstRun:
    """The states after the two days, and the truth."""

    monday: State
    tuesday: State
    season: WholeSeason
    pairs: dict[int, int]
    """SofaSport's player id -> FPL's code."""
    changed_again: set[str]
    """Tables that change when Tuesday's matching is repeated."""


@pytest.fixture(scope="module")
def first_run(postgres: EmbeddedPostgres, _template: str) -> Iterator[FirstRun]:
    """Monday and Tuesday on an empty database."""
    with replayed(postgres, _template) as pipelines:
        (_, monday), (context, tuesday) = pipelines.days(MONDAY)
        changed = pipelines.changed_by_matching_again(context)
        season = whole_season(REPLAY)
        yield FirstRun(monday, tuesday, season, season.pairs(pipelines.people()), changed)


def test_nearly_all_people_are_linked_and_nobody_wrongly(first_run: FirstRun) -> None:
    score = first_run.tuesday.against(first_run.pairs)
    assert score.with_minutes > 400
    assert score.others > 150
    assert score.faults() == []
    assert score.wrong == set()


def test_without_lineups_nobody_is_linked_wrongly(first_run: FirstRun) -> None:
    score = first_run.monday.against(first_run.pairs)
    assert (score.with_minutes, score.others > 550) == (0, True)
    assert score.faults() == []
    assert score.wrong == set()


def test_mondays_links_are_kept_on_tuesday(first_run: FirstRun) -> None:
    assert first_run.monday.links.items() <= first_run.tuesday.links.items()


@pytest.mark.parametrize("day", ["monday", "tuesday"])
def test_every_fixture_has_the_right_current_event(first_run: FirstRun, day: str) -> None:
    state: State = getattr(first_run, day)
    assert len(state.current) == FIXTURES
    assert state.current == first_run.season.current(state.events)


def test_a_moved_fixture_has_both_events_and_the_new_one_is_current(first_run: FirstRun) -> None:
    twice = first_run.season.twice()
    assert len(twice) == 2
    for fixture, events in twice.items():
        assert events <= first_run.tuesday.events
        assert {first_run.tuesday.current[fixture]} == events & first_run.season.ended


def test_people_without_a_clear_link_are_in_review_with_the_evidence(first_run: FirstRun) -> None:
    for state in (first_run.monday, first_run.tuesday):
        assert state.review.keys().isdisjoint(state.links)
        assert all(evidence for found in state.review.values() for evidence in found.values())
        assert state.against(first_run.pairs).lost == set()


def test_two_profiles_of_one_person_without_minutes_are_in_review(first_run: FirstRun) -> None:
    cardines = {person for person, code in first_run.pairs.items() if code == 590014}
    assert len(cardines) == 2
    assert cardines <= first_run.tuesday.review.keys()


def test_matching_again_changes_no_row(first_run: FirstRun) -> None:
    assert first_run.changed_again == set()
