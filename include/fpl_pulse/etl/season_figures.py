"""Which season statistics have columns, under which keys, and what a missing key means."""

from collections.abc import Collection, Iterable, Mapping
from typing import Annotated, Any

from pydantic import BaseModel, Field, create_model
from pydantic.alias_generators import to_camel

from fpl_pulse.api.fields import FIGURE
from fpl_pulse.api.records import Rejected
from fpl_pulse.etl.missing_keys import Counted, Usual, likeliest_name, missing_key, renamed

Row = Mapping[str, Any]
"""Column -> value."""

COUNTS = (
    "appearances", "matches_started", "minutes", "count_rating", "goals", "assists", "big_chances_created",
    "big_chances_missed", "shots", "shots_on_target", "passes", "accurate_passes", "key_passes",
    "accurate_long_balls", "successful_dribbles", "tackles", "interceptions", "clearances", "recoveries", "duels_won",
    "aerial_duels_won", "ground_duels_won", "fouls", "was_fouled", "yellow_cards", "red_cards", "saves",
    "clean_sheets", "goals_conceded", "touches",
)  # fmt: skip
"""Columns with a whole number; absent means zero (`assists` is left out when there are none)."""

MEASURES = (
    "rating", "total_rating", "expected_goals", "expected_assists", "accurate_passes_percentage",
    "accurate_long_balls_percentage", "duels_won_percentage",
)  # fmt: skip
"""Columns with a measure; absent means unknown. Percentages are 0-100."""

OTHER_KEYS = {
    "minutes": "minutesPlayed",
    "shots": "totalShots",
    "passes": "totalPasses",
    "recoveries": "ballRecovery",
    "duels_won": "totalDuelsWon",
    "clean_sheets": "cleanSheet",
    "duels_won_percentage": "totalDuelsWonPercentage",
}
"""Column -> key of a response, where the key is not the column's name in camelCase."""

KEY_OF = {column: OTHER_KEYS.get(column, to_camel(column)) for column in (*COUNTS, *MEASURES)}
KEYS = set(KEY_OF.values())

LARGEST = {"rating": 10, "total_rating": 9_999, "expected_goals": 999, "expected_assists": 999}
"""Column -> the largest plausible value; of percentages it is 100."""

REQUIRED = {"appearances", "minutesPlayed"}
"""Keys without which a response is rejected: absent counts mean zero, so without them a season would be zeros."""

OMITTED_WHEN_ZERO = {"assists": Usual(0.06, 1.5)}
"""Keys that are missing when they are zero, also where other zeros are stated -> the share of the players with them."""

OMITTED_WHEN_UNKNOWN = {"rating", "totalRating", "countRating"}
"""Keys that are missing when a player was never rated."""

FAMILIAR = frozenset({
    "accurateChippedPasses", "accurateCrosses", "accurateCrossesPercentage", "accurateFinalThirdPasses",
    "accurateOppositionHalfPasses", "accurateOwnHalfPasses", "aerialDuelsWonPercentage", "aerialLost",
    "attemptPenaltyMiss", "attemptPenaltyPost", "attemptPenaltyTarget", "blockedShots", "crossesNotClaimed",
    "directRedCards", "dispossessed", "dribbledPast", "duelLost", "errorLeadToGoal", "errorLeadToShot",
    "freeKickGoal", "goalConversionPercentage", "goalKicks", "goalsAssistsSum", "goalsConcededInsideTheBox",
    "goalsConcededOutsideTheBox", "goalsFromInsideTheBox", "goalsFromOutsideTheBox", "goalsPrevented",
    "groundDuelsWonPercentage", "headedGoals", "highClaims", "hitWoodwork", "id", "inaccuratePasses",
    "leftFootGoals", "offsides", "ownGoals", "passToAssist", "penaltiesTaken", "penaltyConceded",
    "penaltyConversion", "penaltyFaced", "penaltyGoals", "penaltySave", "penaltyWon", "possessionLost",
    "possessionWonAttThird", "punches", "rightFootGoals", "runsOut", "savedShotsFromInsideTheBox",
    "savedShotsFromOutsideTheBox", "savesCaught", "savesParried", "scoringFrequency", "setPieceConversion",
    "shotFromSetPiece", "shotsFromInsideTheBox", "shotsFromOutsideTheBox", "shotsOffTarget", "statisticsType",
    "successfulDribblesPercentage", "successfulRunsOut", "tacklesWon", "tacklesWonPercentage",
    "totalAttemptAssist", "totalChippedPasses", "totalContest", "totalCross", "totalLongBalls",
    "totalOppositionHalfPasses", "totalOwnHalfPasses", "totwAppearances", "type", "yellowRedCards",
})  # fmt: skip
"""Other keys that have been seen: a new name of a key is none of them."""

KNOWN = KEYS | FAMILIAR

FIELDS: dict[str, Any] = {
    KEY_OF[column]: (Annotated[int | None, Field(ge=0, lt=2**15), FIGURE], 0) for column in COUNTS
}
for measure in MEASURES:
    at_most = Field(ge=0, le=LARGEST.get(measure, 100), allow_inf_nan=False)
    FIELDS[KEY_OF[measure]] = (Annotated[float | None, at_most, FIGURE], None)
SeasonStatistics: type[BaseModel] = create_model("SeasonStatistics", **FIELDS)


def missing_keys(figures: Mapping[str, Any], lost: Collection[str]) -> set[str]:
    """The needed keys that are missing from a player's statistics and are not zero.

    A response that states a zero omits none, except those in `OMITTED_WHEN_ZERO`. A key with a new name is missing too.
    """
    absent = KEYS - figures.keys()
    has_new_keys = not figures.keys() <= KNOWN
    new_names = renamed(Counted.of([figures]), dict.fromkeys(absent, Usual(1)), KNOWN) if has_new_keys else {}
    states_zeros = any(figures.get(KEY_OF[column]) == 0 for column in COUNTS)
    omitted = OMITTED_WHEN_ZERO.keys() | (OMITTED_WHEN_UNKNOWN if absent >= OMITTED_WHEN_UNKNOWN else set())
    return new_names.keys() | (absent & set(lost)) | (absent - omitted if states_zeros else set())


def reports(missing: Iterable[str], figures: Mapping[str, Any], who: str) -> list[Rejected]:
    """The reports of missing keys; `who` lacks them."""
    counted = Counted.of([figures])
    needed = dict.fromkeys(KEYS, Usual(1))
    return [missing_key(key, who, likeliest_name(key, counted, needed, FAMILIAR)) for key in missing]


def is_sound(row: Row) -> bool:
    """Whether every count is known in a stored row."""
    return all(row[column] is not None for column in COUNTS)
