"""Season totals: sums of match statistics, under the names of the season endpoints."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from dev.sandbox.lineups import Appearance
from dev.sandbox.match_statistics import Statistics
from dev.sandbox.seeded_random import rounded

# Season key -> match key. The season value is the sum of the match values.
SUMS = {
    "goals": "goals",
    "ownGoals": "ownGoals",
    "bigChancesCreated": "bigChanceCreated",
    "bigChancesMissed": "bigChanceMissed",
    "accuratePasses": "accuratePass",
    "totalPasses": "totalPass",
    "accurateOwnHalfPasses": "accurateOwnHalfPasses",
    "totalOwnHalfPasses": "totalOwnHalfPasses",
    "accurateOppositionHalfPasses": "accurateOppositionHalfPasses",
    "totalOppositionHalfPasses": "totalOppositionHalfPasses",
    "keyPasses": "keyPass",
    "totalAttemptAssist": "keyPass",
    "successfulDribbles": "wonContest",
    "totalContest": "totalContest",
    "tackles": "totalTackle",
    "tacklesWon": "wonTackle",
    "interceptions": "interceptionWon",
    "accurateCrosses": "accurateCross",
    "totalCross": "totalCross",
    "totalShots": "totalShots",
    "shotsOnTarget": "onTargetScoringAttempt",
    "shotsOffTarget": "shotOffTarget",
    "blockedShots": "blockedScoringAttempt",
    "hitWoodwork": "hitWoodwork",
    "aerialDuelsWon": "aerialWon",
    "aerialLost": "aerialLost",
    "totalDuelsWon": "duelWon",
    "duelLost": "duelLost",
    "minutesPlayed": "minutesPlayed",
    "accurateLongBalls": "accurateLongBalls",
    "totalLongBalls": "totalLongBalls",
    "clearances": "totalClearance",
    "errorLeadToShot": "errorLeadToAShot",
    "errorLeadToGoal": "errorLeadToAGoal",
    "dispossessed": "dispossessed",
    "possessionLost": "possessionLostCtrl",
    "touches": "touches",
    "wasFouled": "wasFouled",
    "fouls": "fouls",
    "dribbledPast": "challengeLost",
    "offsides": "totalOffside",
    "ballRecovery": "ballRecovery",
    "saves": "saves",
    "punches": "punches",
    "savedShotsFromInsideTheBox": "savedShotsFromInsideTheBox",
    "highClaims": "goodHighClaim",
    "runsOut": "totalKeeperSweeper",
    "successfulRunsOut": "accurateKeeperSweeper",
    "penaltySave": "penaltySave",
    "attemptPenaltyMiss": "penaltyMiss",
}
# Season key, in percent -> (part, whole), both season keys.
PERCENTAGES = {
    "accuratePassesPercentage": ("accuratePasses", "totalPasses"),
    "accurateCrossesPercentage": ("accurateCrosses", "totalCross"),
    "accurateLongBallsPercentage": ("accurateLongBalls", "totalLongBalls"),
    "successfulDribblesPercentage": ("successfulDribbles", "totalContest"),
    "tacklesWonPercentage": ("tacklesWon", "tackles"),
    "goalConversionPercentage": ("goals", "totalShots"),
}
FIRST_ROW_ID = 2_300_000
TEAM_SUMS = {
    "bigChancesCreated": "bigChanceCreated",
    "shotsOnTarget": "onTargetScoringAttempt",
    "accuratePasses": "accuratePass",
    "tackles": "totalTackle",
    "interceptions": "interceptionWon",
    "saves": "saves",
    "fouls": "fouls",
}


def number(statistics: Statistics, name: str) -> float:
    """A match statistic; zero if it is missing."""
    value = statistics.get(name, 0)
    return value if isinstance(value, (int, float)) else 0


def percent(part: float, whole: float) -> float:
    """`part` in percent of `whole`; 0 if `whole` is 0."""
    return rounded(100 * part / whole, 12) if whole else 0


def season_statistics(person_number: int, matches: list[tuple[Appearance, Statistics]]) -> dict[str, Any]:
    """The `statistics` object of one player, from (appearance, known statistics) of each match."""
    result: dict[str, Any] = {}
    ratings = [number(known, "rating") for _, known in matches if "rating" in known]
    if ratings:
        result.update(
            rating=rounded(sum(ratings) / len(ratings), 12),
            totalRating=rounded(sum(ratings), 6),
            countRating=len(ratings),
        )
    for name, source in SUMS.items():
        result[name] = int(sum(number(known, source) for _, known in matches))
    for name, (part, whole) in PERCENTAGES.items():
        result[name] = percent(result[part], result[whole])
    measures = ["expectedGoals", "expectedAssists"]
    if any("goalsPrevented" in known for _, known in matches):
        measures.append("goalsPrevented")  # goalkeepers only
    for name in measures:
        result[name] = rounded(sum(number(known, name) for _, known in matches), 6)
    add_duels(result)
    add_appearance_totals(result, [entry for entry, _ in matches])
    assists = int(sum(number(known, "goalAssist") for _, known in matches))
    result["goalsAssistsSum"] = result["goals"] + assists
    if assists:
        result["assists"] = assists  # missing if there are none, as in the real API
    result.update(id=FIRST_ROW_ID + person_number, type="overall", appearances=len(matches))
    return result


def add_duels(result: dict[str, Any]) -> None:
    """Add the values that are computed from the sums of duels, passes and saves."""
    won, lost = result["totalDuelsWon"], result["duelLost"]
    air_won, air_lost = result["aerialDuelsWon"], result["aerialLost"]
    result.update(
        totalDuelsWonPercentage=percent(won, won + lost),
        aerialDuelsWonPercentage=percent(air_won, air_won + air_lost),
        groundDuelsWon=won - air_won,
        groundDuelsWonPercentage=percent(won - air_won, won - air_won + lost - air_lost),
        inaccuratePasses=result["totalPasses"] - result["accuratePasses"],
        savedShotsFromOutsideTheBox=result["saves"] - result["savedShotsFromInsideTheBox"],
        scoringFrequency=rounded(result["minutesPlayed"] / result["goals"], 10) if result["goals"] else 0,
    )


def add_appearance_totals(result: dict[str, Any], entries: list[Appearance]) -> None:
    """Add what match statistics do not contain: cards, starts, clean sheets, goals conceded, penalties."""
    reds = sum(entry.red for entry in entries)
    taken = sum(entry.penalties + entry.penalties_missed for entry in entries)
    scored = sum(entry.penalties for entry in entries)
    result.update(
        yellowCards=sum(entry.yellow for entry in entries),
        redCards=reds,
        directRedCards=reds,
        yellowRedCards=0,
        matchesStarted=sum(entry.starter for entry in entries),
        goalsConceded=sum(len(e.conceded) for e in entries),
        cleanSheet=sum(kept_clean_sheet(entry) for entry in entries),
        penaltiesTaken=taken,
        penaltyGoals=scored,
        penaltyConversion=percent(scored, taken),
    )


def kept_clean_sheet(entry: Appearance) -> bool:
    """Whether the player was on the pitch for 60 minutes or more, without a goal conceded in that time."""
    return entry.minutes >= 60 and not entry.conceded


def team_statistics(
    matches: Iterable[tuple[int, int, int, list[Statistics]]],
) -> dict[str, list[tuple[int, int, float]]]:
    """Ranked lists {name: [(club, matches, value)]}.

    `matches` has (club, goals, goals against, statistics of its players) for each side of each match.
    """
    played: Counter[int] = Counter()
    sums: dict[str, Counter[int]] = {
        name: Counter() for name in ("goalsScored", "goalsConceded", "cleanSheets", *TEAM_SUMS)
    }
    ratings: dict[int, list[float]] = {}
    for club, goals, against, players in matches:
        played[club] += 1
        sums["goalsScored"][club] += goals
        sums["goalsConceded"][club] += against
        sums["cleanSheets"][club] += against == 0
        for name, source in TEAM_SUMS.items():
            sums[name][club] += int(sum(number(known, source) for known in players))
        ratings.setdefault(club, []).extend(number(known, "rating") for known in players if "rating" in known)
    values: dict[str, dict[int, float]] = {
        "avgRating": {club: rounded(sum(marks) / max(1, len(marks)), 13) for club, marks in ratings.items()}
    }
    values.update({name: {club: tally[club] for club in played} for name, tally in sums.items()})
    return {
        name: sorted(
            ((club, played[club], value) for club, value in by_club.items()), key=lambda row: (-row[2], row[0])
        )
        for name, by_club in values.items()
    }
