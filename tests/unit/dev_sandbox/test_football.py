"""The matches of the sandbox follow the laws of the game."""

from collections import Counter, defaultdict
from itertools import pairwise

import pytest

from dev.sandbox.lineups import Side, players_by_position
from dev.sandbox.matches import Match, minute_differs
from dev.sandbox.season import Season
from dev.sandbox.timestamps import HOUR


@pytest.fixture(scope="module")
def matches(season: Season) -> list[Match]:
    return [season.match(fixture) for fixture in season.fixtures]


@pytest.fixture(scope="module")
def sides(matches: list[Match]) -> list[Side]:
    return [side for match in matches for side in match.sides]


def test_everyone_meets_everyone_twice(season: Season) -> None:
    pairs = {(fixture.home, fixture.away) for fixture in season.fixtures}
    assert len(season.fixtures) == len(pairs) == 380
    assert all(home != away for home, away in pairs)
    assert set(Counter(fixture.planned_gameweek for fixture in season.fixtures).values()) == {10}


def test_a_league_of_six_clubs_has_thirty_fixtures_in_ten_gameweeks() -> None:
    small = Season(clubs=6)
    pairs = {(fixture.home, fixture.away) for fixture in small.fixtures}
    assert len(small.fixtures) == len(pairs) == 30
    assert Counter(fixture.planned_gameweek for fixture in small.fixtures) == dict.fromkeys(range(1, 11), 3)
    assert {club for pair in pairs for club in pair} == set(range(6))
    assert sum(event.stale for fixture in small.fixtures for event in fixture.events) == 1
    assert [person.spells[1].club for person in small.people if len(person.spells) > 1] == [3, 3]


def test_each_club_plays_once_in_a_planned_gameweek(season: Season) -> None:
    for gameweek in range(1, 39):
        clubs = [
            club
            for fixture in season.fixtures
            if fixture.planned_gameweek == gameweek
            for club in (fixture.home, fixture.away)
        ]
        assert sorted(clubs) == list(range(20))


def test_no_club_plays_twice_within_two_days(season: Season) -> None:
    kickoffs = defaultdict(list)
    for fixture in season.fixtures:
        kickoffs[fixture.home].append(fixture.kickoff_at)
        kickoffs[fixture.away].append(fixture.kickoff_at)
    for times in kickoffs.values():
        assert all(later - earlier >= 48 * HOUR for earlier, later in pairwise(sorted(times)))


def test_a_side_has_eleven_starters_in_formation_and_nine_substitutes(sides: list[Side]) -> None:
    for side in sides:
        starters = [entry for entry in side.appearances if entry.starter]
        assert len(starters) == 11
        assert len(side.appearances) == 20
        assert Counter(entry.position for entry in starters) == players_by_position(side.formation)
        assert sum(int(line) for line in side.formation.split("-")) == 10
        assert len({entry.person.number for entry in side.appearances}) == 20
        assert sum(entry.captain for entry in starters) == 1


def test_players_play_for_the_club_of_the_day_only(matches: list[Match]) -> None:
    for match in matches:
        for side in match.sides:
            for entry in side.appearances:
                spell = entry.person.spell(match.fixture.kickoff_at)
                assert spell is not None
                assert spell.club == side.club


def test_minutes_add_up_to_eleven_full_matches_less_the_time_after_a_red_card(sides: list[Side]) -> None:
    for side in sides:
        lost = sum(90 - entry.left for entry in side.appearances if entry.red)
        assert sum(entry.minutes for entry in side.appearances) == 990 - lost
        left = [entry.left for entry in side.appearances if entry.starter and not entry.red and entry.left < 90]
        came = [entry.entered for entry in side.appearances if not entry.starter and entry.minutes]
        assert 3 <= len(came) <= 5
        assert sorted(left) == sorted(came)
    assert 10 < sum(entry.red for side in sides for entry in side.appearances) < 120


def test_the_goals_of_the_lineups_are_the_score(matches: list[Match]) -> None:
    for match in matches:
        scored = [sum(len(entry.goals) for entry in side.appearances) for side in match.sides]
        own = [sum(len(entry.own_goals) for entry in side.appearances) for side in match.sides]
        assert match.score() == (scored[0] + own[1], scored[1] + own[0])
        for side in match.sides:
            for entry in side.appearances:
                assert all(entry.on_pitch(minute) for minute in (*entry.goals, *entry.assists, *entry.own_goals))


