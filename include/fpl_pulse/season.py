"""Seasons and the competition: how a season is written, and which one a run works for."""

import re
from collections.abc import Iterable
from datetime import date
from typing import Self

from fpl_pulse.errors import SelectionError

SOFASPORT_TOURNAMENT_ID = 17
"""SofaScore's unique tournament id of the Premier League."""

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

    def earlier(self, years: int) -> Self:
        """The season that was `years` before this one: `2025-26` and 1 -> `2024-25`."""
        return self.starting_in(self.start_year - years)


def season_of_deadline(first_deadline: date) -> Season:
    """The season that starts with this deadline of gameweek 1 (FPL's bootstrap-static): August 2025 -> `2025-26`."""
    is_after_summer = first_deadline.month >= FIRST_MONTH
    return Season.starting_in(first_deadline.year if is_after_summer else first_deadline.year - 1)


def current_season(stored: Iterable[str]) -> Season:
    """The season that a run works for: the newest of the stored ones, which may come in any order.

    Raises:
        SelectionError: no season is stored yet.
        ValueError: one of them is not a season.
    """
    seasons = [Season(text) for text in stored]
    if not seasons:
        raise SelectionError(
            "The store is empty: run update_fixture_mappings first (airflow dags trigger update_fixture_mappings)"
        )
    return max(seasons)
