"""One match: line-ups, cards, substitutions, goals. All from the seed and the fixture alone."""

import math
import random
from dataclasses import dataclass

from dev.sandbox.calendar import Fixture
from dev.sandbox.chance import Chance, count
from dev.sandbox.clubs import Club
from dev.sandbox.lineups import (
    FULL_TIME,
    Appearance,
    Side,
    make_substitutions,
    name_side,
    show_cards,
)
from dev.sandbox.match_statistics import measure_side
from dev.sandbox.people import Person

HOME_GOALS, AWAY_GOALS = 1.5, 1.15  # averages of equal clubs
MOST_GOALS = 7
SCORES = {"G": 0.0, "D": 0.6, "M": 2.2, "F": 5.0}
CREATES = {"G": 0.05, "D": 1.0, "M": 3.0, "F": 2.0}
OWN_GOAL, PENALTY, ASSISTED = 0.03, 0.08, 0.78
ASSISTED_FOR_FPL_ONLY = 0.4  # FPL also counts rebounds and won penalties
MISSED_PENALTY = 0.04  # matches a side with a saved penalty
MINUTE_DIFFERS = 0.03  # share of matches in which FPL gives one starter a minute more


@dataclass(frozen=True, slots=True)
class Match:
    """A match as it ends. `goals` holds (minute, scoring side 0 or 1); own goals count for the other side."""

    fixture: Fixture
    sides: tuple[Side, Side]
    goals: tuple[tuple[int, int], ...]

    def score(self, minute: int = FULL_TIME) -> tuple[int, int]:
        """Goals of home and away up to and including `minute`."""
        scored = [side for when, side in self.goals if when <= minute]
        return scored.count(0), scored.count(1)


def minute_differs(chance: Chance, fixture_id: int) -> bool:
    """Whether this is one of the few matches in which both sources differ by a minute on one player."""
    return chance.share("minute differs", fixture_id) < MINUTE_DIFFERS


def play(
    fixture: Fixture, clubs: tuple[Club, ...], squads: tuple[list[Person], list[Person]], chance: Chance
) -> Match:
    """Play one match. `squads` are the people at the two clubs on that day."""
    draw = chance.draw("match", fixture.fixture_id)
    sides = (
        name_side(squads[0], fixture.home, chance, draw),
        name_side(squads[1], fixture.away, chance, draw),
    )
    for side in sides:
        show_cards(side, draw)
        make_substitutions(side, draw)
    gap = clubs[fixture.home].strength - clubs[fixture.away].strength
    goals: list[tuple[int, int]] = []
    for number, mean in enumerate((HOME_GOALS * math.exp(gap * 0.7), AWAY_GOALS * math.exp(-gap * 0.7))):
        for _ in range(min(MOST_GOALS, count(draw, mean))):
            minute = draw.randint(1, FULL_TIME)
            score_goal(sides[number], sides[1 - number], minute, draw)
            goals.append((minute, number))
        if draw.random() < MISSED_PENALTY:
            miss_penalty(sides[number], sides[1 - number], draw)
    differs = minute_differs(chance, fixture.fixture_id)
    settle_official_minutes(sides, differs)
    for number in (0, 1):
        measure_side(sides[number], draw)
    for number in (0, 1):
        measure_keeper(sides[number], sides[1 - number], draw)
    return Match(fixture, sides, tuple(sorted(goals)))


def choose(
    side: Side, minute: int, weights: dict[str, float], draw: random.Random, without: Appearance | None = None
) -> Appearance:
    """Someone on the pitch, likelier by position and ability. Players unknown to FPL are left out."""
    able = [
        entry
        for entry in side.appearances
        if entry.on_pitch(minute) and entry is not without and entry.person.element
    ]
    return draw.choices(
        able, [weights[entry.position] * (0.3 + entry.person.ability) + 0.001 for entry in able]
    )[0]


def score_goal(scoring: Side, against: Side, minute: int, draw: random.Random) -> None:
    """Give the goal to a scorer (or to an unlucky opponent) and perhaps to a provider."""
    for entry in against.appearances:
        if entry.on_pitch(minute):
            entry.conceded.append(minute)
    kind = draw.random()
    if kind < OWN_GOAL:
        choose(against, minute, {"G": 0.3, "D": 5.0, "M": 1.0, "F": 0.3}, draw).own_goals.append(minute)
        return
    scorer = choose(scoring, minute, SCORES, draw)
    scorer.goals.append(minute)
    penalty = kind < OWN_GOAL + PENALTY
    scorer.penalties += penalty
    provider = choose(scoring, minute, CREATES, draw, without=scorer)
    if not penalty and draw.random() < ASSISTED:
        provider.assists.append(minute)
        provider.fpl_assists.append(minute)
    elif draw.random() < ASSISTED_FOR_FPL_ONLY:
        provider.fpl_assists.append(minute)


def miss_penalty(taking: Side, against: Side, draw: random.Random) -> None:
    """A saved penalty."""
    choose(taking, draw.randint(1, FULL_TIME), SCORES, draw).penalties_missed += 1
    against.appearances[0].penalties_saved += 1


def settle_official_minutes(sides: tuple[Side, Side], differs: bool) -> None:
    """FPL's minutes equal SofaSport's, but for one substituted starter of a few matches (one more)."""
    for side in sides:
        for entry in side.appearances:
            entry.official_minutes = entry.minutes
    if differs:
        starter = next(
            entry
            for entry in sides[0].appearances
            if entry.starter and not entry.red and entry.left < FULL_TIME and entry.person.element
        )
        starter.official_minutes += 1


def measure_keeper(side: Side, opponents: Side, draw: random.Random) -> None:
    """The goalkeeper's saves are the opponents' shots on target that did not go in."""
    keeper = side.appearances[0]
    on_target = sum(
        int(str(entry.statistics.get("onTargetScoringAttempt", 0))) for entry in opponents.appearances
    )
    saves = on_target - sum(len(entry.goals) for entry in opponents.appearances)
    inside = sum(draw.random() < 0.6 for _ in range(saves))
    sweeps = count(draw, 0.9)
    extra: dict[str, float] = {
        "saves": saves,
        "savedShotsFromInsideTheBox": inside,
        "goodHighClaim": count(draw, 0.8),
        "punches": count(draw, 0.3),
        "totalKeeperSweeper": sweeps,
        "accurateKeeperSweeper": sweeps,
        "penaltySave": keeper.penalties_saved,
        "keeperSaveValue": round(0.08 * saves + draw.uniform(-0.05, 0.1), 4),
        "goalsPrevented": round(0.28 * saves - 0.35 * len(keeper.conceded) + draw.uniform(-0.1, 0.1), 4),
        "goalkeeperValueNormalized": round(draw.uniform(-0.4, 0.6), 2),
    }
    keeper.statistics.update({name: value for name, value in extra.items() if value})
