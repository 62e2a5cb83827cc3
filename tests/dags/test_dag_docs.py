"""docs/dags.md is up to date."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from fpl_pulse.cli.docs import document, limits

PROJECT = Path(__file__).resolve().parents[2]
PAGE = PROJECT / "docs" / "dags.md"


def test_the_page_is_generated_from_the_dags(dags: dict[str, Any]) -> None:
    assert PAGE.read_text() == document(dags), "docs/dags.md is out of date: run `make dags`"


def test_the_page_has_every_dag_task_and_param(dags: dict[str, Any]) -> None:
    page = PAGE.read_text()
    for dag in dags.values():
        _, _, after = page.partition(f"\n## {dag.dag_id}\n")
        section = after.partition("\n## ")[0]
        for name in [*dag.task_ids, *dag.params]:
            assert f"| `{name}` |" in section, (dag.dag_id, name)


def test_the_command_prints_the_page_and_nothing_else() -> None:
    result = subprocess.run(
        [sys.executable, "-m", "fpl_pulse.cli.docs"],
        # In its test mode Airflow prints to the standard output.
        env={**os.environ, "AIRFLOW__CORE__UNIT_TEST_MODE": "False"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert result.stdout == PAGE.read_text()


@pytest.mark.parametrize(
    ("schema", "words"),
    [
        ({"type": "boolean"}, "boolean"),
        ({"allOf": [{"type": "boolean"}]}, "boolean"),
        (
            {
                "allOf": [{"type": ["null", "string", "array"]}],
                "maxItems": 400,
                "items": {"minimum": 1, "maximum": 2**31 - 1},
            },
            "at most 400 numbers, each 1 to 2,147,483,647, as a list or a text; or null",
        ),
        ({"type": ["null", "integer"], "minimum": 1, "maximum": 1000}, "integer, 1 to 1,000; or null"),
        ({"type": "string", "enum": ["a", "b"]}, "one of `a`, `b`"),
    ],
)
def test_limits_are_written_in_words(schema: dict[str, Any], words: str) -> None:
    assert limits(schema) == words
