"""Pictures as bytes: always the same, from several threads, without leaving anything behind."""

import gc
import hashlib
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from io import BytesIO

import matplotlib as mpl
import pytest
from matplotlib import pyplot
from matplotlib.figure import Figure
from PIL import Image

from fpl_pulse.charts.catalogue import alt_of, figure_of, picture_of
from fpl_pulse.charts.picture import Format
from fpl_pulse.charts.style import ThemeName
from tests.unit.charts import examples

CHARTS = examples.all_charts()
EMPTY = examples.without_data()
THEMES: tuple[ThemeName, ...] = ("light", "dark")
FORMS: tuple[Format, ...] = ("png", "svg")
SLOWEST_S = 2.0
"""Processor time of a picture. On a machine with two cores it takes 0.1 s; the rest is for slower machines."""


@pytest.mark.parametrize("name", CHARTS)
def test_a_picture_is_drawn_in_time_and_says_its_type_size_and_text(name: str) -> None:
    begun = time.thread_time()
    picture = picture_of(CHARTS[name], "dark")
    assert time.thread_time() - begun < SLOWEST_S
    with Image.open(BytesIO(picture.content)) as image:
        assert image.format == "PNG"
        assert image.size == (picture.width, picture.height)
        assert not image.info.keys() - {"dpi"}
    assert picture.media_type == "image/png"
    assert picture.width == 800
    assert picture.alt == alt_of(CHARTS[name])
    assert picture.alt.endswith(".")


def test_scale_two_has_twice_the_pixels_and_the_same_size_on_the_page() -> None:
    once, twice = (picture_of(CHARTS["prices"], scale=scale) for scale in (1, 2))
    with Image.open(BytesIO(twice.content)) as image:
        assert image.size == (2 * once.width, 2 * once.height)
    assert (once.width, once.height) == (twice.width, twice.height)


def test_an_svg_has_no_date_and_needs_no_font() -> None:
    picture = picture_of(CHARTS["lineups"], form="svg")
    assert picture.media_type == "image/svg+xml"
    assert b"<svg" in picture.content
    for unwanted in (b"<dc:date", b"<text", b"font-family", b"<!-- created"):
        assert unwanted not in picture.content.lower()


def test_the_themes_differ() -> None:
    with Image.open(BytesIO(picture_of(CHARTS["radar"], "light").content)) as light:
        assert light.convert("RGB").getpixel((5, 5)) == (255, 255, 255)
    with Image.open(BytesIO(picture_of(CHARTS["radar"], "dark").content)) as dark:
        assert dark.convert("RGB").getpixel((5, 5)) == (0x11, 0x17, 0x1E)


@pytest.mark.parametrize("name", EMPTY)
def test_a_chart_without_data_is_a_sentence(name: str) -> None:
    figure = figure_of(EMPTY[name])
    assert not figure.axes
    sentence = " ".join(text.get_text() for text in figure.texts)
    assert "No " in sentence
    assert "None" not in sentence
    assert "nan" not in sentence
    assert picture_of(EMPTY[name], "dark").alt.endswith(".")


def test_threads_draw_the_same_bytes_as_one_after_the_other() -> None:
    names = ("few-points", "both-teams", "radar", "comparison", "team-of-the-week", "ratings", "prices", "points")
    wanted = [(name, theme, form) for name in names for theme, form in zip(THEMES, FORMS, strict=True)]

    def draw(one: tuple[str, ThemeName, Format]) -> bytes:
        return picture_of(CHARTS[one[0]], one[1], one[2]).content

    alone = {one: draw(one) for one in wanted}
    with ThreadPoolExecutor(8) as pool:
        together = dict(zip(wanted, pool.map(draw, wanted), strict=True))
    assert [one for one in wanted if alone[one] != together[one]] == []


def test_another_process_draws_the_same_bytes() -> None:
    code = """
import hashlib
from fpl_pulse.charts.catalogue import picture_of
from tests.unit.charts.examples import all_charts
for name in ("both-teams", "radar", "points"):
    for form in ("png", "svg"):
        print(hashlib.sha256(picture_of(all_charts()[name], form=form).content).hexdigest())
"""
    result = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env={"PYTHONPATH": ":".join(sys.path), "PYTHONHASHSEED": "7", "TZ": "Asia/Tokyo", "LC_ALL": "C"},
    )
    here = [picture_of(CHARTS[name], form=form).content for name in ("both-teams", "radar", "points") for form in FORMS]
    assert result.stdout.split() == [hashlib.sha256(content).hexdigest() for content in here]


def figures() -> int:
    """How many figures this process holds. `isinstance` would ask each object for its class: some import it then."""
    gc.collect()
    return sum(issubclass(type(one), Figure) for one in gc.get_objects())


def test_nothing_keeps_a_figure_and_no_setting_changes() -> None:
    settings = dict(mpl.rcParams)
    before = figures()
    for name in ("few-points", "radar", "prices", "ratings"):
        picture_of(CHARTS[name])
        picture_of(CHARTS[name], form="svg")
    assert figures() == before
    assert pyplot.get_fignums() == []
    assert dict(mpl.rcParams) == settings


def test_a_season_of_a_whole_team_is_drawn_in_time() -> None:
    many = [point for seed in range(100) for point in examples.team(seed)]
    assert len(many) > 60_000
    begun = time.thread_time()
    picture_of(replace(examples.winger_in_a_season(), points=many))
    assert time.thread_time() - begun < SLOWEST_S
