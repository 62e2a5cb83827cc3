"""docs/cookbook.md: every question runs in SQL and in pandas, gives the same answer, and that answer is the one shown.

With FPL_PULSE_WRITE_COOKBOOK set, as `make cookbook` does, the test writes the results into the page. The notebook runs
on the same store, as the reader.
"""

import json
import os
import re
import subprocess
import sys
import uuid
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from math import isnan
from pathlib import Path
from typing import Any

import pandas as pd
import psycopg
import pytest
from psycopg import sql
from sqlalchemy import Engine, create_engine, make_url

from dev.local.postgres import EmbeddedPostgres
from dev.pipelines import Pipelines
from fpl_pulse.errors import CheckFailedError
from fpl_pulse.store.readers import READER, create_reader
from fpl_pulse.store.views import SCHEMAS

FILE = Path(__file__).resolve().parents[2] / "docs" / "cookbook.md"
NOTEBOOK = FILE.parent / "notebooks" / "season.ipynb"
LAST_MONDAY = date(2025, 10, 13)
WEEKS = 4
QUESTION = re.compile(
    r"^### (?P<number>\d+)\. (?P<title>[^\n]+)\n\n(?:[^\n]+\n\n)?```sql\n(?P<sql>.*?)\n```\n\n"
    r"```python\n(?P<python>.*?)\n```\n"
    r"(?P<result>\n(?:\|[^\n]*\n)+)?",
    re.MULTILINE | re.DOTALL,
)


@dataclass(frozen=True)
class Question:
    """A question of the page."""

    number: int
    title: str
    sql: str
    python: str
    result: str


QUESTIONS = [
    Question(int(found["number"]), found["title"], found["sql"], found["python"], (found["result"] or "").strip())
    for found in QUESTION.finditer(FILE.read_text())
]


@pytest.fixture(scope="module")
def engine(postgres: EmbeddedPostgres, _template: str, small_league: str) -> Iterator[Engine]:
    """The small league in October, with a match that FPL has moved into the gameweek before."""
    name = f"cookbook_{uuid.uuid4().hex[:8]}"
    postgres.create_database(name, template=_template)
    with psycopg.connect(postgres.dsn(name), autocommit=True) as conn:
        pipelines = Pipelines(conn, small_league)
        for week in range(WEEKS):
            with suppress(CheckFailedError):
                pipelines.week(LAST_MONDAY - timedelta(weeks=WEEKS - 1 - week))
        conn.execute(
            "update pulse.fpl_fixtures as moved set gameweek = gameweek - 1 where fixture_id ="
            " (select max(fixture_id) from pulse.fpl_fixtures where finished)"
        )
    found = create_engine(make_url(postgres.dsn(name)).set(drivername="postgresql+psycopg"))
    yield found
    found.dispose()
    postgres.drop_database(name)


def shown(value: object) -> str:
    """A value as a table of the page shows it."""
    if value is None or value is pd.NaT or (isinstance(value, float) and isnan(value)):
        return ""
    if isinstance(value, float | Decimal):
        # pandas has no integers beside missing values.
        return f"{float(value):.2f}".rstrip("0").rstrip(".")
    return str(value)


def as_table(frame: pd.DataFrame) -> str:
    lines = [
        list(frame.columns),
        ["---"] * len(frame.columns),
        *([shown(one) for one in row] for row in frame.to_numpy()),
    ]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines).replace("| --- |", "|---|").replace(" --- |", "---|")


def answer_in_sql(engine: Engine, question: Question) -> pd.DataFrame:
    with engine.connect() as connection:
        return pd.read_sql(question.sql, connection)


def answer_in_pandas(engine: Engine, question: Question) -> pd.DataFrame:
    def read(view: str) -> pd.DataFrame:
        with engine.connect() as connection:
            return pd.read_sql(f"select * from fpl.{view}", connection)

    names: dict[str, Any] = {"pd": pd, "read": read}
    exec(question.python, names)  # noqa: S102 - the code of the page is what is tested
    found: pd.DataFrame = names["answer"]
    return found


