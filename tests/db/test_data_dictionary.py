"""docs/data-dictionary.md describes exactly the objects of the migrated database.

With FPL_PULSE_WRITE_DICTIONARY set, as `make dictionary` does, the first test writes the file instead of comparing it.
"""

import os
import re
from pathlib import Path

import psycopg

from fpl_pulse.store.dictionary import dictionary

FILE = Path(__file__).resolve().parents[2] / "docs" / "data-dictionary.md"


def test_the_file_describes_the_migrated_database(database: psycopg.Connection) -> None:
    if os.environ.get("FPL_PULSE_WRITE_DICTIONARY"):
        FILE.write_text(dictionary(database))
    assert FILE.read_text() == dictionary(database), "run `make dictionary` and commit docs/data-dictionary.md"


def column_rows(text: str) -> list[list[str]]:
    """The cells of every line that describes a column: name, type, null, meaning."""
    lines = [line for line in text.splitlines() if line.startswith("| ")]
    rows = [re.split(r" ?(?<!\\)\| ?", line)[1:-1] for line in lines]
    return [row for row in rows if row[0] != "column"]


def test_every_table_and_view_has_a_comment(database: psycopg.Connection) -> None:
    tables = dictionary(database).split("\n### ")[1:]
    assert len(tables) >= 24
    assert [table for table in tables if not table.splitlines()[2].endswith(".")] == []


def test_every_column_comment_is_a_sentence(database: psycopg.Connection) -> None:
    comments = [meaning for _, _, _, meaning in column_rows(dictionary(database)) if meaning]
    assert len(comments) > 100
    assert [text for text in comments if not text.endswith(".") or text != text.strip()] == []


def test_every_json_column_has_a_comment(database: psycopg.Connection) -> None:
    rows = column_rows(dictionary(database))
    assert [name for name, type_, _, meaning in rows if type_.startswith("json") and not meaning] == []


def test_a_new_column_appears_with_its_comment(database: psycopg.Connection) -> None:
    database.execute("alter table pulse.api_pace add column colour text")
    database.execute("comment on column pulse.api_pace.colour is 'Red | blue.'")
    assert r"| colour | text | yes | Red \| blue. |" in dictionary(database)


def test_keys_references_and_checks_appear(database: psycopg.Connection) -> None:
    text = dictionary(database)
    assert "| **fixture_id** | integer | no |" in text
    assert "- `FOREIGN KEY (season, team_code) REFERENCES fpl_teams(season, code)`" in text
    assert "- `UNIQUE (season, code)`" in text
    assert "ON fixture_mappings (season, fixture_id) WHERE is_current`" in text
    assert "- `CHECK ((point_count > 0))`" in text


def test_every_function_has_a_comment(database: psycopg.Connection) -> None:
    functions = dictionary(database).partition("## Functions\n\n")[2].splitlines()
    assert len(functions) >= 8
    assert [line for line in functions if not line.endswith(".")] == []
