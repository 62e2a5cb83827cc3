"""Numbers, full stops and durations in the sentences that people read."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from fpl_pulse.wording import quantity, sentence

PROJECT = Path(__file__).resolve().parents[2]
MODULES = sorted(
    path
    for folder in ("include/fpl_pulse", "dev/local")
    for path in (PROJECT / folder).rglob("*.py")
    if "migrations" not in path.parts
)
QUOTED = {"error", "exc", "exception", "reason", "message", "problem", "refusal", "cause"}
"""Names of values that may already end with a full stop."""


@pytest.mark.parametrize(
    ("number", "noun", "words"), [(0, "call", "0 calls"), (1, "call", "1 call"), (3300, "call", "3,300 calls")]
)
def test_a_number_has_its_noun_in_the_singular_or_plural(number: int, noun: str, words: str) -> None:
    assert quantity(number, noun) == words


@pytest.mark.parametrize(
    ("text", "words"),
    [("no response", "no response."), ("Clear the task. ", "Clear the task."), ("Why?", "Why?"), ("cut…", "cut…")],
)
def test_a_quoted_text_ends_with_one_full_stop(text: str, words: str) -> None:
    assert sentence(ValueError(text)) == words


def f_strings(path: Path) -> Iterator[ast.JoinedStr]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.JoinedStr):
            yield node


def last_name(node: ast.expr) -> str:
    """The name of a variable or attribute; empty for other expressions, such as calls."""
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""


def durations() -> set[str]:
    """The names of constants, fields and properties of the product that are a `timedelta`."""
    found = set()
    for path in MODULES:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.AnnAssign) and ast.unparse(node.annotation) == "timedelta":
                found.add(ast.unparse(node.target))
            elif isinstance(node, ast.Assign) and ast.unparse(node.value).startswith("timedelta("):
                found |= {ast.unparse(target) for target in node.targets}
            elif isinstance(node, ast.FunctionDef) and node.returns and ast.unparse(node.returns) == "timedelta":
                found.add(node.name)
    return found


def test_no_sentence_adds_a_full_stop_to_a_text_that_may_have_one() -> None:
    doubled = [
        f"{path.name}:{value.lineno}"
        for path in MODULES
        for node in f_strings(path)
        for value, following in zip(node.values, node.values[1:], strict=False)
        if isinstance(value, ast.FormattedValue) and last_name(value.value) in QUOTED
        if isinstance(following, ast.Constant) and str(following.value).startswith(".")
    ]
    assert doubled == []


def test_no_sentence_shows_a_duration_as_python_prints_it() -> None:
    names = durations()
    assert {"limit", "SETTLING_TIME", "run_limit"} <= names
    raw = [
        f"{path.name}:{value.lineno}"
        for path in MODULES
        for node in f_strings(path)
        for value in node.values
        if isinstance(value, ast.FormattedValue) and last_name(value.value) in names
    ]
    assert raw == []
