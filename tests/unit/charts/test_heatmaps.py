"""What a heatmap shows: a surface or single points, on a scale that is always the same."""

from dataclasses import replace

import numpy as np
from matplotlib.collections import PathCollection
from matplotlib.figure import Figure
from numpy.typing import NDArray

from fpl_pulse.charts.catalogue import alt_of, figure_of
from fpl_pulse.charts.heatmap import BothTeamsHeatmap
from fpl_pulse.charts.pitch import Point
from fpl_pulse.charts.style import DARK, LIGHT, contrast
from tests.unit.charts import examples


def texts(figure: Figure) -> str:
    """All that is written on the sheet."""
    return " | ".join(text.get_text() for text in figure.texts)


def colours(figure: Figure, axes: int = 0) -> NDArray[np.float64]:
    """The colours of the surface."""
    (image,) = figure.axes[axes].images
    values = image.get_array()
    assert values is not None
    return np.asarray(image.to_rgba(values))


def highest(figure: Figure) -> float:
    """The highest place on the scale that the first surface reaches; from 1 on, the colour stays the same."""
    (image,) = figure.axes[0].images
    assert image.get_clim() == (0, 1)
    return float(np.asarray(image.get_array()).max())


def test_thirty_points_are_a_surface_and_fewer_are_single_points() -> None:
    thirty = replace(examples.winger_in_a_match(), points=examples.points(examples.RIGHT_WINGER, 30, 1))
    fewer = replace(thirty, points=thirty.points[:29])
    assert figure_of(thirty).axes[0].images
    figure = figure_of(fewer)
    assert not figure.axes[0].images
    (scatter,) = figure.axes[0].collections
    assert len(np.asarray(scatter.get_offsets())) == 29


def test_a_count_makes_the_point_larger_and_counts_for_the_surface() -> None:
    few = replace(examples.winger_in_a_match(), points=[Point(80, 20), Point(60, 40, 4)])
    (scatter,) = figure_of(few).axes[0].collections
    assert isinstance(scatter, PathCollection)
    single, repeated = np.asarray(scatter.get_sizes())
    assert repeated == 4 * single
    assert figure_of(replace(few, points=[Point(80, 20, 30)])).axes[0].images


def test_the_same_points_have_the_same_colours_whatever_else_the_picture_says() -> None:
    match = examples.winger_in_a_match()
    season = replace(examples.winger_in_a_season(), points=match.points)
    other = replace(match, player="Raya", minutes=12, venue="away", event_id=1)
    np.testing.assert_array_equal(colours(figure_of(match)), colours(figure_of(season)))
    np.testing.assert_array_equal(colours(figure_of(match)), colours(figure_of(other)))


def test_the_scale_does_not_adapt_to_the_points() -> None:
    """A goalkeeper reaches its end, a winger's season and a team do not."""
    assert highest(figure_of(examples.keeper_in_a_match())) >= 1
    assert 0.3 < highest(figure_of(examples.winger_in_a_season())) < 0.95
    assert 0.3 < highest(figure_of(examples.both_teams())) < 0.95


def test_twice_the_actions_at_the_same_places_have_the_same_colours() -> None:
    match = examples.winger_in_a_match()
    twice = replace(match, points=[*match.points, *match.points])
    np.testing.assert_allclose(colours(figure_of(match)), colours(figure_of(twice)), atol=0.01)


def test_both_teams_share_one_scale_and_the_away_team_is_mirrored() -> None:
    same = examples.team(5)
    data = replace(examples.both_teams(), home_points=same, away_points=same)
    figure = figure_of(data)
    np.testing.assert_allclose(colours(figure, 0), colours(figure, 1)[::-1, ::-1], atol=0.02)
    beside_another = figure_of(replace(data, away_points=examples.team(6)[:100]))
    np.testing.assert_array_equal(colours(beside_another, 0), colours(figure, 0))


def test_the_caption_says_what_is_shown() -> None:
    written = texts(figure_of(examples.winger_in_a_match()))
    for fact in (
        "B.Saka: 62 recorded actions",
        "Arsenal \u2013 Nott'm Forest (home)",
        "gameweek 7",
        "90 minutes",
        "Recorded actions, not tracking",
        "62 points",
        f"event {examples.EVENT}",
        "as of 14 Oct 2025 04:00 UTC",
    ):
        assert fact in written


def test_the_home_club_stands_first_in_an_away_match() -> None:
    assert "Newcastle \u2013 Arsenal (away)" in texts(figure_of(examples.keeper_in_a_match()))


def test_unknown_facts_are_left_out() -> None:
    bare = replace(examples.winger_in_a_match(), gameweek=None, minutes=None, season=None, as_of=None)
    written = texts(figure_of(bare))
    assert "None" not in written
    assert "as of" not in written
    assert "gameweek" not in written


def test_one_team_without_points_is_said_below_its_pitch() -> None:
    figure = figure_of(replace(examples.both_teams(), away_points=()))
    assert "No points for this team" in texts(figure)
    assert figure.axes[0].images
    assert not figure.axes[1].images


def test_dots_beside_a_surface_have_a_legend_of_their_own() -> None:
    both = examples.both_teams()
    dots, scale = "An action; a larger dot is several", "% of the actions"
    mixed = figure_of(replace(both, away_points=both.away_points[:29]))
    assert dots in texts(mixed)
    assert scale in texts(mixed)
    assert dots not in texts(figure_of(both))
    assert dots not in texts(figure_of(replace(both, away_points=())))
    few = figure_of(replace(both, home_points=(), away_points=both.away_points[:29]))
    assert dots in texts(few)
    assert scale not in texts(few)
    assert mixed.get_figheight() > few.get_figheight() == figure_of(both).get_figheight()


def test_the_alternative_text_has_the_main_numbers() -> None:
    assert alt_of(examples.winger_in_a_match()) == (
        "Heatmap of B.Saka, Arsenal \u2013 Nott'm Forest (home), gameweek 7, 2025-26, 90 minutes: 62 recorded actions, "
        "most often in the right attacking third (63 %)."
    )
    both: BothTeamsHeatmap = examples.both_teams()
    assert alt_of(both).startswith(
        "Heatmaps of Arsenal 3\u20130 Nott'm Forest, gameweek 7, 2025-26: Arsenal 690 recorded"
    )


def test_the_colours_go_one_way_from_the_pitch() -> None:
    """So that the scale works in grey and with every colour blindness."""
    for theme in (LIGHT, DARK):
        from_pitch = [contrast(colour, theme.panel) for colour in theme.heat]
        assert from_pitch == sorted(from_pitch)
        assert theme.heat[0] == theme.panel
        assert from_pitch[-1] > 9


def test_texts_and_lines_can_be_read_in_both_themes() -> None:
    for theme in (LIGHT, DARK):
        for ground in (theme.background, theme.panel):
            assert contrast(theme.ink, ground) > 12
            assert contrast(theme.muted, ground) > 4.5
            assert all(contrast(colour, ground) > 3 for colour in theme.series)
        assert contrast(theme.pitch_line, theme.panel) > 2.5
