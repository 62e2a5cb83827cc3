"""What holds for all people, players and matches: order, unrelated players and repetition do not change the links."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import dataclass, replace
from itertools import combinations, groupby

from hypothesis import given, settings
from hypothesis import strategies as st

from fpl_pulse.matching.evidence import compare_birth_dates
from fpl_pulse.matching.manual_decisions import ManualDecisions
from fpl_pulse.matching.players import match_players
from fpl_pulse.matching.playing_records import playing_records
from fpl_pulse.matching.rows import AppearanceRow, Candidate, ElementRow, FigureRow, PersonRow, links_of
from tests.unit.matching.playing import KICK_OFF, current

TEAMS = {100: 1, 200: 2}
FIXTURES = [current(10 + fixture, fixture) for fixture in range(1, 5)]

# Few words, dates and clubs, so that clashes are common.
_GIVEN = st.sampled_from(["Bruno", "Tom", "Thomas", "Igor", "Zezinho"])
_FAMILY = st.sampled_from(["Costa", "Costa Lima", "Smith", "Smyth", "Petrenko", ""])
_BORN = st.sampled_from([None, dt.date(2000, 3, 7), dt.date(2000, 3, 8), dt.date(1995, 1, 1)])
_MINUTES = st.dictionaries(st.integers(1, 4), st.sampled_from([1, 30, 60, 67, 90]), max_size=4)


@dataclass(frozen=True)
class Season:
    """The people of both sides and their matches."""

    people: list[PersonRow]
    players: list[ElementRow]
    appearances: list[AppearanceRow]
    figures: list[FigureRow]

    def match(self, earlier: dict[int, int] | None = None, decisions: ManualDecisions | None = None) -> list[Candidate]:
        """The candidates."""
        records = playing_records(self.appearances, self.figures, FIXTURES)
        return match_players(self.people, self.players, TEAMS, earlier or {}, records=records, decisions=decisions)

    def shuffled(self, seed: int) -> Season:
        """The same rows in another order."""
        shuffle = random.Random(seed)
        lists = (self.people, self.players, self.appearances, self.figures)
        return Season(*(shuffle.sample(rows, len(rows)) for rows in lists))  # type: ignore[arg-type]


@st.composite
def _seasons(draw: st.DrawFn) -> Season:
    people, appearances = [], []
    for number in range(1, 1 + draw(st.integers(1, 6))):
        minutes = draw(_MINUTES)
        name = f"{draw(_GIVEN)} {draw(_FAMILY)}".strip()
        position = draw(st.sampled_from(["G", "D", "M", "F", None]))
        teams = draw(st.sampled_from([[], [100], [200], [100, 200]]))
        events = [10 + fixture for fixture in minutes]
        days = [KICK_OFF + dt.timedelta(weeks=fixture) for fixture in minutes]
        named = (min(days, default=None), max(days, default=None), min(days, default=None))
        listed_at = draw(st.sampled_from([None, KICK_OFF, KICK_OFF + dt.timedelta(weeks=3)]))
        people.append(PersonRow(number, name, None, None, position, draw(_BORN), teams, [], events, *named, listed_at))
        appearances += [
            AppearanceRow(10 + fixture, number, played, draw(st.integers(0, 2))) for fixture, played in minutes.items()
        ]
    players, figures = [], []
    for code in range(50, 50 + draw(st.integers(1, 6))):
        first, second = draw(_GIVEN), draw(_FAMILY)
        web_name = draw(st.sampled_from([first, second, f"{first[0]}.{second}"]))
        team, element_type = draw(st.sampled_from([1, 2])), draw(st.integers(1, 4))
        players.append(ElementRow(code, first, second, web_name, None, draw(_BORN), team, element_type, None))
        figures += [
            FigureRow(fixture, code, played, draw(st.integers(0, 2)), KICK_OFF + dt.timedelta(weeks=fixture))
            for fixture, played in draw(_MINUTES).items()
        ]
    return Season(people, players, appearances, figures)


def _linked(candidates: list[Candidate]) -> list[Candidate]:
    return [candidate for candidate in candidates if candidate.status == "linked"]


@settings(max_examples=80, deadline=None)
@given(_seasons(), st.integers())
def test_the_order_of_the_rows_changes_nothing(season: Season, seed: int) -> None:
    assert season.shuffled(seed).match() == season.match()


@settings(max_examples=80, deadline=None)
@given(_seasons())
def test_unrelated_players_change_no_link(season: Season) -> None:
    born = dt.date(1988, 6, 30)
    stranger = replace(
        season.people[0],
        sofasport_player_id=900,
        name="Quirin Wolkenstein",
        birth_date=born,
        team_ids=[100],
        event_ids=[],
    )
    newcomer = replace(
        season.players[0],
        fpl_code=990,
        first_name="Ebbe",
        second_name="Ulvskog",
        web_name="Ulvskog",
        birth_date=born.replace(year=1986),
    )
    more = replace(season, people=[*season.people, stranger], players=[*season.players, newcomer])
    assert _linked(more.match()) == _linked(season.match())


@settings(max_examples=80, deadline=None)
@given(_seasons())
def test_matching_again_with_its_own_links_changes_nothing(season: Season) -> None:
    once = season.match()
    assert season.match(links_of(once)) == once


@settings(max_examples=80, deadline=None)
@given(_seasons())
def test_profiles_that_share_a_player_share_no_match_and_have_no_different_birth_dates(season: Season) -> None:
    links = _linked(season.match())
    assert len({link.sofasport_id for link in links}) == len(links)
    people = {row.sofasport_player_id: row for row in season.people}
    by_code = sorted(links, key=lambda link: link.fpl_id or 0)
    for _, found in groupby(by_code, key=lambda link: link.fpl_id):
        profiles = [people[link.sofasport_id] for link in found]
        for one, other in combinations(profiles, 2):
            assert not {*one.event_ids} & {*other.event_ids}
            assert compare_birth_dates(one.birth_date, other.birth_date) != "birth_date_different"


@settings(max_examples=80, deadline=None)
@given(_seasons(), st.integers(1, 6), st.integers(50, 55), st.booleans())
def test_a_manual_decision_overrides_everything(season: Season, number: int, code: int, is_link: bool) -> None:
    pair = number, code
    decisions = ManualDecisions(
        {number: code} if is_link else {}, frozenset() if is_link else frozenset({pair}), {pair: "linked by Ann"}
    )
    links = links_of(season.match({number: 55 if is_link else code}, decisions))
    assert (pair in links.items()) is is_link
