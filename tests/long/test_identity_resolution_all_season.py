"""Identity resolution in every week of a real season, and what each kind of evidence contributes (`make season`).

The fixture `season` plays the weeks once, in order, and keeps the state after each; the tests compare the states with
the truth.
"""

import random
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise

import pytest
from rich.console import Console
from rich.table import Table

from dev.local.postgres import EmbeddedPostgres
from fpl_pulse.matching.evidence import KINDS, EvidenceKind
from fpl_pulse.matching.players import match_players
from fpl_pulse.matching.rows import Candidate, PersonRow, links_of
from tests.replay.season import REPLAY, Inputs, Score, State, mondays, needs_replay, replayed
from tests.replay.truth import WholeSeason, whole_season

pytestmark = [pytest.mark.replay, pytest.mark.timeout(3600), needs_replay]

WEEKS = tuple(mondays(date(2025, 8, 11), date(2026, 6, 1)))
OCTOBER, LAST = date(2025, 10, 13), WEEKS[-1]
WINTER = (date(2025, 12, 29), date(2026, 2, 9))
"""The Mondays before and after the winter's transfers."""
FIXTURES = 380

BY_NAME: tuple[EvidenceKind, ...] = ("name",)
AT_THE_CLUB: tuple[EvidenceKind, ...] = (*BY_NAME, "club", "position")
BORN: tuple[EvidenceKind, ...] = (*AT_THE_CLUB, "birth_date")
CUMULATIVE_TRIALS = 4
"""Each of the first trials adds kinds of evidence to the one before."""
UNUSABLE_NAMES = 0.2
"""Share of names that one of the trials makes unusable."""


@dataclass(frozen=True)
class Season:
    """The states after each week, and the truth."""

    weeks: Mapping[date, tuple[State, State]]
    """Monday of the week -> state after Monday's run, state after Tuesday's run."""
    inputs: Mapping[date, Inputs]
    """The arguments of the matching in two of the weeks."""
    whole: WholeSeason
    pairs: Mapping[int, int]
    """SofaSport's player id -> FPL's code."""
    changed_again: set[str]
    """Tables that change when the last matching is repeated."""


@dataclass(frozen=True)
class Trial:
    """A matching without earlier links, compared with the truth."""

    candidates: list[Candidate]
    score: Score


@pytest.fixture(scope="module")
def season(postgres: EmbeddedPostgres, _template: str) -> Season:
    """All weeks, played once. Prints a table of figures (shown with -s)."""
    weeks: dict[date, tuple[State, State]] = {}
    inputs: dict[date, Inputs] = {}
    with replayed(postgres, _template) as pipelines:
        for monday in WEEKS:
            (_, early), (context, late) = pipelines.days(monday)
            weeks[monday] = early, late
            if monday in (OCTOBER, LAST):
                inputs[monday] = pipelines.inputs()
        changed = pipelines.changed_by_matching_again(context)
        whole = whole_season(REPLAY)
        played = Season(weeks, inputs, whole, whole.pairs(pipelines.people()), changed)
    _print_weeks(played)
    return played


@pytest.fixture(scope="module")
def trials(season: Season) -> dict[date, dict[str, Trial]]:
    """The matching without earlier links in two of the weeks, with several sets of evidence and with worse input."""
    tried = {monday: _trials(season, monday) for monday in season.inputs}
    for monday, trials in tried.items():
        _print_trials(season, monday, trials)
    return tried


def _trials(season: Season, monday: date) -> dict[str, Trial]:
    given, (_, state) = season.inputs[monday], season.weeks[monday]
    undated: Inputs = {**given, "elements": [replace(element, birth_date=None) for element in given["elements"]]}
    unnamed: Inputs = {**given, "people": _without_some_names(given["people"])}
    wanted: dict[str, tuple[Inputs, Collection[EvidenceKind]]] = {
        "names": (given, BY_NAME),
        "+ club, position": (given, AT_THE_CLUB),
        "+ birth date": (given, BORN),
        "+ minutes, shirt": (given, KINDS),
        "no FPL birth dates, no minutes": (undated, BORN),
        "no FPL birth dates": (undated, KINDS),
        "a fifth of the names unusable, no minutes": (unnamed, BORN),
        "a fifth of the names unusable": (unnamed, KINDS),
    }
    found = {}
    for title, (arguments, kinds) in wanted.items():
        candidates = match_players(**arguments, earlier={}, kinds=kinds)
        found[title] = Trial(candidates, _as_state(state, candidates).against(season.pairs))
    return found


def _without_some_names(people: list[PersonRow]) -> list[PersonRow]:
    """The people, a fifth of them with an unusable name."""
    chance = random.Random(1)
    unusable = "Xqz Wvk"
    return [
        replace(person, name=unusable, slug=unusable, short_name=unusable)
        if chance.random() < UNUSABLE_NAMES
        else person
        for person in people
    ]


def _as_state(state: State, candidates: list[Candidate]) -> State:
    """The state as it would be with these candidates."""
    review: dict[int, dict[int, str]] = defaultdict(dict)
    for row in candidates:
        if row.status == "review" and row.fpl_id is not None:
            review[row.sofasport_id][row.fpl_id] = row.evidence
    return replace(state, links=links_of(candidates), review=review)


@pytest.mark.parametrize("monday", WEEKS, ids=str)
def test_in_every_week_nearly_all_people_are_linked_and_hardly_any_wrongly(season: Season, monday: date) -> None:
    for state in season.weeks[monday]:
        score = state.against(season.pairs)
        assert score.with_minutes + score.others > 600
        assert score.faults() == []


