"""docs/data-dictionary.md describes exactly the objects of the migrated database.

With FPL_PULSE_WRITE_DICTIONARY set, as `make dictionary` does, the first test writes the file instead of comparing it.
"""

import os
from pathlib import Path

import psycopg

from fpl_pulse.store.dictionary import dictionary, read_tables

FILE = Path(__file__).resolve().parents[2] / "docs" / "data-dictionary.md"


def test_the_file_describes_the_migrated_database(database: psycopg.Connection) -> None:
    if os.environ.get("FPL_PULSE_WRITE_DICTIONARY"):
        FILE.write_text(dictionary(database))
    assert FILE.read_text() == dictionary(database), "run `make dictionary` and commit docs/data-dictionary.md"


def test_every_table_and_view_has_a_comment(database: psycopg.Connection) -> None:
    tables = read_tables(database)
    assert len(tables) >= 24
    assert [table.name for table in tables if not (table.comment or "").endswith(".")] == []


def test_every_column_comment_is_a_sentence(database: psycopg.Connection) -> None:
    comments = [column.comment for table in read_tables(database) for column in table.columns if column.comment]
    assert [text for text in comments if not text.endswith(".") or text != text.strip()] == []


def test_every_json_column_has_a_comment(database: psycopg.Connection) -> None:
    without_comment = [
        f"{table.name}.{column.name}"
        for table in read_tables(database)
        for column in table.columns
        if column.type.startswith("json") and not column.comment
    ]
    assert without_comment == []


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
