"""SofaSport teams matched to FPL teams."""

from __future__ import annotations

import pandas as pd
import pytest

from fpl_pulse.matching.decisions import Decisions
from fpl_pulse.matching.teams import match_teams, normalised

# id, name, short name, slug, three letters
LEAGUE = [
    (17, "Manchester City", "Man City", "manchester-city", "MCI"),
    (35, "Manchester United", "Man Utd", "manchester-united", "MUN"),
    (33, "Tottenham Hotspur", "Tottenham", "tottenham-hotspur", "TOT"),
    (14, "Nottingham Forest", "Forest", "nottingham-forest", "NFO"),
    (3, "Wolverhampton", "Wolves", "wolverhampton", "WOL"),
    (30, "Brighton & Hove Albion", "Brighton", "brighton-and-hove-albion", "BHA"),
    (42, "Arsenal", "Arsenal", "arsenal", "ARS"),
]
FPL = [
    (43, "Man City", "MCI"),
    (1, "Man Utd", "MUN"),
    (6, "Spurs", "TOT"),
    (17, "Nott'm Forest", "NFO"),
    (39, "Wolves", "WOL"),
    (36, "Brighton", "BHA"),
    (3, "Arsenal", "ARS"),
]


def _match(sofasport: list[tuple[int, str, str, str, str]], fpl: list[tuple[int, str, str]]) -> pd.DataFrame:
    return match_teams(
        pd.DataFrame(sofasport, columns=["team_id", "name", "short_name", "slug", "name_code"]),
        pd.DataFrame(fpl, columns=["code", "name", "short_name"]),
    ).set_index("sofasport_team_id")


def _linked(found: pd.DataFrame) -> dict[int, int]:
    linked = found[found["status"] == "linked"]
    return {int(team): int(code) for team, code in zip(linked.index, linked["fpl_team_code"], strict=True)}


def test_every_club_of_the_league_is_linked_whatever_it_is_called() -> None:
    expected = {17: 43, 35: 1, 33: 6, 14: 17, 3: 39, 30: 36, 42: 3}
    assert _linked(_match(LEAGUE, FPL)) == expected


def test_clubs_are_linked_without_short_names_and_codes() -> None:
    bare = [(team_id, name, "", "", "") for team_id, name, *_ in LEAGUE]
    assert _linked(_match(bare, FPL)) == {17: 43, 35: 1, 33: 6, 14: 17, 3: 39, 30: 36, 42: 3}


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [
        ("Ipswich", "Ipswich Town"),
        ("Coventry", "Coventry City FC"),
        ("Sheffield Utd", "Sheffield United"),
        ("West Brom", "West Bromwich Albion"),
        ("Hull", "Hull City"),
    ],
)
def test_a_promoted_club_needs_no_new_code(ours: str, theirs: str) -> None:
    found = _match([*LEAGUE, (99, ours, "", "", "")], [*FPL, (990, theirs, "")])
    assert _linked(found)[99] == 990


def test_an_unknown_club_is_in_review_and_harms_nobody() -> None:
    found = _match([*LEAGUE, (99, "Real Sociedad", "Sociedad", "real-sociedad", "RSO")], FPL)
    assert found.loc[99, "status"] == "review"
    assert found.loc[[99], "fpl_team_code"].isna().all()
    assert len(_linked(found)) == len(LEAGUE)


def test_two_clubs_of_one_town_are_not_confused() -> None:
    found = _match(
        [(1, "Sheffield Wednesday", "", "", ""), (2, "Sheffield", "", "", "")], [(5, "Sheffield Utd", "")]
    )
    assert 1 not in _linked(found)


def test_a_name_that_fits_two_clubs_is_in_review() -> None:
    found = _match([(1, "Bristol", "", "", "")], [(5, "Bristol City", ""), (6, "Bristol Rovers", "")])
    assert found.loc[1, "status"] == "review"


def test_the_youth_side_of_a_club_is_not_the_club() -> None:
    found = _match([(1, "Arsenal U21", "Arsenal U21", "arsenal-u21", "ARS")], FPL)
    assert found.loc[1, "status"] == "review"


def test_three_equal_letters_alone_do_not_link() -> None:
    found = _match([(1, "Barcelona", "Barcelona", "barcelona", "BAR")], [(5, "Barnsley", "BAR")])
    assert found.loc[1, "status"] == "review"
    assert found.loc[1, "fpl_team_code"] == 5


def test_a_name_in_another_script_is_read_where_it_can_be() -> None:
    assert _linked(_match([(1, "Арсенал", "", "", "")], FPL)) == {1: 3}
    assert _match([(1, "アーセナル", "", "", "")], FPL).loc[1, "status"] == "review"


