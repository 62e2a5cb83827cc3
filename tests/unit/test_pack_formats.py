"""CSV for spreadsheets: what a text of a source becomes in a cell, and what a number keeps."""

import csv
import random
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fpl_pulse.packs.database import Column, Table, open_database
from fpl_pulse.packs.formats import MAX_CELL, write_csv, write_json, write_parquet
from fpl_pulse.packs.spreadsheets import SEASON
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
        "12.05.2025", "-", "=", " =1", "\n\n =1", "\u200b=1", "\u202e+1", "\u22125", "=DDE(\"cmd\";\"/C calc\")",
        # Zeros, exponents, digits and marks that a number loses.
        "01226327", "007", "12345e67", "1E5", "1.5e-3", "1E+5", "1234567890123456", "0.1234567890123456", "1.50",
        "3.0", "-0", "1,234", "1'234", "1.234.567", "1 234", " 12", "12 ", "(5)", "\u0661\u0662", "\uff11\uff12", "00",
        # Truth values and errors.
        "TRUE", "false", "Wahr", "#N/A", "#REF!", "#DIV/0!", "#NV",
        # Fractions, percentages and amounts.
        "1 1/2", "50%", "50 %", "%5", "£5.50", "5 €", "$1,000", "(£5)", "CHF 5", "5 kr",
        # Dates and times.
        "3-4-3", "2025-08-16", "2025-08-16 14:00:00", "2025-08-16T14:00:00Z", "20250816T140000+01:00", "1.2.2025",
        "16/08/2025", "2011-12", "Mar 5", "5 March", "5-Mar", "MARCH1", "SEPT2", "dec1", "Mar-25", "5. März 2025",
        "August 16, 2025", "Saturday, 16 August 2025", "5 de marzo de 2025", "16 août", "2025年8月16日",
        "Mar 5 10:30 pm", "10:30", "10:30:15.5", "10:30 PM", "5 pm", "5 p", "11a.m.",
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
        'say "x", y', "two\nlines", "a\rb", "", "null", "x=1", "한국", "0", "0.5", "123456789012345", "1999-00",
        "2009-13", "dc7f8a28", "a1234567", "reep_p0000aaaa", "1e5f", "Q123", "example-ann/x8", "May", "Mark 5",
        "Marcus 10", "Level 1", "GW7", "Group 5", "A1", "5th", "Trueman", "Truelove", "# 1", "#1", "5 goals",
        "45+2", "p", "a 1", "Sat", "1; 2", "March on", "Nº 5", "0x1F", "3P",
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
    assert [without_apostrophes(one) for one in found] == [without_apostrophes(text) for text in texts]
    for cell in found:
        if cell.strip()[:1] in {"=", "+", "-", "@"}:
            float(cell)


def without_apostrophes(cell: str) -> str:
    """A text without the apostrophe before it, and without those before a formula after a separator."""
    return re.sub(r"([;\t\r\n][^'=+\-@]*?)'+(?=[=+\-@\u2212\uff1d\uff0b\uff0d\uff20])", r"\1", cell.removeprefix("'"))


def test_any_number_of_a_text_keeps_its_value_or_has_an_apostrophe(
    database: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    """A spreadsheet computes with 15 digits and shows a number without needless zeros."""
    chance = random.Random(7)
    texts = ["".join(chance.choices("0123456789.-", k=chance.randint(1, 18))) for _ in range(2_000)]
    kept = [text for text, cell in zip(texts, cells(database, tmp_path, *texts), strict=True) if cell == text]
    numbers = [text for text in kept if any(one.isdecimal() for one in text) and not re.fullmatch(SEASON, text)]
    assert len(numbers) > 50
    assert [text for text in numbers if shown(text) != text] == []


def shown(text: str) -> str:
    """A number as a cell shows it that is wide enough."""
    return f"{Decimal(f'{float(text):.14e}'):f}".rstrip("0").rstrip(".") if "." in text else f"{int(text)}"


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("fit;=1+1", "fit;'=1+1"),
        ("fit; \t@SUM(A1)", "fit; \t'@SUM(A1)"),
        ("fit\n=1+1\r-1", "fit\n'=1+1\r'-1"),
        ("fit; not", "fit; not"),
        ("a, -b", "a, -b"),
    ],
)
def test_a_formula_after_the_separator_of_another_country_has_an_apostrophe(
    database: duckdb.DuckDBPyConnection, tmp_path: Path, text: str, cell: str
) -> None:
    """Where the decimal sign is a comma, a spreadsheet splits the cells of a CSV at each semicolon."""
    assert cells(database, tmp_path, text) == [cell]


def test_json_keeps_its_numbers_and_its_quotes(database: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    columns = (Column("code", "integer", ""), Column("old_value", "jsonb", ""))
    values = ["1.50", "-7.0", "true", '"=1+1"', '{"a": "01"}', '"x;=1"', "2025"]
    database.execute("create or replace table fpl.json (code integer, old_value varchar)")
    database.executemany("insert into fpl.json values (?, ?)", list(enumerate(values)))
    write_csv(database, Table(View("json", ("code",)), columns, len(values)), tmp_path / "json.csv")
    with (tmp_path / "json.csv").open(newline="", encoding="utf-8-sig") as file:
        found = [row["old_value"] for row in csv.DictReader(file)]
    assert found == ["1.50", "-7.0", "true", '"=1+1"', '{"a": "01"}', """"x;'=1\"""", "2025"]


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
        "1,Gyökeres,-0.1,2025-08-16 14:00:00,Arsenal (home); '-x,true\n"
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
