"""SofaSport teams matched to FPL teams."""

from __future__ import annotations

import pytest

from fpl_pulse.matching.manual_decisions import ManualDecisions
from fpl_pulse.matching.rows import Candidate, FplTeamRow, TeamRow, links_of
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


Found = dict[int, Candidate]


def _match(
    sofasport: list[tuple[int, str, str, str, str]],
    fpl: list[tuple[int, str, str]],
    earlier: list[Candidate] | None = None,
    decisions: ManualDecisions | None = None,
) -> Found:
    found = match_teams(
        [TeamRow(*team) for team in sofasport], [FplTeamRow(*team) for team in fpl], earlier or [], decisions
    )
    return {candidate.sofasport_id: candidate for candidate in found}


def _linked(found: Found) -> dict[int, int]:
    return links_of(found.values())


def _earlier(team_id: int, code: int, method: str = "name_equal", confidence: float = 1.0) -> Candidate:
    return Candidate(
        sofasport_id=team_id, fpl_id=code, status="linked", method=method, confidence=confidence, evidence=method
    )


def test_every_club_of_the_league_is_linked_with_each_spelling() -> None:
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


def test_an_unknown_club_is_in_review_and_changes_no_other_link() -> None:
    found = _match([*LEAGUE, (99, "Real Sociedad", "Sociedad", "real-sociedad", "RSO")], FPL)
    assert found[99].status == "review"
    assert found[99].fpl_id is None
    assert len(_linked(found)) == len(LEAGUE)


def test_two_clubs_of_one_town_are_not_linked() -> None:
    found = _match([(1, "Sheffield Wednesday", "", "", ""), (2, "Sheffield", "", "", "")], [(5, "Sheffield Utd", "")])
    assert 1 not in _linked(found)


def test_a_name_that_fits_two_clubs_is_in_review() -> None:
    found = _match([(1, "Bristol", "", "", "")], [(5, "Bristol City", ""), (6, "Bristol Rovers", "")])
    assert found[1].status == "review"


def test_the_youth_side_of_a_club_is_not_the_club() -> None:
    found = _match([(1, "Arsenal U21", "Arsenal U21", "arsenal-u21", "ARS")], FPL)
    assert found[1].status == "review"


def test_three_equal_letters_alone_do_not_link() -> None:
    found = _match([(1, "Barcelona", "Barcelona", "barcelona", "BAR")], [(5, "Barnsley", "BAR")])
    assert found[1].status == "review"
    assert found[1].fpl_id == 5


def test_a_name_in_another_script_is_transliterated() -> None:
    assert _linked(_match([(1, "Арсенал", "", "", "")], FPL)) == {1: 3}
    assert _match([(1, "アーセナル", "", "", "")], FPL)[1].status == "review"


def _decided(pairs: dict[int, int], rejected: frozenset[tuple[int, int]] = frozenset()) -> ManualDecisions:
    return ManualDecisions(pairs, rejected, dict.fromkeys(pairs.items(), "linked by Ann on 2025-10-14: promoted"))


def _match_with(decisions: ManualDecisions, earlier: dict[int, int] | None = None) -> Found:
    return _match(LEAGUE, FPL, [_earlier(*link) for link in (earlier or {}).items()], decisions)


def test_a_manual_link_overrides_names_and_earlier_links() -> None:
    for earlier in ({}, {42: 3}):
        found = _match_with(_decided({17: 3}), earlier)
        assert _linked(found)[17] == 3
        assert found[17].method == "decision"
        assert "Ann" in found[17].evidence
        assert found[42].status == "review"


def test_a_rejected_pair_is_not_linked_again() -> None:
    rejected = frozenset({(42, 3)})
    for earlier in ({}, {42: 3}):
        assert 42 not in _linked(_match_with(_decided({}, rejected), earlier))


def test_earlier_links_are_kept_whatever_the_names_are() -> None:
    assert _linked(_match_with(_decided({}), {17: 3}))[17] == 3


def test_a_withdrawn_manual_link_is_not_kept() -> None:
    assert _linked(_match(LEAGUE, FPL, [_earlier(17, 3, "decision")]))[17] == 43


def test_of_two_manual_links_of_one_club_the_later_one_counts() -> None:
    assert _linked(_match_with(_decided({17: 3, 35: 3}))).get(35) == 3


def test_the_order_of_the_teams_does_not_matter() -> None:
    found, shuffled = _match(LEAGUE, FPL), _match(LEAGUE[::-1], FPL[::-1])
    assert list(found.values()) == list(shuffled.values())


def test_no_teams_give_no_rows() -> None:
    assert _match([], FPL) == {}


def test_one_id_with_two_names_is_refused() -> None:
    with pytest.raises(ValueError, match="FPL team code 3 is in two different rows"):
        _match(LEAGUE, [(3, "Arsenal", "ARS"), (3, "Chelsea", "CHE")])


def test_normalising_writes_short_forms_out_once() -> None:
    assert normalised("Tottenham Hotspur FC") == normalised("Spurs") == "tottenham hotspur"
    assert normalised("Man Utd") == "manchester united"


def test_of_two_earlier_links_of_one_club_the_more_confident_one_stays() -> None:
    found = _match(
        [*LEAGUE, (999, "Arsenal London", "Arsenal", "arsenal-london", "ARS")],
        FPL,
        [_earlier(999, 3, "name_within", 0.85), _earlier(42, 3)],
    )
    assert _linked(found)[42] == 3
    assert [team for team, candidate in found.items() if candidate.status == "review"] == [999]


def test_the_evidence_of_a_manually_rejected_club_says_so() -> None:
    decisions = ManualDecisions({}, frozenset({(42, 3)}), {(42, 3): "rejected by Ann"})
    assert _match_with(decisions)[42].evidence == "rejected_manually"