def test_there_are_fifteen_questions() -> None:
    assert [one.number for one in QUESTIONS] == list(range(1, 16))
    assert FILE.read_text().count("```sql") == 15


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda one: one.title)
def test_sql_and_pandas_give_the_answer_that_is_shown(engine: Engine, question: Question) -> None:
    answer = answer_in_sql(engine, question)
    assert len(answer) > 0
    table = as_table(answer)
    if os.environ.get("FPL_PULSE_WRITE_COOKBOOK"):
        write(question, table)
    else:
        assert question.result == table, "run `make cookbook` and commit docs/cookbook.md"
    assert as_table(answer_in_pandas(engine, question)) == table


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda one: one.title)
def test_a_question_takes_one_or_two_views(question: Question) -> None:
    views = set(re.findall(r"fpl\.(\w+)", question.sql))
    assert 1 <= len(views) <= 2
    assert set(re.findall(r"pulse\.", question.sql)) == set()
    assert set(re.findall(r'read\("(\w+)"\)', question.python)) <= views


@pytest.fixture
def reader(engine: Engine) -> Iterator[str]:
    """The address of the reader of the store, as `make reader` prints it."""
    url = engine.url.set(drivername="postgresql")
    dsn = url.render_as_string(hide_password=False)
    with psycopg.connect(dsn, autocommit=True) as conn:
        create_reader(conn, "only-for-tests-1", SCHEMAS)
        yield url.set(username=READER, password="only-for-tests-1").render_as_string(hide_password=False)
        conn.execute(sql.SQL("drop owned by {0}; drop role {0}").format(sql.Identifier(READER)))


def code_cells(notebook: dict[str, Any]) -> list[dict[str, Any]]:
    return [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]


def test_the_notebook_answers_each_question_with_rows_or_a_figure(reader: str, tmp_path: Path) -> None:
    done = tmp_path / "done.ipynb"
    # In a process of its own, as an analyst runs it, without the project's packages and settings.
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(tmp_path),
        "IPYTHONDIR": str(tmp_path),
        "FPL_PULSE_READER_ADDRESS": reader,
    }
    program = [sys.executable, "-m", "jupyter", "execute", "--timeout=120", f"--output={done}", str(NOTEBOOK)]
    result = subprocess.run(
        program, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=200, check=False
    )
    assert result.returncode == 0, result.stderr
    first, *answers = code_cells(json.loads(done.read_text()))
    printed = re.fullmatch(r"Season 2025-26: (\d+) players with at least 90 minutes\.\n", text_of(first["outputs"]))
    assert printed is not None
    assert int(printed[1]) > 50
    figures = 0
    for cell in answers:
        shown = [output.get("data", {}) for output in cell["outputs"]]
        assert shown, cell["source"]
        assert not [one for one in cell["outputs"] if one["output_type"] == "stream"], "a warning"
        tables = ["".join(one["text/html"]) for one in shown if "text/html" in one]
        assert all(len(re.findall(r"<tr>", table)) >= 2 for table in tables), cell["source"]
        figures += sum("image/png" in one for one in shown)
    assert figures == 3


def text_of(outputs: list[dict[str, Any]]) -> str:
    return "".join("".join(one["text"]) for one in outputs)


def test_the_notebook_is_stored_without_results() -> None:
    cells = code_cells(json.loads(NOTEBOOK.read_text()))
    assert len(cells) >= 6
    assert [cell for cell in cells if cell["outputs"] or cell["execution_count"] is not None] == []
    assert NOTEBOOK.stat().st_size < 20_000


def test_the_notebook_reads_the_views_only() -> None:
    text = NOTEBOOK.read_text()
    assert len(set(re.findall(r"from fpl\.(\w+)", text))) >= 4
    assert "pulse." not in text.replace("fpl_pulse", "")
    assert f"notebooks/{NOTEBOOK.name}" in FILE.read_text()


def write(question: Question, table: str) -> None:
    def replaced(found: re.Match[str]) -> str:
        if int(found["number"]) != question.number:
            return found[0]
        return found[0].removesuffix(found["result"] or "") + f"\n{table}\n"

    FILE.write_text(QUESTION.sub(replaced, FILE.read_text()))