def test_the_keepers_saves_are_the_opponents_shots_on_target_without_the_goals(matches: list[Match]) -> None:
    for match in matches:
        for side, opponents in (match.sides, match.sides[::-1]):
            on_target = sum(
                int(str(entry.statistics.get("onTargetScoringAttempt", 0))) for entry in opponents.appearances
            )
            goals = sum(len(entry.goals) for entry in opponents.appearances)
            keepers = [entry for entry in side.appearances if entry.position == "G" and entry.minutes]
            assert len(keepers) == 1
            assert keepers[0].statistics.get("saves", 0) == on_target - goals


PARTS = [
    ("accuratePass", "totalPass"),
    ("accurateLongBalls", "totalLongBalls"),
    ("totalLongBalls", "totalPass"),
    ("accurateCross", "totalCross"),
    ("wonContest", "totalContest"),
    ("wonTackle", "totalTackle"),
    ("goals", "onTargetScoringAttempt"),
    ("onTargetScoringAttempt", "totalShots"),
    ("goalAssist", "keyPass"),
    ("bigChanceCreated", "keyPass"),
    ("aerialWon", "duelWon"),
    ("aerialLost", "duelLost"),
    ("accurateOwnHalfPasses", "totalOwnHalfPasses"),
    ("savedShotsFromInsideTheBox", "saves"),
]


@pytest.mark.parametrize(("part", "whole"), PARTS)
def test_a_part_is_never_more_than_its_whole(part: str, whole: str, sides: list[Side]) -> None:
    seen = 0
    for side in sides:
        for entry in side.appearances:
            value = entry.statistics.get(part, 0)
            assert isinstance(value, int)
            seen += value
            assert value <= int(str(entry.statistics.get(whole, 0)))
    assert seen > 0


def test_statistics_omit_zeros_and_unused_substitutes_have_none(sides: list[Side]) -> None:
    kinds = set()
    for side in sides:
        for entry in side.appearances:
            assert bool(entry.statistics) == (entry.minutes > 0)
            counts = {
                name: value
                for name, value in entry.statistics.items()
                if isinstance(value, int) and not name.endswith("Normalized")
            }
            assert 0 not in counts.values()
            if "rating" in entry.statistics:
                kinds.add(type(entry.statistics["rating"]))
                assert 3 <= float(str(entry.statistics["rating"])) <= 10
            assert ("saves" in entry.statistics) <= (entry.position == "G")
    assert kinds == {int, float}


def test_fpl_minutes_differ_by_one_only_where_documented(matches: list[Match], season: Season) -> None:
    differing = [
        (match.fixture.fixture_id, entry.official_minutes - entry.minutes)
        for match in matches
        for side in match.sides
        for entry in side.appearances
        if entry.official_minutes != entry.minutes
    ]
    documented = [
        fixture.fixture_id for fixture in season.fixtures if minute_differs(season.seeded, fixture.fixture_id)
    ]
    assert [fixture_id for fixture_id, _ in differing] == documented
    assert {step for _, step in differing} == {1}
    assert 3 <= len(differing) <= 25


def test_goals_and_results_look_like_a_league(matches: list[Match]) -> None:
    per_match = sum(sum(match.score()) for match in matches) / 380
    assert 2.2 < per_match < 3.2
    home_wins = sum(match.score()[0] > match.score()[1] for match in matches)
    away_wins = sum(match.score()[0] < match.score()[1] for match in matches)
    assert 110 < away_wins + 20 < home_wins + 40 < 260


def test_the_same_seed_gives_the_same_season_in_any_order() -> None:
    one, other, third = Season(7), Season(7), Season(8)
    assert one.people == other.people
    assert one.fixtures == other.fixtures
    backwards = {fixture.fixture_id: other.match(fixture) for fixture in reversed(other.fixtures[:40])}
    assert [one.match(fixture) for fixture in one.fixtures[:40]] == [
        backwards[fixture.fixture_id] for fixture in other.fixtures[:40]
    ]
    assert third.people != one.people
