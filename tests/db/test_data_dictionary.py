"""docs/data-dictionary.md says what the migrated database holds, no more and no less.

With FPL_PULSE_WRITE_DICTIONARY set, as `make dictionary` does, the file is written anew instead of compared.
"""

import os
from pathlib import Path

import psycopg
import pytest

from fpl_pulse.store.dictionary import dictionary, main, read_tables

FILE = Path(__file__).resolve().parents[2] / "docs" / "data-dictionary.md"


def test_the_file_is_what_the_database_says(database: psycopg.Connection) -> None:
    if os.environ.get("FPL_PULSE_WRITE_DICTIONARY"):
        FILE.write_text(dictionary(database))
    assert FILE.read_text() == dictionary(database), (
        "run `make dictionary` and commit docs/data-dictionary.md"
    )


def test_every_table_says_its_purpose(database: psycopg.Connection) -> None:
    tables = read_tables(database)
    assert len(tables) >= 24
    assert [table.name for table in tables if not (table.comment or "").endswith(".")] == []


def test_every_comment_of_a_column_is_a_sentence(database: psycopg.Connection) -> None:
    comments = [
        column.comment for table in read_tables(database) for column in table.columns if column.comment
    ]
    assert [text for text in comments if not text.endswith(".") or text != text.strip()] == []


def test_every_json_column_says_what_is_in_it(database: psycopg.Connection) -> None:
    silent = [
        f"{table.name}.{column.name}"
        for table in read_tables(database)
        for column in table.columns
        if column.type.startswith("json") and not column.comment
    ]
    assert silent == []


def test_a_new_column_and_its_comment_come_into_the_dictionary(database: psycopg.Connection) -> None:
    database.execute("alter table pulse.api_pace add column colour text")
    database.execute("comment on column pulse.api_pace.colour is 'Red | blue.'")
    assert r"| colour | text | yes | Red \| blue. |" in dictionary(database)


def test_keys_references_and_conditions_are_shown(database: psycopg.Connection) -> None:
    text = dictionary(database)
    assert "| **fixture_id** | integer | no |" in text
    assert "- `FOREIGN KEY (season, team_code) REFERENCES fpl_teams(season, code)`" in text
    assert "- `UNIQUE (season, code)`" in text
    assert "ON fixture_mappings (season, fixture_id) WHERE is_current`" in text
    assert "- `CHECK ((point_count > 0))`" in text


def test_the_command_prints_the_dictionary(dsn: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([dsn]) == 0
    assert capsys.readouterr().out == FILE.read_text()


def test_the_command_without_an_address_says_what_it_wants(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 2
    assert "address of a migrated database" in capsys.readouterr().err
