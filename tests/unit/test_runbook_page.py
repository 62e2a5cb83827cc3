"""Every section of the runbook has a test in `make runbook` that types each of its commands, in order.

The suite takes a quarter of an hour. Here its tests are only read: which section each follows, and what it types.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass, replace

import pytest

from dev.local.layout import PROJECT
from tests.long.runbook.page import JUDGEMENT, Page, Section

SUITE = PROJECT / "tests" / "long" / "runbook"
TYPING = ("types", "fills_in", "next")
"""Methods of the operator that take the next instruction from the page; their first argument is a part of it."""

PAGE = Page.read()


@dataclass(frozen=True)
class Followed:
    """A test of the suite, by what it takes from the page."""

    test: str
    section: str
    parts: tuple[str, ...]


def followed() -> Iterator[Followed]:
    """The tests of the suite."""
    for path in sorted(SUITE.glob("test_*.py")):
        for node in ast.parse(path.read_text()).body:
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                sections = [text for one in node.decorator_list for text in _texts_in(one, "section")]
                assert len(sections) == 1, f"{node.name} must have one mark with the section that it follows."
                yield Followed(node.name, sections[0], tuple(_texts_in(node, *TYPING)))


def _texts_in(node: ast.AST, *methods: str) -> Iterator[str]:
    """The texts that are passed to these methods, in the order of the source."""
    calls = [one for one in ast.walk(node) if isinstance(one, ast.Call) and isinstance(one.func, ast.Attribute)]
    for call in sorted(calls, key=lambda one: (one.lineno, one.col_offset)):
        assert isinstance(call.func, ast.Attribute)
        if call.func.attr in methods and call.args and isinstance(call.args[0], ast.Constant):
            yield str(call.args[0].value)


def problems(page: Page, tests: list[Followed]) -> list[str]:
    """What of a page no test follows."""
    found = [f"{one.test}: no section {one.section!r}" for one in tests if one.section not in page.sections]
    for section in page.sections.values():
        of_section = [one for one in tests if one.section == section.title]
        if not of_section and not section.judgements:
            found.append(f"{section.title}: no test, and no sentence that begins with {JUDGEMENT!r}")
        if not of_section and section.instructions:
            found.append(f"{section.title}: no test types {section.instructions}")
        found += [problem for one in of_section if (problem := _differs(section, one))]
    return found


def _differs(section: Section, test: Followed) -> str:
    pairs = zip(section.instructions, test.parts, strict=False)
    wrong = [f"{part!r} is not in {instruction!r}" for instruction, part in pairs if part not in instruction]
    if len(section.instructions) != len(test.parts):
        wrong.append(f"the section has {len(section.instructions)} instructions, the test types {len(test.parts)}")
    return f"{section.title}, {test.test}: {'; '.join(wrong)}" if wrong else ""


TESTS = list(followed())


def test_each_section_has_a_test_that_types_its_commands_in_order() -> None:
    assert len(PAGE.sections) > 25
    assert problems(PAGE, TESTS) == []


def test_each_symptom_leads_to_a_section_that_a_test_follows() -> None:
    tested = {PAGE.sections[one.section].anchor for one in TESTS}
    judged = {section.anchor for section in PAGE.sections.values() if section.judgements}
    assert {symptom.anchor for symptom in PAGE.symptoms} <= tested | judged


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("## Catching up", "## Catching on", "Catching on: no test"),
        ("ARGS=rehearse", "ARGS=rehearsal", "'ARGS=rehearse' is not in 'make archive ARGS=rehearsal'"),
        ("**Do** nothing. No link is lost", "**Do** type `make psql`. No link is lost", "the section has 1 instr"),
    ],
)
def test_a_changed_page_shows(old: str, new: str, expected: str) -> None:
    assert old in PAGE.text
    assert expected in "\n".join(problems(replace(PAGE, text=PAGE.text.replace(old, new, 1)), TESTS))


def test_commands_in_sentences_and_blocks_are_found_in_order() -> None:
    section = Section("A section", EXAMPLE)
    assert section.instructions == (
        "make up", 'for dag in a b; do\n  make airflow ARGS="$dag"\ndone', "KEY='{\n }'", '{"most_calls": 3}'
    )  # fmt: skip
    assert section.judgements == ["is it enough"]


EXAMPLE = """
Type `make
up`, not `docker compose up`.

   ```sh
   for dag in a b; do
     make airflow ARGS="$dag"
   done
   KEY='{
    }'
   docker compose ps
   ```

Then `{"most_calls":
3}`. A person decides here: is it enough?
"""
