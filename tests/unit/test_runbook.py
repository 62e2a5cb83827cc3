"""Every error and every alert has a section of the runbook that exists, and a link to it."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from fpl_pulse.errors import FplPulseError, error_class
from fpl_pulse.runbook import DOCS_URL, PAGE, SECTION_OF_ALERT, link_to, with_link

PROJECT = Path(__file__).resolve().parents[2]
INCLUDE = PROJECT / "include" / "fpl_pulse"
COMMENTS = INCLUDE / "store" / "migrations" / "comments.sql"


def anchor(heading: str) -> str:
    """The anchor that GitHub gives a heading."""
    return re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-")


SECTIONS = {anchor(text) for text in re.findall(r"^## (.+)$", (PROJECT / PAGE).read_text(), re.MULTILINE)}


def classes(base: type[FplPulseError] = FplPulseError) -> Iterator[type[FplPulseError]]:
    yield base
    for one in base.__subclasses__():
        yield from classes(one)


@pytest.mark.parametrize("one", list(dict.fromkeys(classes())))
def test_each_error_class_has_a_section_that_exists(one: type[FplPulseError]) -> None:
    assert one.section in SECTIONS
    assert error_class(one.__name__) is one


def test_each_kind_of_alert_has_a_section_that_exists() -> None:
    comment = re.search(r"column pulse\.alerts\.kind is '(.+)';", COMMENTS.read_text())
    assert comment is not None
    assert set(SECTION_OF_ALERT) == set(re.findall(r"[a-z]+_[a-z_]+", comment[1]))
    assert set(SECTION_OF_ALERT.values()) <= SECTIONS


def test_each_section_that_a_sentence_names_exists() -> None:
    named = {
        section for path in INCLUDE.rglob("*.py") for section in re.findall(r'\bsection="([\w-]+)"', path.read_text())
    }
    assert named
    assert named <= SECTIONS


def test_each_link_within_the_page_leads_somewhere() -> None:
    assert set(re.findall(r"\]\(#([^)]+)\)", (PROJECT / PAGE).read_text())) <= SECTIONS


def test_without_a_setting_a_link_is_the_path_of_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(DOCS_URL, raising=False)
    assert with_link("It failed.", "a-run-failed") == "It failed. Runbook: docs/runbook.md#a-run-failed"


@pytest.mark.parametrize(
    "base", ["https://git.example.org/pulse/blob/main", " https://git.example.org/pulse/blob/main/ "]
)
def test_with_a_setting_a_link_is_an_address(monkeypatch: pytest.MonkeyPatch, base: str) -> None:
    monkeypatch.setenv(DOCS_URL, base)
    assert link_to("a-run-failed") == "https://git.example.org/pulse/blob/main/docs/runbook.md#a-run-failed"


@pytest.mark.parametrize("base", ["", "javascript:alert(1)", "https://example.org/<b>", "https://example.org/a b"])
def test_a_setting_that_is_no_address_is_ignored(monkeypatch: pytest.MonkeyPatch, base: str) -> None:
    monkeypatch.setenv(DOCS_URL, base)
    assert link_to("a-run-failed") == "docs/runbook.md#a-run-failed"


def test_no_page_names_a_docs_tab() -> None:
    pages = [PROJECT / "README.md", *(PROJECT / "docs").rglob("*.md"), *(PROJECT / "dags").glob("*.py")]
    assert [path.name for path in pages if re.search(r"\bDocs\*? tab|\*Docs\*|tab \*?Docs", path.read_text())] == []
