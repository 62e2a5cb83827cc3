"""Seasons and the competition: how a season is written, and when it is."""

import re
from datetime import date
from typing import Self

SOFASPORT_TOURNAMENT_ID = 17
"""SofaScore's unique tournament id of the Premier League."""

MAX_GAMEWEEK = 60
"""The highest number of a gameweek that is accepted. 2019-20 had gameweeks 39 to 47 after its interruption."""

FIRST_MONTH = 6
"""June. FPL opens a season in July; the first deadline is in August, in 2020-21 it was in September."""


class Season(str):
    """A season as FPL Pulse stores it, for example `2025-26`. Compares and sorts like the plain text."""

    __slots__ = ()

    def __new__(cls, text: str) -> Self:
        """Check the text.

        Raises:
            ValueError: the text is not two consecutive years.
        """
        years = re.fullmatch(r"([0-9]{4})-([0-9]{2})", text)
        if years is None or (int(years[1]) + 1) % 100 != int(years[2]):
            raise ValueError(f"{text!r} is not a season. Write two consecutive years, for example 2025-26")
        return super().__new__(cls, text)

    @classmethod
    def starting_in(cls, year: int) -> Self:
        """The season that starts in a calendar year: 2025 -> `2025-26`."""
        return cls(f"{year:04d}-{(year + 1) % 100:02d}")

    @property
    def start_year(self) -> int:
        """The calendar year in which the season starts: 2025."""
        return int(self[:4])

    @property
    def sofasport_year(self) -> str:
        """The season as SofaSport writes it in `unique-tournaments/seasons`: `25/26`."""
        return f"{self[2:4]}/{self[5:]}"

    @property
    def first_day(self) -> date:
        """The day from which on FPL can have opened the season: 1 June."""
        return date(self.start_year, FIRST_MONTH, 1)

    @property
    def last_day(self) -> date:
        """The day until which its matches are played and FPL can still show it: 31 August of the next year.

        In 2019-20 the last match was on 26 July. Two seasons overlap in summer.
        """
        return date(self.start_year + 1, 8, 31)

    def covers(self, day: date) -> bool:
        """Whether a deadline, a kick-off or a response of this season can be of this day."""
        return self.first_day <= day <= self.last_day

    def earlier(self, years: int) -> Self:
        """The season that was `years` before this one: `2025-26` and 1 -> `2024-25`."""
        return self.starting_in(self.start_year - years)


def season_of_day(day: date) -> Season:
    """The season to which a deadline or a kick-off belongs: August 2025 and May 2026 -> `2025-26`."""
    return Season.starting_in(day.year if day.month >= FIRST_MONTH else day.year - 1)
