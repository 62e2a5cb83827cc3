"""The season follows from evidence that agrees, never from one value."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from fpl_pulse.errors import PayloadError
from fpl_pulse.etl.season_resolver import Claim, Known, missed_gameweek, resolve, season_of_most, strange_deadlines
from fpl_pulse.season import Season

FIRST = datetime(2025, 8, 15, 17, 30, tzinfo=UTC)
IN_OCTOBER = datetime(2025, 10, 13, 1, tzinfo=UTC)
IN_JULY = datetime(2026, 7, 20, 1, tzinfo=UTC)
YEAR = timedelta(days=364)
CLUBS = {number: 600 + number for number in range(1, 21)}
PROMOTED = {**{number: 600 + number for number in range(4, 21)}, 21: 700, 22: 701, 23: 702}


def deadlines(years: int = 0) -> dict[int, datetime]:
    return {gameweek: FIRST + years * YEAR + timedelta(weeks=gameweek - 1) for gameweek in range(1, 39)}


def claim(years: int = 0, first_code: int = 1000, clubs: Mapping[int, int] = CLUBS) -> Claim:
    kickoffs = [at + timedelta(hours=2) for at in deadlines(years).values() for _ in range(10)]
    return Claim(deadlines(years), kickoffs, {number: first_code + number for number in range(1, 381)}, clubs)


KICKOFFS = {gameweek: [at + timedelta(hours=2), at + timedelta(days=2)] for gameweek, at in deadlines().items()}
KNOWN = Known(Season("2025-26"), claim().fixtures, CLUBS)


def test_the_first_pair_of_an_empty_store_states_its_season() -> None:
    assert resolve(claim(), None, IN_OCTOBER) == "2025-26"


def test_the_stored_season_is_recognised_at_any_time() -> None:
    for as_of in (IN_OCTOBER, IN_JULY, FIRST - timedelta(days=300)):
        assert resolve(claim(), KNOWN, as_of) == "2025-26"


def test_a_new_season_is_accepted_in_summer() -> None:
    assert resolve(claim(1, 5000, PROMOTED), KNOWN, IN_JULY) == "2026-27"


def test_a_store_that_slept_for_years_accepts_the_present_season() -> None:
    assert resolve(claim(3, 9000, PROMOTED), KNOWN, IN_JULY + 2 * YEAR) == "2028-29"


@pytest.mark.parametrize(
    ("wrong", "known", "as_of", "sentence"),
    [
        (replace(claim(), deadlines=deadlines(1)), KNOWN, IN_OCTOBER, "most deadlines are of 2026-27"),
        (replace(claim(), deadlines=deadlines(1)), None, IN_OCTOBER, "most kick-offs of 2025-26"),
        (replace(claim(), kickoffs=claim(1).kickoffs), KNOWN, IN_OCTOBER, "most kick-offs of 2026-27"),
        (replace(claim(), kickoffs=[]), None, IN_OCTOBER, r"most kick-offs of no single season \(first none\)"),
        (claim(1), KNOWN, IN_OCTOBER, "380 of 380 fixtures have the codes of the stored season 2025-26"),
        (claim(1), KNOWN, IN_JULY, "380 of 380 fixtures have the codes"),
        (claim(0, 5000), KNOWN, IN_OCTOBER, "0 of 380 fixtures have the codes"),
        (replace(claim(), deadlines=deadlines(1)), KNOWN, IN_JULY, "most deadlines are of 2026-27"),
        (claim(1, 5000), KNOWN, IN_OCTOBER, "2026-27, which is not the season of 13 October 2025"),
        (claim(1, 5000), None, IN_OCTOBER, "which is not the season of 13 October 2025"),
        (claim(0, 5000), Known(Season("2026-27"), claim(1).fixtures, CLUBS), IN_JULY, "2025-26 again"),
        (claim(1, 5000, {1: 1, 2: 2}), KNOWN, IN_JULY, "only 0 of 2 clubs"),
    ],
)  # fmt: skip
def test_what_does_not_agree_or_cannot_be_is_refused(
    wrong: Claim, known: Known | None, as_of: datetime, sentence: str
) -> None:
    with pytest.raises(PayloadError, match=sentence):
        resolve(wrong, known, as_of)


def test_one_deadline_decides_nothing() -> None:
    for wrong in (datetime(1970, 1, 1, tzinfo=UTC), FIRST + YEAR):
        for gameweek in (1, 20, 38):
            odd = {**deadlines(), gameweek: wrong}
            assert season_of_most(odd.values()) == "2025-26"
            assert list(strange_deadlines(Season("2025-26"), odd, KICKOFFS)) == [gameweek]


def test_deadlines_that_were_moved_are_not_strange() -> None:
    moved = {**deadlines(), 20: deadlines()[20] + timedelta(days=6), 30: deadlines()[30] - timedelta(days=6)}
    assert strange_deadlines(Season("2025-26"), moved, {}) == {}


def test_a_season_that_ends_in_july_with_gaps_in_its_numbers_is_one_season() -> None:
    of_2019 = {number: datetime(2019, 8, 9, tzinfo=UTC) + timedelta(weeks=number - 1) for number in range(1, 30)}
    later = {number: datetime(2020, 6, 17, tzinfo=UTC) + timedelta(days=5 * (number - 39)) for number in range(39, 48)}
    both = of_2019 | later
    assert season_of_most(both.values()) == "2019-20"
    assert strange_deadlines(Season("2019-20"), both, {}) == {}


def test_an_old_response_shows_a_gameweek_that_is_over() -> None:
    before = deadlines()[3] + timedelta(days=1)
    assert missed_gameweek(deadlines(), 2, before) == 3
    assert missed_gameweek(deadlines(), 3, before) is None
    assert missed_gameweek(deadlines(), 4, before) is None
    assert missed_gameweek(deadlines(), None, FIRST - YEAR) is None
    assert missed_gameweek(deadlines(), None, before) == 3
