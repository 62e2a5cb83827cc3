"""The progress of a match from the seconds since kick-off. Both sources show the same progress."""

from dev.sandbox.lineups import FULL_TIME
from dev.sandbox.timestamps import HOUR, MINUTE

HALF_TIME_FROM = 47 * MINUTE
SECOND_HALF_FROM = 62 * MINUTE
ENDED_AFTER = 115 * MINUTE  # final whistle: SofaSport's code 100, FPL's finished_provisional
FINISHED_AFTER = 3 * HOUR  # FPL's finished: bonus points are final


def minute_of(age: int) -> int:
    """Minutes on the match clock, 0-90; 45 during half-time."""
    if age < 0:
        return 0
    if age >= ENDED_AFTER:
        return FULL_TIME
    if age < SECOND_HALF_FROM:
        return min(45, age // MINUTE)
    return min(FULL_TIME, 45 + (age - SECOND_HALF_FROM) // MINUTE)
