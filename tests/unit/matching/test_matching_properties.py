"""What must hold for any people, players and matches: order, strangers and repetition change nothing."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import dataclass

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from fpl_pulse.matching.behaviour import records
from fpl_pulse.matching.decisions import Decisions
from fpl_pulse.matching.players import match_players

TEAMS = pd.DataFrame({"sofasport_team_id": [100, 200], "fpl_team_code": [1, 2]})
NOTHING = pd.DataFrame(columns=["sofasport_player_id", "fpl_code"])
FIXTURES = pd.DataFrame({"event_id": [11, 12, 13, 14], "fixture_id": [1, 2, 3, 4], "is_current": True})
SATURDAY = pd.Timestamp("2025-08-16T14:00Z")

# Few words, dates and clubs, so that clashes are common.
_GIVEN = st.sampled_from(["Bruno", "Tom", "Thomas", "Igor", "Zezinho"])
_FAMILY = st.sampled_from(["Costa", "Costa Lima", "Smith", "Smyth", "Petrenko", ""])
_BORN = st.sampled_from([None, dt.date(2000, 3, 7), dt.date(2000, 3, 8), dt.date(1995, 1, 1)])
_MINUTES = st.dictionaries(st.integers(1, 4), st.sampled_from([1, 30, 60, 67, 90]), max_size=4)


@dataclass(frozen=True)
class Season:
    """Both sides' people and what they did."""

    people: pd.DataFrame
    players: pd.DataFrame
    appearances: pd.DataFrame
    figures: pd.DataFrame

    def match(
        self,
        earlier: pd.DataFrame = NOTHING,
        teams: pd.DataFrame = TEAMS,
        said: Decisions | None = None,
    ) -> pd.DataFrame:
        """The candidates."""
        known = records(self.appearances, self.figures, FIXTURES)
        return match_players(self.people, self.players, teams, earlier, records=known, decisions=said)

    def shuffled(self, seed: int) -> Season:
        """The same rows in another order."""
        frames = (self.people, self.players, self.appearances, self.figures)
        return Season(*(_shuffled(frame, seed + place) for place, frame in enumerate(frames)))


@st.composite
def _seasons(draw: st.DrawFn) -> Season:
    people, appearances = [], []
    for number in range(1, 1 + draw(st.integers(1, 6))):
        minutes = draw(_MINUTES)
        people.append({
            "sofasport_player_id": number, "name": f"{draw(_GIVEN)} {draw(_FAMILY)}".strip(), "slug": None,
            "short_name": None, "position": draw(st.sampled_from(["G", "D", "M", "F", None])),
            "birth_date": draw(_BORN), "team_ids": draw(st.sampled_from([[], [100], [200], [100, 200]])),
            "shirt_numbers": [None], "event_ids": [10 + fixture for fixture in minutes],
        })  # fmt: skip
        appearances += [
            (10 + fixture, number, played, draw(st.integers(0, 2))) for fixture, played in minutes.items()
        ]
    players, figures = [], []
    for code in range(50, 50 + draw(st.integers(1, 6))):
        first, second = draw(_GIVEN), draw(_FAMILY)
        players.append({
            "fpl_code": code, "element_id": code, "first_name": first, "second_name": second,
            "web_name": draw(st.sampled_from([first, second, f"{first[0]}.{second}"])), "known_name": None,
            "birth_date": draw(_BORN), "team_code": draw(st.sampled_from([1, 2])),
            "element_type": draw(st.integers(1, 4)), "squad_number": None,
        })  # fmt: skip
        figures += [
            (fixture, code, played, draw(st.integers(0, 2)), SATURDAY + pd.Timedelta(weeks=fixture))
            for fixture, played in draw(_MINUTES).items()
        ]
    return Season(
        pd.DataFrame(people),
        pd.DataFrame(players),
        pd.DataFrame(appearances, columns=["event_id", "sofasport_player_id", "minutes", "goals"]),
        pd.DataFrame(figures, columns=["fixture_id", "fpl_code", "minutes", "goals", "kickoff_at"]),
    )


def _shuffled(frame: pd.DataFrame, seed: int) -> pd.DataFrame:
    order = list(range(len(frame)))
    random.Random(seed).shuffle(order)
    return frame.iloc[order].reset_index(drop=True)


def _links(candidates: pd.DataFrame) -> pd.DataFrame:
    linked = candidates[candidates["status"] == "linked"]
    return linked.drop(columns="status").reset_index(drop=True)


@settings(max_examples=80, deadline=None)
@given(_seasons(), st.integers())
def test_the_order_of_the_rows_changes_nothing(season: Season, seed: int) -> None:
    again = season.shuffled(seed).match(teams=_shuffled(TEAMS, seed))
    pd.testing.assert_frame_equal(season.match(), again)


@settings(max_examples=80, deadline=None)
@given(_seasons())
def test_strangers_change_no_link(season: Season) -> None:
    born = dt.date(1988, 6, 30)
    seen_in = pd.Series([[100]], index=season.people.index[:1])
    nowhere = pd.Series([[None]], index=season.people.index[:1])
    stranger = season.people.iloc[[0]].assign(
        sofasport_player_id=900,
        name="Quirin Wolkenstein",
        birth_date=born,
        team_ids=seen_in,
        event_ids=nowhere,
    )
    newcomer = season.players.iloc[[0]].assign(
        fpl_code=990,
        first_name="Ebbe",
        second_name="Ulvskog",
        web_name="Ulvskog",
        birth_date=born.replace(year=1986),
    )
    more = Season(
        pd.concat([season.people, stranger]),
        pd.concat([season.players, newcomer]),
        season.appearances,
        season.figures,
    )
    pd.testing.assert_frame_equal(_links(season.match()), _links(more.match()))


@settings(max_examples=80, deadline=None)
@given(_seasons())
def test_matching_again_with_its_own_links_changes_nothing(season: Season) -> None:
    once = season.match()
    again = season.match(_links(once)[["sofasport_player_id", "fpl_code"]])
    pd.testing.assert_frame_equal(once, again)


@settings(max_examples=80, deadline=None)
@given(_seasons())
def test_a_player_is_one_mans_unless_the_man_has_two_profiles(season: Season) -> None:
    links = _links(season.match())
    assert links["sofasport_player_id"].is_unique
    shared = links[links["fpl_code"].duplicated(keep=False)]
    people = season.people.set_index("sofasport_player_id")
    for _, profiles in shared.groupby("fpl_code"):
        described = people.loc[profiles["sofasport_player_id"], ["name", "birth_date"]]
        assert len(described.drop_duplicates()) == 1


@settings(max_examples=80, deadline=None)
@given(_seasons(), st.integers(1, 6), st.integers(50, 55), st.booleans())
def test_a_persons_decision_always_wins(season: Season, number: int, code: int, is_link: bool) -> None:
    pair = number, code
    said = Decisions(
        {number: code} if is_link else {},
        frozenset() if is_link else frozenset({pair}),
        {pair: "linked by Ann"},
    )
    earlier = pd.DataFrame({"sofasport_player_id": [number], "fpl_code": [code if not is_link else 55]})
    links = _links(season.match(earlier, said=said))
    found = set(zip(links["sofasport_player_id"], links["fpl_code"], strict=True))
    assert (pair in found) is is_link
