"""How a season is written, and when it is."""

import copy
import pickle
from datetime import date

import pytest

from fpl_pulse.season import Season, season_of_day


def test_a_season_knows_its_start_year_and_how_sofasport_writes_it() -> None:
    season = Season("2025-26")
    assert season == "2025-26"
    assert (season.start_year, season.sofasport_year) == (2025, "25/26")
    assert Season("2009-10").sofasport_year == "09/10"


def test_an_earlier_season_is_counted_back_in_years() -> None:
    assert Season("2025-26").earlier(1) == "2024-25"
    assert Season("2025-26").earlier(0) == "2025-26"
    assert Season("2001-02").earlier(2) == "1999-00"
    assert isinstance(Season("2025-26").earlier(1), Season)


@pytest.mark.parametrize(
    "text", ["", "2025", "2025-27", "2025-2026", "25/26", "25-26", "2025-26 ", "2025-26\n", "٢٠٢٥-٢٦"]
)
def test_a_text_that_is_not_a_season_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(ValueError, match=r"is not a season\. Write two consecutive years, for example 2025-26"):
        Season(text)


def test_a_season_survives_a_copy_and_a_pickle() -> None:
    season = Season("2025-26")
    assert isinstance(copy.deepcopy(season), Season)
    assert pickle.loads(pickle.dumps(season)).start_year == 2025  # noqa: S301 - written one call before


@pytest.mark.parametrize(
    ("day", "season"),
    [
        (date(2025, 8, 15), "2025-26"),
        (date(2026, 5, 24), "2025-26"),
        (date(2029, 8, 1), "2029-30"),
        (date(2020, 9, 12), "2020-21"),
        (date(2025, 6, 1), "2025-26"),
        (date(2025, 5, 31), "2024-25"),
        (date(1999, 8, 7), "1999-00"),
    ],
)
def test_a_day_belongs_to_the_season_of_its_football(day: date, season: str) -> None:
    assert season_of_day(day) == season


def test_two_seasons_overlap_in_summer() -> None:
    season = Season("2025-26")
    assert [season.covers(day) for day in (date(2025, 5, 31), date(2025, 6, 1), date(2026, 7, 26))] == [
        False,
        True,
        True,
    ]
    assert season.covers(season.last_day)
    assert not season.covers(date(2026, 9, 1))
