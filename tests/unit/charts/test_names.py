"""Names from two websites can contain anything. A chart writes them and does nothing else with them."""

import re
from datetime import UTC, datetime, timedelta, timezone
from xml.parsers import expat

import pytest
from matplotlib.text import Text

from fpl_pulse.charts.catalogue import Chart, alt_of, figure_of, picture_of
from fpl_pulse.charts.lettering import BOX, clean, fit, lines_of, moment, width_of
from fpl_pulse.charts.style import WIDTH
from tests.unit.charts import examples

HOSTILE = {
    "markup": "<script>alert(1)</script>&amp;\"'",
    "end of a comment": "--><script>alert(1)</script><!--",
    "right to left": "\u202eمحمد صلاح\u202c \u2067x\u2069",
    "very long": "W" * 300,
    "emoji": "⚽\ufe0f\U0001f525 \U0001f468\u200d\U0001f469\u200d\U0001f467 \U0001f1e7\U0001f1f7",
    "formula": r"$\frac{1}{0}$ $x^{2$ \$ $$",
    "newlines": "a\nb\r\nc\u2028d\u2029e\tf\vg",
    "control characters": "a\x00b\x07c\x1b[31md\x7f",
    "marks": "Z" + "\u0301\u0302\u0303\u0304" * 60 + "algo",
    "half a pair": "a\ud800b\udfff",
    "private": "\ue000\U000f0000\ufffe\uffff",
    "Hangul": "손흥민",
    "percent": "%s %(x)d {0} {name!r} \\N{BULLET}",
    "nothing": "",
    "spaces": "   \u00a0 ",
    "invisible": "\u200b\u200d\u2060",
}


IN_ALL_CHARTS = ("right to left", "very long", "formula", "control characters")
NOT_IN_A_TEXT = re.compile(r"[\x00-\x1f\x7f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


def draw_inside(name: str, chart: Chart) -> None:
    """Draw a chart, and check that no text leaves the picture or is read as a formula."""
    figure = figure_of(chart)
    figure.draw_without_rendering()
    for text in figure.findobj(Text):
        assert isinstance(text, Text)
        box = text.get_window_extent()
        assert box.x0 >= -1, (name, text)
        assert box.x1 <= WIDTH + 1, (name, text)
        assert not NOT_IN_A_TEXT.search(text.get_text())
        assert "$" not in text.get_text() or not text.get_parse_math()
    assert not NOT_IN_A_TEXT.search(alt_of(chart))


@pytest.mark.parametrize("kind", IN_ALL_CHARTS)
def test_every_chart_draws_a_hostile_name_inside_the_picture(kind: str) -> None:
    for name, chart in examples.named(HOSTILE[kind]).items():
        draw_inside(name, chart)


@pytest.mark.parametrize("kind", [kind for kind in HOSTILE if kind not in IN_ALL_CHARTS])
def test_other_hostile_names_are_drawn_as_well(kind: str) -> None:
    draw_inside("team-of-the-week", examples.named(HOSTILE[kind])["team-of-the-week"])


def elements_of(content: bytes) -> set[str]:
    """The names of the elements of a valid XML document."""
    elements: set[str] = set()
    parser = expat.ParserCreate()
    parser.StartElementHandler = lambda name, _: elements.add(name)
    parser.Parse(content, True)
    return elements


def test_an_svg_with_a_hostile_name_is_valid_and_has_no_markup_of_it() -> None:
    for chart in examples.named(HOSTILE["end of a comment"] + HOSTILE["control characters"]).values():
        elements = elements_of(picture_of(chart, form="svg").content)
        assert "svg" in elements
        assert elements.isdisjoint({"script", "foreignObject", "a", "text", "iframe"})


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("Ødegaard", "Ødegaard"),
        ("J. Doku", "J. Doku"),
        ("Дмитро", "Дмитро"),
        ("  two\n lines ", "two lines"),
        ("e\u0301", "é"),
        ("a\x00b", "a b"),
        ("\u202eabc", "abc"),
        ("손흥민", "SonHeungMin"),
        ("⚽\U0001f525", BOX + BOX),
        ("", ""),
        ("\u200b", BOX),
        (7, "7"),
    ],
)
def test_a_name_becomes_one_line_that_the_font_can_draw(name: object, line: str) -> None:
    assert clean(name) == line


def test_marks_on_one_letter_are_limited() -> None:
    assert len(clean(HOSTILE["marks"])) < 10


def test_a_long_text_is_cut_with_an_ellipsis_to_its_width() -> None:
    cut = fit("Wolverhampton Wanderers", 100, 17)
    assert cut.startswith("Wolve")
    assert cut.endswith("…")
    assert 80 < width_of(cut, 17) <= 100
    assert fit("Wolves", 100, 17) == "Wolves"


def test_facts_are_spread_over_lines() -> None:
    assert lines_of(["a" * 10, "", "b" * 10], 400, 17) == [f"{'a' * 10} · {'b' * 10}"]
    assert lines_of(["a" * 20, "b" * 20], 250, 17) == ["a" * 20, "b" * 20]
    assert lines_of(["No", "heatmap:", "none"], 100, 17, separator=" ") == ["No", "heatmap:", "none"]
    assert lines_of(["No", "heatmap:", "none"], 130, 17, separator=" ") == ["No heatmap:", "none"]


def test_times_are_written_in_utc() -> None:
    assert moment(datetime(2025, 10, 14, 6, 5, tzinfo=timezone(timedelta(hours=2)))) == "as of 14 Oct 2025 04:05 UTC"
    assert moment(datetime(2025, 1, 4, 0, 0, tzinfo=UTC)) == "as of 4 Jan 2025 00:00 UTC"
    assert moment(None) == ""
