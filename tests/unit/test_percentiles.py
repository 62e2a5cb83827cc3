"""Percentiles of figures per 90 minutes."""

import pytest

from fpl_pulse.web.pages.percentiles import (
    CONCEDED,
    GOALKEEPERS_ONLY,
    GOALS,
    PASS_SHARE,
    SAVES,
    Figures,
    least_minutes,
    measures_for,
    measures_of,
    standings,
)


def goals(*values: float | None) -> list[Figures]:
    return [{"goals": value} for value in values]


@pytest.mark.parametrize(
    ("own", "others", "percentile"),
    [
        (3.0, (1.0, 2.0), 100),
        (0.0, (1.0, 2.0), 0),
        (1.5, (1.0, 2.0), 50),
        (1.0, (1.0, 1.0), 50),
        (1.0, (0.0, 1.0, 1.0, 2.0), 50),
        (2.0, (0.0, 1.0, 2.0, None), 83),
        # The page writes both as 0.33.
        (0.334, (0.331, 0.332), 50),
    ],
)
def test_a_percentile_is_the_share_of_the_others_that_are_worse(
    own: float, others: tuple[float | None, ...], percentile: int
) -> None:
    (found,) = standings([GOALS], {"goals": own}, goals(*others))
    assert found.percentile == percentile


def test_of_some_measures_fewer_is_better() -> None:
    (found,) = standings([CONCEDED], {"goals_conceded": 0.5}, [{"goals_conceded": 1.0}, {"goals_conceded": 0.5}])
    assert found.percentile == 75


def test_a_figure_that_is_missing_has_no_percentile() -> None:
    (found,) = standings([GOALS], {"goals": None}, goals(1.0, 2.0))
    assert (found.value, found.middle, found.percentile) == (None, 1.5, None)


def test_nobody_to_compare_with_gives_no_percentile() -> None:
    (found,) = standings([GOALS], {"goals": 1.0}, [])
    assert (found.value, found.middle, found.percentile) == (1.0, None, None)


def test_a_player_with_too_few_minutes_is_not_ranked_and_changes_no_median() -> None:
    (found,) = standings([GOALS], {"goals": 9.0}, goals(1.0, 2.0), is_ranked=False)
    assert (found.value, found.middle, found.percentile) == (9.0, 1.5, None)


def test_the_median_includes_the_player() -> None:
    (found,) = standings([GOALS], {"goals": 3.0}, goals(1.0, 2.0))
    assert found.middle == 2.0


def test_a_share_has_one_digit() -> None:
    (found,) = standings([PASS_SHARE], {"pass_share": 81.26}, [{"pass_share": 81.34}])
    assert (found.value, found.percentile) == (81.3, 50)


@pytest.mark.parametrize(("possible", "least"), [(0, 0), (180, 45), (1_710, 427), (1_800, 450), (3_420, 450)])
def test_the_minutes_of_a_comparison_grow_with_the_season(possible: int, least: int) -> None:
    assert least_minutes(possible) == least


@pytest.mark.parametrize("position", ["Goalkeeper", "Defender", "Midfielder", "Forward"])
def test_each_position_has_about_ten_measures(position: str) -> None:
    measures = measures_of(position)
    assert 10 <= len(measures) == len(set(measures)) <= 11
    assert (SAVES in measures) == (position == "Goalkeeper")


def test_a_position_that_nobody_knows_has_no_measures() -> None:
    assert measures_of("Manager") == ()


def test_outfield_players_are_not_compared_by_saves() -> None:
    assert not GOALKEEPERS_ONLY & set(measures_for(["Defender", "Forward"]))
    assert set(measures_for(["Defender", "Goalkeeper"])) >= GOALKEEPERS_ONLY
    assert measures_for(["Goalkeeper", "Goalkeeper"]) == measures_of("Goalkeeper")