def _decided(pairs: dict[int, int], rejected: frozenset[tuple[int, int]] = frozenset()) -> Decisions:
    return Decisions(pairs, rejected, dict.fromkeys(pairs.items(), "linked by Ann on 2025-10-14: promoted"))


def _match_with(said: Decisions, earlier: dict[int, int] | None = None) -> pd.DataFrame:
    columns = ["team_id", "name", "short_name", "slug", "name_code"]
    before = pd.DataFrame(
        [(team, code, "name_equal", 1.0, "name_equal") for team, code in (earlier or {}).items()],
        columns=["sofasport_team_id", "fpl_team_code", "method", "confidence", "evidence"],
    )
    theirs = pd.DataFrame(FPL, columns=["code", "name", "short_name"])
    return match_teams(pd.DataFrame(LEAGUE, columns=columns), theirs, before, said).set_index(
        "sofasport_team_id"
    )


def test_a_persons_link_wins_over_the_name_and_over_what_was_linked_before() -> None:
    for earlier in ({}, {42: 3}):
        found = _match_with(_decided({17: 3}), earlier)
        assert _linked(found)[17] == 3
        assert found.loc[17, "method"] == "decision"
        assert "Ann" in str(found.loc[17, "evidence"])
        assert found.loc[42, "status"] == "review"


def test_a_rejected_pair_is_not_linked_again() -> None:
    rejected = frozenset({(42, 3)})
    for earlier in ({}, {42: 3}):
        assert 42 not in _linked(_match_with(_decided({}, rejected), earlier))


def test_earlier_links_are_kept_whatever_the_names_say() -> None:
    assert _linked(_match_with(_decided({}), {17: 3}))[17] == 3


def test_a_decision_that_was_taken_back_leaves_no_link_behind() -> None:
    columns = ["team_id", "name", "short_name", "slug", "name_code"]
    before = pd.DataFrame(
        [(17, 3, "decision", 1.0, "linked by Ann")],
        columns=["sofasport_team_id", "fpl_team_code", "method", "confidence", "evidence"],
    )
    theirs = pd.DataFrame(FPL, columns=["code", "name", "short_name"])
    found = match_teams(pd.DataFrame(LEAGUE, columns=columns), theirs, before).set_index("sofasport_team_id")
    assert _linked(found)[17] == 43


def test_of_two_decisions_about_one_club_the_later_one_counts() -> None:
    assert _linked(_match_with(_decided({17: 3, 35: 3}))).get(35) == 3


def test_the_order_of_the_teams_does_not_matter() -> None:
    pd.testing.assert_frame_equal(_match(LEAGUE, FPL), _match(LEAGUE[::-1], FPL[::-1]))


def test_no_teams_give_no_rows() -> None:
    assert _match([], FPL).empty


def test_a_missing_column_is_named() -> None:
    with pytest.raises(ValueError, match="SofaSport teams lack the columns slug, name_code"):
        match_teams(pd.DataFrame(columns=["team_id", "name", "short_name"]), pd.DataFrame())


def test_one_id_with_two_names_is_refused() -> None:
    with pytest.raises(ValueError, match="code 3 in two different rows"):
        _match(LEAGUE, [(3, "Arsenal", "ARS"), (3, "Chelsea", "CHE")])


def test_normalising_writes_short_forms_out_once() -> None:
    assert normalised("Tottenham Hotspur FC") == normalised("Spurs") == "tottenham hotspur"
    assert normalised("Man Utd") == "manchester united"


def test_of_two_earlier_ids_of_one_club_the_surer_keeps_it_and_the_other_waits() -> None:
    clubs = pd.DataFrame(
        [*LEAGUE, (999, "Arsenal London", "Arsenal", "arsenal-london", "ARS")],
        columns=["team_id", "name", "short_name", "slug", "name_code"],
    )
    earlier = pd.DataFrame(
        [(999, 3, "name_within", 0.85, "name_within"), (42, 3, "name_equal", 1.0, "name_equal")],
        columns=["sofasport_team_id", "fpl_team_code", "method", "confidence", "evidence"],
    )
    found = match_teams(clubs, pd.DataFrame(FPL, columns=["code", "name", "short_name"]), earlier)
    assert _linked(found.set_index("sofasport_team_id"))[42] == 3
    waiting = found[found.status == "review"]
    assert waiting.sofasport_team_id.tolist() == [999]


def test_a_club_that_a_person_has_rejected_says_so() -> None:
    found = match_teams(
        pd.DataFrame(LEAGUE, columns=["team_id", "name", "short_name", "slug", "name_code"]),
        pd.DataFrame(FPL, columns=["code", "name", "short_name"]),
        None,
        Decisions({}, frozenset({(42, 3)}), {(42, 3): "rejected by Ann"}),
    )
    assert found[found.sofasport_team_id == 42].evidence.tolist() == ["rejected_by_a_person"]
