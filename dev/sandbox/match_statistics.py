"""A player's match statistics under SofaSport's keys, without zeros. A part is never greater than its whole."""

import random
from typing import TypeAlias

from dev.sandbox.lineups import FULL_TIME, Appearance, Side
from dev.sandbox.seeded_random import SeededRandom, count_successes, poisson, rounded
from dev.sandbox.timestamps import DAY

Statistics: TypeAlias = dict[str, int | float | dict[str, float]]

# Means for 90 minutes of a goalkeeper, defender, midfielder, forward.
RATES: dict[str, tuple[float, float, float, float]] = {
    "totalOwnHalfPasses": (20, 25, 17, 7),
    "totalOppositionHalfPasses": (7, 17, 24, 14),
    "totalCross": (0, 1.2, 1.6, 1.3),
    "totalContest": (0, 0.6, 1.6, 2.5),
    "totalTackle": (0, 1.9, 1.8, 0.7),
    "challengeLost": (0, 0.6, 0.9, 0.4),
    "interceptionWon": (0, 1.1, 0.9, 0.3),
    "totalClearance": (0.9, 3.6, 1.0, 0.5),
    "outfielderBlock": (0, 0.6, 0.2, 0.1),
    "ballRecovery": (6, 4.5, 5, 2.6),
    "aerialWon": (0.3, 1.6, 0.8, 1.3),
    "aerialLost": (0.05, 1.1, 0.9, 1.8),
    "dispossessed": (0, 0.3, 0.9, 1.3),
    "unsuccessfulTouch": (0.1, 0.8, 1.5, 2.2),
    "fouls": (0.05, 1.0, 1.2, 1.1),
    "wasFouled": (0.1, 0.8, 1.2, 1.2),
    "totalOffside": (0, 0.05, 0.1, 0.5),
    "keyPass": (0, 0.5, 1.2, 1.0),
    "shotOffTarget": (0, 0.25, 0.5, 0.8),
    "blockedScoringAttempt": (0, 0.2, 0.45, 0.6),
    "onTargetScoringAttempt": (0, 0.15, 0.35, 0.7),
    "hitWoodwork": (0, 0.01, 0.03, 0.05),
    "bigChanceMissed": (0, 0.03, 0.1, 0.3),
    "errorLeadToAShot": (0.03, 0.03, 0.02, 0.01),
    "clearanceOffLine": (0, 0.01, 0, 0),
    "ballCarriesCount": (4, 9, 9, 6),
    "numberOfSprints": (1, 9, 11, 13),
}
SUCCESS = (  # (part, whole, probability of success)
    ("accurateOwnHalfPasses", "totalOwnHalfPasses", 0.91),
    ("accurateOppositionHalfPasses", "totalOppositionHalfPasses", 0.77),
    ("accurateCross", "totalCross", 0.26),
    ("wonContest", "totalContest", 0.5),
    ("wonTackle", "totalTackle", 0.6),
    ("progressiveBallCarriesCount", "ballCarriesCount", 0.2),
)
LONG_SHARE = {"G": 0.4, "D": 0.1, "M": 0.07, "F": 0.03}
POSITIONS = "GDMF"
LEAST_MINUTES_RATED = 6  # shorter appearances have no rating
CORRECTED = ("ballRecovery", "totalClearance", "interceptionWon", "unsuccessfulTouch", "touches")
CORRECTIONS_END = 3 * DAY


def add_statistics(side: Side, rng: random.Random) -> None:
    """Add the statistics of every player with minutes, without the goalkeeper's saves."""
    for entry in side.appearances:
        if entry.minutes:
            entry.statistics = match_statistics(entry, rng)


def match_statistics(entry: Appearance, rng: random.Random) -> Statistics:
    """The final statistics of one appearance."""
    part = entry.minutes / FULL_TIME * (0.75 + 0.5 * entry.person.ability)
    column = POSITIONS.index(entry.position)
    n = {name: poisson(rng, rates[column] * part) for name, rates in RATES.items()}
    for name, whole, probability in SUCCESS:
        n[name] = count_successes(rng, n[whole], probability)
    add_goals_and_sums(n, entry, rng)
    numbers: Statistics = {name: value for name, value in n.items() if value}
    numbers["minutesPlayed"] = entry.minutes
    add_measurements(numbers, n, entry, rng)
    return numbers


