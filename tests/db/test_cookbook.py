"""docs/cookbook.md: every question runs in SQL and in pandas, gives the same answer, and that answer is the one shown.

With FPL_PULSE_WRITE_COOKBOOK set, as `make cookbook` does, the test writes the results into the page.
"""

import os
import re
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
from sqlalchemy import Engine, create_engine, make_url

from dev.local.postgres import EmbeddedPostgres
from dev.pipelines import Pipelines
from fpl_pulse.errors import CheckFailedError

FILE = Path(__file__).resolve().parents[2] / "docs" / "cookbook.md"
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


def write(question: Question, table: str) -> None:
    def replaced(found: re.Match[str]) -> str:
        if int(found["number"]) != question.number:
            return found[0]
        return found[0].removesuffix(found["result"] or "") + f"\n{table}\n"

    FILE.write_text(QUESTION.sub(replaced, FILE.read_text()))