@pytest.mark.parametrize("monday", WEEKS, ids=str)
def test_in_every_week_every_fixture_has_the_right_current_event(season: Season, monday: date) -> None:
    for state in season.weeks[monday]:
        assert len(state.current) == FIXTURES
        assert state.current == season.whole.current(state.events)


def test_a_moved_match_has_its_old_event_until_the_new_one_is_known(season: Season) -> None:
    states = [state for week in season.weeks.values() for state in week]
    in_turn = [list(dict.fromkeys(state.current[fixture] for state in states)) for fixture in season.whole.twice()]
    # One of the two was moved before the first week.
    assert sorted(map(len, in_turn)) == [1, 2]
    assert {events[-1] for events in in_turn} <= season.whole.ended


def test_no_person_is_ever_linked_to_two_players(season: Season) -> None:
    codes: dict[int, set[int]] = defaultdict(set)
    for week in season.weeks.values():
        for state in week:
            for person, code in state.links.items():
                codes[person].add(code)
    assert len(codes) > 700
    assert {person: found for person, found in codes.items() if len(found) > 1} == {}


def test_no_link_is_ever_lost(season: Season) -> None:
    states = [state for week in season.weeks.values() for state in week]
    lost = [before.links.keys() - after.links.keys() for before, after in pairwise(states)]
    assert set().union(*lost) == set()


def test_a_player_who_changes_clubs_in_the_winter_keeps_the_link(season: Season) -> None:
    states = {monday: late for monday, (_, late) in season.weeks.items()}
    before, after = states[WINTER[0]], states[WINTER[1]]
    moved = {code for code, club in before.clubs.items() if after.clubs.get(code, club) != club}
    links = {person: code for person, code in before.links.items() if code in moved}
    assert len(moved) >= 10
    assert set(links.values()) == moved
    for monday, state in states.items():
        if monday > WINTER[0]:
            assert links.items() <= state.links.items(), monday


def test_matching_again_changes_no_row(season: Season) -> None:
    assert season.changed_again == set()


@pytest.mark.parametrize("monday", [OCTOBER, LAST], ids=str)
def test_every_kind_of_evidence_adds_links_and_none_is_wrong(
    trials: dict[date, dict[str, Trial]], monday: date
) -> None:
    scores = [trial.score for trial in trials[monday].values()][:CUMULATIVE_TRIALS]
    linked = [score.with_minutes_linked + score.others_linked for score in scores]
    assert linked == sorted(linked)
    assert linked[0] < linked[-1]
    assert [score.wrong for score in scores] == [set()] * CUMULATIVE_TRIALS
    assert scores[-1].faults() == []


@pytest.mark.parametrize("monday", [OCTOBER, LAST], ids=str)
@pytest.mark.parametrize(("trouble", "least"), [("no FPL birth dates", 0.99), ("a fifth of the names unusable", 0.9)])
def test_minutes_compensate_for_missing_birth_dates_and_names(
    trials: dict[date, dict[str, Trial]], monday: date, trouble: str, least: float
) -> None:
    without, score = trials[monday][f"{trouble}, no minutes"].score, trials[monday][trouble].score
    assert without.with_minutes_linked < score.with_minutes_linked
    assert score.with_minutes_linked >= least * score.with_minutes
    assert without.wrong == score.wrong == set()


def _print_weeks(season: Season) -> None:
    table = Table("week of", title="Identity resolution, week by week, after Tuesday's run")
    for name in ("with minutes linked", "others linked", "wrong", "in review", "seconds"):
        table.add_column(name, justify="right")
    for monday, (early, late) in season.weeks.items():
        score = late.against(season.pairs)
        cells = _cells(score)
        table.add_row(str(monday), *cells, f"{early.seconds + late.seconds:.1f}")
    console = Console(width=160)
    console.print(table)
    console.print("In review, from the first Tuesday to the last:")
    reviewed: dict[tuple[int, int], list[date]] = defaultdict(list)
    words: dict[tuple[int, int], str] = {}
    for monday, (_, late) in season.weeks.items():
        for person, found in late.review.items():
            for code, evidence in found.items():
                reviewed[person, code].append(monday)
                words[person, code] = evidence
    for pair, weeks in reviewed.items():
        is_true = season.pairs.get(pair[0]) == pair[1]
        console.print(
            f"  {pair[0]} = {pair[1]} ({'true' if is_true else 'not true'}), {len(weeks)} weeks, {weeks[0]} to"
            f" {weeks[-1]}: {words[pair]}"
        )


def _print_trials(season: Season, monday: date, trials: dict[str, Trial]) -> None:
    table = Table("evidence", title=f"Without earlier links, in the week of {monday}")
    for name in ("with minutes linked", "others linked", "wrong", "in review"):
        table.add_column(name, justify="right")
    for title, trial in trials.items():
        table.add_row(title, *_cells(trial.score))
    methods = Table("method", title=f"Links by method, without earlier links, in the week of {monday}")
    for name in ("links", "wrong"):
        methods.add_column(name, justify="right")
    everything = trials["+ minutes, shirt"]
    links = [row for row in everything.candidates if row.status == "linked"]
    wrong = Counter(row.method for row in links if season.pairs.get(row.sofasport_id) != row.fpl_id)
    for method, count in Counter(row.method for row in links).most_common():
        methods.add_row(method, str(count), str(wrong[method]))
    for one in (table, methods):
        Console(width=160).print(one)


def _cells(score: Score) -> list[str]:
    return [
        f"{score.with_minutes_linked}/{score.with_minutes}",
        f"{score.others_linked}/{score.others}",
        str(len(score.wrong)),
        str(score.in_review),
    ]
