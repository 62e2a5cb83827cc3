"""One match: lineups, cards, substitutions, goals. It depends only on the seed and the fixture."""

import math
import random
from dataclasses import dataclass

from dev.sandbox.calendar import Fixture
from dev.sandbox.clubs import Club
from dev.sandbox.lineups import FULL_TIME, Appearance, Side, give_cards, make_substitutions, pick_match_squad
from dev.sandbox.match_statistics import add_statistics
from dev.sandbox.people import Person
from dev.sandbox.seeded_random import SeededRandom, poisson

HOME_GOALS, AWAY_GOALS = 1.5, 1.15  # means between clubs of equal strength
MOST_GOALS = 7
SCORES = {"G": 0.0, "D": 0.6, "M": 2.2, "F": 5.0}
CREATES = {"G": 0.05, "D": 1.0, "M": 3.0, "F": 2.0}
OWN_GOAL, PENALTY, ASSISTED = 0.03, 0.08, 0.78
ASSISTED_FOR_FPL_ONLY = 0.4  # FPL also counts rebounds and won penalties
MISSED_PENALTY = 0.04  # share of matches in which a side misses a penalty
MINUTE_DIFFERS = 0.03  # share of matches in which FPL counts one minute more for one starter


@dataclass(frozen=True, slots=True)
class Match:
    """A finished match. `goals` is (minute, side 0 or 1 that gets the goal), with own goals for the opponent."""

    fixture: Fixture
    sides: tuple[Side, Side]
    goals: tuple[tuple[int, int], ...]

    def score(self, minute: int = FULL_TIME) -> tuple[int, int]:
        """Goals of home and away up to and including `minute`."""
        scored = [side for when, side in self.goals if when <= minute]
        return scored.count(0), scored.count(1)


def minute_differs(seeded: SeededRandom, fixture_id: int) -> bool:
    """Whether this is a match in which FPL and SofaSport differ by a minute for one player."""
    return seeded.fraction("minute differs", fixture_id) < MINUTE_DIFFERS


def play(
    fixture: Fixture, clubs: tuple[Club, ...], squads: tuple[list[Person], list[Person]], seeded: SeededRandom
) -> Match:
    """Play one match. `squads` are the players of the two clubs on that day."""
    rng = seeded.generator("match", fixture.fixture_id)
    sides = (
        pick_match_squad(squads[0], fixture.home, seeded, rng),
        pick_match_squad(squads[1], fixture.away, seeded, rng),
    )
    for side in sides:
        give_cards(side, rng)
        make_substitutions(side, rng)
    gap = clubs[fixture.home].strength - clubs[fixture.away].strength
    goals: list[tuple[int, int]] = []
    for number, mean in enumerate((HOME_GOALS * math.exp(gap * 0.7), AWAY_GOALS * math.exp(-gap * 0.7))):
        for _ in range(min(MOST_GOALS, poisson(rng, mean))):
            minute = rng.randint(1, FULL_TIME)
            score_goal(sides[number], sides[1 - number], minute, rng)
            goals.append((minute, number))
        if rng.random() < MISSED_PENALTY:
            miss_penalty(sides[number], sides[1 - number], rng)
    differs = minute_differs(seeded, fixture.fixture_id)
    settle_official_minutes(sides, differs)
    for number in (0, 1):
        add_statistics(sides[number], rng)
    for number in (0, 1):
        add_keeper_statistics(sides[number], sides[1 - number], rng)
    return Match(fixture, sides, tuple(sorted(goals)))


def choose(
    side: Side, minute: int, weights: dict[str, float], rng: random.Random, without: Appearance | None = None
) -> Appearance:
    """A random player on the pitch, weighted by position and ability. Players that FPL does not know are excluded."""
    able = [
        entry for entry in side.appearances if entry.on_pitch(minute) and entry is not without and entry.person.element
    ]
    return rng.choices(able, [weights[entry.position] * (0.3 + entry.person.ability) + 0.001 for entry in able])[0]


def score_goal(scoring: Side, against: Side, minute: int, rng: random.Random) -> None:
    """Add a goal: its scorer and sometimes an assist, or an own goal of an opponent."""
    for entry in against.appearances:
        if entry.on_pitch(minute):
            entry.conceded.append(minute)
    kind = rng.random()
    if kind < OWN_GOAL:
        choose(against, minute, {"G": 0.3, "D": 5.0, "M": 1.0, "F": 0.3}, rng).own_goals.append(minute)
        return
    scorer = choose(scoring, minute, SCORES, rng)
    scorer.goals.append(minute)
    penalty = kind < OWN_GOAL + PENALTY
    scorer.penalties += penalty
    provider = choose(scoring, minute, CREATES, rng, without=scorer)
    if not penalty and rng.random() < ASSISTED:
        provider.assists.append(minute)
        provider.fpl_assists.append(minute)
    elif rng.random() < ASSISTED_FOR_FPL_ONLY:
        provider.fpl_assists.append(minute)


def miss_penalty(taking: Side, against: Side, rng: random.Random) -> None:
    """Add a penalty that the goalkeeper saves."""
    choose(taking, rng.randint(1, FULL_TIME), SCORES, rng).penalties_missed += 1
    against.appearances[0].penalties_saved += 1


def settle_official_minutes(sides: tuple[Side, Side], differs: bool) -> None:
    """Set FPL's minutes. They equal SofaSport's; if `differs`, one substituted starter has one minute more."""
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


def add_keeper_statistics(side: Side, opponents: Side, rng: random.Random) -> None:
    """Add the goalkeeper's statistics. Saves are the opponents' shots on target without the goals."""
    keeper = side.appearances[0]
    on_target = sum(int(str(entry.statistics.get("onTargetScoringAttempt", 0))) for entry in opponents.appearances)
    saves = on_target - sum(len(entry.goals) for entry in opponents.appearances)
    inside = sum(rng.random() < 0.6 for _ in range(saves))
    sweeps = poisson(rng, 0.9)
    extra: dict[str, float] = {
        "saves": saves,
        "savedShotsFromInsideTheBox": inside,
        "goodHighClaim": poisson(rng, 0.8),
        "punches": poisson(rng, 0.3),
        "totalKeeperSweeper": sweeps,
        "accurateKeeperSweeper": sweeps,
        "penaltySave": keeper.penalties_saved,
        "keeperSaveValue": round(0.08 * saves + rng.uniform(-0.05, 0.1), 4),
        "goalsPrevented": round(0.28 * saves - 0.35 * len(keeper.conceded) + rng.uniform(-0.1, 0.1), 4),
        "goalkeeperValueNormalized": round(rng.uniform(-0.4, 0.6), 2),
    }
    keeper.statistics.update({name: value for name, value in extra.items() if value})
