"""What must hold for any people and players: order, strangers and repetition change nothing."""

from __future__ import annotations

import datetime as dt
import random
from typing import Any

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from fpl_pulse.matching.players import match_players

TEAMS = pd.DataFrame({"sofasport_team_id": [100, 200], "fpl_team_code": [1, 2]})
NOTHING = pd.DataFrame(columns=["sofasport_player_id", "fpl_code"])

# Few words, dates and clubs, so that clashes are common.
_GIVEN = st.sampled_from(["Bruno", "Tom", "Thomas", "Igor", "Zezinho"])
_FAMILY = st.sampled_from(["Costa", "Costa Lima", "Smith", "Smyth", "Petrenko", ""])
_BORN = st.sampled_from([None, dt.date(2000, 3, 7), dt.date(2000, 3, 8), dt.date(1995, 1, 1)])


@st.composite
def _people(draw: st.DrawFn) -> pd.DataFrame:
    rows = [
        {
            "sofasport_player_id": number, "name": f"{draw(_GIVEN)} {draw(_FAMILY)}".strip(), "slug": None,
            "short_name": None, "position": draw(st.sampled_from(["G", "D", "M", "F", None])),
            "birth_date": draw(_BORN), "team_ids": draw(st.sampled_from([[], [100], [200], [100, 200]])),
            "shirt_number": None,
        }
        for number in range(1, 1 + draw(st.integers(1, 6)))
    ]  # fmt: skip
    return pd.DataFrame(rows)


@st.composite
def _players(draw: st.DrawFn) -> pd.DataFrame:
    rows: list[dict[str, Any]] = []
    for code in range(50, 50 + draw(st.integers(1, 6))):
        first, second = draw(_GIVEN), draw(_FAMILY)
        rows.append({
            "fpl_code": code, "element_id": code, "first_name": first, "second_name": second,
            "web_name": draw(st.sampled_from([first, second, f"{first[0]}.{second}"])), "known_name": None,
            "birth_date": draw(_BORN), "team_code": draw(st.sampled_from([1, 2])),
            "element_type": draw(st.integers(1, 4)),
        })  # fmt: skip
    return pd.DataFrame(rows)


def _shuffled(frame: pd.DataFrame, seed: int) -> pd.DataFrame:
    order = list(range(len(frame)))
    random.Random(seed).shuffle(order)
    return frame.iloc[order].reset_index(drop=True)


@settings(max_examples=60, deadline=None)
@given(_people(), _players(), st.integers())
def test_the_order_of_the_rows_changes_nothing(
    people: pd.DataFrame, players: pd.DataFrame, seed: int
) -> None:
    links, candidates = match_players(people, players, TEAMS, NOTHING)
    again = match_players(
        _shuffled(people, seed), _shuffled(players, seed + 1), _shuffled(TEAMS, seed), NOTHING
    )
    pd.testing.assert_frame_equal(links, again[0])
    pd.testing.assert_frame_equal(candidates, again[1])


@settings(max_examples=60, deadline=None)
@given(_people(), _players())
def test_links_are_one_to_one_and_strangers_change_no_link(
    people: pd.DataFrame, players: pd.DataFrame
) -> None:
    links, _ = match_players(people, players, TEAMS, NOTHING)
    assert links["sofasport_player_id"].is_unique
    assert links["fpl_code"].is_unique
    born = dt.date(1988, 6, 30)
    seen_in = pd.Series([[100]], index=people.index[:1])
    stranger = people.iloc[[0]].assign(
        sofasport_player_id=900, name="Quirin Wolkenstein", birth_date=born, team_ids=seen_in
    )
    newcomer = players.iloc[[0]].assign(
        fpl_code=990,
        first_name="Ebbe",
        second_name="Ulvskog",
        web_name="Ulvskog",
        birth_date=born.replace(year=1986),
    )
    more, _ = match_players(pd.concat([people, stranger]), pd.concat([players, newcomer]), TEAMS, NOTHING)
    pd.testing.assert_frame_equal(links, more)


@settings(max_examples=60, deadline=None)
@given(_people(), _players())
def test_matching_again_with_its_own_links_changes_nothing(
    people: pd.DataFrame, players: pd.DataFrame
) -> None:
    links, candidates = match_players(people, players, TEAMS, NOTHING)
    again = match_players(people, players, TEAMS, links[["sofasport_player_id", "fpl_code"]])
    pd.testing.assert_frame_equal(links, again[0])
    pd.testing.assert_frame_equal(candidates, again[1])
