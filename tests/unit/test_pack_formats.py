"""CSV for spreadsheets: what a text of a source becomes in a cell, and what a number keeps."""

import csv
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fpl_pulse.packs.database import Column, Table, open_database
from fpl_pulse.packs.formats import MAX_CELL, write_csv, write_json, write_parquet
from fpl_pulse.packs.views import View
from fpl_pulse.packs.words import plain

COLUMNS = (
    Column("code", "integer", ""),
    Column("player", "text", ""),
    Column("change", "numeric", ""),
    Column("seen_at", "timestamp with time zone", ""),
    Column("opponents", "text[]", ""),
    Column("is_final", "boolean", ""),
)
AT = datetime(2025, 8, 16, 14, 0, 0, 250000, tzinfo=UTC)


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    with open_database(Path(":memory:"), tmp_path_factory.mktemp("spill")) as found:
        yield found


def table(database: duckdb.DuckDBPyConnection, *rows: tuple[object, ...]) -> Table:
    kinds = ", ".join(f"{column.name} {column.duckdb_type}" for column in COLUMNS)
    database.execute(f"create or replace table fpl.views ({kinds})")
    database.executemany("insert into fpl.views values (?, ?, ?, ?, ?, ?)", rows)
    return Table(View("views", ("code",)), COLUMNS, len(rows))


def cells(database: duckdb.DuckDBPyConnection, folder: Path, *texts: str | None) -> list[str]:
    """Texts as a reader of CSV sees them."""
    rows = [(number, text, None, None, None, None) for number, text in enumerate(texts)]
    path = folder / "views.csv"
    write_csv(database, table(database, *rows), path)
    with path.open(newline="", encoding="utf-8-sig") as file:
        return [row["player"] for row in csv.DictReader(file)]


@pytest.mark.parametrize(
    "text",
    [
        "=HYPERLINK(\"http://evil\";\"x\")", "+44 20", "-2+3+cmd|' /C calc'!A0", "@SUM(A1)", "\t=1", "\r=1", "\n=1",
        "\u00a0=1", "\ufeff=1", "\uff1d1+1", "\uff0b1", "\uff0d1", "\uff20x", "4-3-3", "4-2-3-1", "1/2",
        "12.05.2025", "-", "=", " =1",
    ],
)  # fmt: skip
def test_what_a_spreadsheet_would_interpret_has_an_apostrophe(
    database: duckdb.DuckDBPyConnection, tmp_path: Path, text: str
) -> None:
    assert cells(database, tmp_path, text) == [f"'{text}"]


@pytest.mark.parametrize(
    "text",
    [
        "Saka", "Ødegaard", "O'Brien", "-1", "-0.5", "12", "3.25", "2025-26", "Knee - 50% chance", "😀 🇬🇧", "<b>x</b>",
        'say "x", y', "two\nlines", "a\rb", "", "null", "x=1", "한국",
    ],
)  # fmt: skip
def test_other_texts_and_numbers_stay_as_they_are(
    database: duckdb.DuckDBPyConnection, tmp_path: Path, text: str
) -> None:
    assert cells(database, tmp_path, text) == [text]


@given(
    st.lists(
        st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=40), min_size=1, max_size=20
    )
)
def test_any_text_comes_back_and_never_begins_like_a_formula(
    database: duckdb.DuckDBPyConnection, tmp_path_factory: pytest.TempPathFactory, texts: list[str]
) -> None:
    found = cells(database, tmp_path_factory.mktemp("csv"), *texts)
    assert [one.removeprefix("'") for one in found] == [text.removeprefix("'") for text in texts]
    for cell in found:
        if cell.strip()[:1] in {"=", "+", "-", "@"}:
            float(cell)


def test_a_very_long_text_fits_into_one_cell(database: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    (cell,) = cells(database, tmp_path, "x" * 200_000)
    assert len(cell) < MAX_CELL + 20
    assert cell.endswith(" … (cut)")


def test_the_bytes_of_a_csv(database: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    path = tmp_path / "views.csv"
    written = table(
        database, (1, "Gyökeres", -0.1, AT, ["Arsenal (home)", "-x"], True), (2, "", 5.5, None, [], None),
        (3, None, None, None, None, False),
    )  # fmt: skip
    write_csv(database, written, path)
    assert path.read_bytes().decode() == (
        "\ufeffcode,player,change,seen_at,opponents,is_final\n"
        "1,Gyökeres,-0.1,2025-08-16 14:00:00,Arsenal (home); -x,true\n"
        '2,"",5.5,,"",\n'
        "3,,,,,false\n"
    )
    assert [one.name for one in tmp_path.iterdir()] == ["views.csv"]


def test_parquet_and_json_have_the_values_unchanged(database: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    row = (1, "=1+1", -0.1, AT, ["a, b", "c"], True)
    written = table(database, row)
    write_parquet(database, written, tmp_path / "x.parquet")
    assert database.sql(f"from '{tmp_path}/x.parquet'").fetchall() == [row]
    write_json(database, written, tmp_path / "x.json")
    (found,) = database.sql(
        f"from read_json('{tmp_path}/x.json', columns = {{player: 'VARCHAR', seen_at: 'TIMESTAMPTZ'}})"
    ).fetchall()
    assert found == ("=1+1", AT)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<script>x</script>", r"\<script\>x\</script\>"),
        ("a|b\n# c", r"a\|b \# c"),
        ("[x](javascript:1)", r"\[x\](javascript:1)"),
        ("`x` *y* _z_", r"\`x\` \*y\* \_z\_"),
        ("x" * 500, "x" * 200 + "…"),
        ("\x00\x1b[31m\u202eevil", r"\[31m evil"),
        (None, "-"),
    ],
)
def test_a_text_in_markdown_shows_as_it_is(text: str | None, expected: str) -> None:
    assert plain(text) == expected