def add_goals_and_sums(n: dict[str, int], entry: Appearance, rng: random.Random) -> None:
    """Add what the match determines, and the sums of the parts."""
    goals = len(entry.goals)
    n.update(
        goals=goals, ownGoals=len(entry.own_goals), goalAssist=len(entry.assists), penaltyMiss=entry.penalties_missed
    )
    n["onTargetScoringAttempt"] += goals + entry.penalties_missed
    n["keyPass"] += n["goalAssist"]
    n["bigChanceCreated"] = count_successes(rng, n["keyPass"], 0.2)
    n["totalShots"] = n["onTargetScoringAttempt"] + n["shotOffTarget"] + n["blockedScoringAttempt"]
    n["totalPass"] = n["totalOwnHalfPasses"] + n["totalOppositionHalfPasses"]
    n["accuratePass"] = n["accurateOwnHalfPasses"] + n["accurateOppositionHalfPasses"]
    n["totalLongBalls"] = count_successes(rng, n["totalPass"], LONG_SHARE[entry.position])
    n["accurateLongBalls"] = count_successes(rng, n["totalLongBalls"], 0.5)
    lost_contests = n["totalContest"] - n["wonContest"]
    n["duelWon"] = n["aerialWon"] + n["wonContest"] + n["wonTackle"] + n["wasFouled"]
    n["duelLost"] = n["aerialLost"] + n["challengeLost"] + n["dispossessed"] + lost_contests + n["fouls"]
    n["possessionLostCtrl"] = (
        n["totalPass"]
        - n["accuratePass"]
        + n["totalCross"]
        - n["accurateCross"]
        + n["dispossessed"]
        + n["unsuccessfulTouch"]
        + lost_contests
    )
    n["touches"] = max(
        1,
        n["totalPass"]
        + n["totalCross"]
        + n["totalContest"]
        + n["totalShots"]
        + n["totalClearance"]
        + n["totalTackle"]
        + n["interceptionWon"]
        + n["unsuccessfulTouch"],
    )


def add_measurements(numbers: Statistics, n: dict[str, int], entry: Appearance, rng: random.Random) -> None:
    """Add expected goals, distances, normalized values and the rating."""
    if n["totalShots"]:
        chances = sum(rng.uniform(0.02, 0.14) for _ in range(n["totalShots"]))
        numbers["expectedGoals"] = rounded(chances + 0.25 * n["goals"] + 0.5 * entry.penalties, 4)
    if n["onTargetScoringAttempt"]:
        numbers["expectedGoalsOnTarget"] = rounded(n["onTargetScoringAttempt"] * rng.uniform(0.08, 0.5), 4)
    if n["totalPass"] > 3:
        numbers["expectedAssists"] = rounded(0.09 * n["keyPass"] + rng.uniform(0.001, 0.04), 6)
    if n["ballCarriesCount"]:
        distance = n["ballCarriesCount"] * rng.uniform(6, 14)
        numbers["totalBallCarriesDistance"] = round(distance, 12)
        numbers["totalProgression"] = round(distance * rng.uniform(0.2, 0.7), 12)
        numbers["bestBallCarryProgression"] = round(distance * rng.uniform(0.05, 0.2), 12)
    keeper = entry.position == "G"
    numbers["kilometersCovered"] = rounded(entry.minutes * (0.055 if keeper else rng.uniform(0.1, 0.13)), 1)
    numbers["topSpeed"] = rounded(rng.uniform(23, 27) if keeper else rng.uniform(27, 35), 1)
    for name in ("pass", "shot", "dribble", "defensive"):
        numbers[f"{name}ValueNormalized"] = rounded(rng.gauss(0.05, 0.2), 2)
    if entry.minutes >= LEAST_MINUTES_RATED:
        mark = (
            6.4
            + 0.5 * entry.person.ability
            + 0.9 * n["goals"]
            + 0.5 * n["goalAssist"]
            - 0.8 * n["ownGoals"]
            - 0.15 * len(entry.conceded) * (entry.position in "GD")
            - 1.2 * entry.red
            + rng.gauss(0, 0.35)
        )
        set_rating(numbers, mark, rng.choice((-0.1, 0.0, 0.0, 0.1)))


def set_rating(numbers: Statistics, mark: float, step: float) -> None:
    """Set the rating, between 3 and 10 with one decimal, and its two versions."""
    rating = rounded(min(10.0, max(3.0, mark)), 1)
    numbers["rating"] = rating
    numbers["ratingVersions"] = {"original": rating, "alternative": rounded(min(10.0, max(3.0, rating + step)), 1)}


def statistics_at(final: Statistics, age: int, seeded: SeededRandom, *whose: object) -> Statistics:
    """The statistics as published `age` seconds after kick-off. Ratings and some counts change for 72 hours.

    Minutes and goals are final from the end of the match.
    """
    if age >= CORRECTIONS_END or "rating" not in final:
        return final
    stage, often = ("first day", 0.4) if age < DAY else ("third day", 0.12)
    if seeded.fraction("correction", stage, *whose) >= often:
        return final
    rng = seeded.generator("correction", stage, *whose)
    known = dict(final)
    rating = final["rating"]
    if isinstance(rating, (int, float)):
        set_rating(known, rating + rng.choice((-0.3, -0.2, -0.1, 0.1, 0.2, 0.3)), 0.0)
    name = rng.choice(CORRECTED)
    value = known.get(name)
    if isinstance(value, int) and value > 1:
        known[name] = value + rng.choice((-1, 1))
    return known
