"""Unit tests cannot use Airflow or Postgres: `tests/unit/conftest.py` fails them."""

import subprocess
import sys

import pytest


def test_an_import_of_airflow_fails_the_test() -> None:
    with pytest.raises(pytest.fail.Exception, match="imports airflow"):
        __import__("airflow.no_such_module")


@pytest.mark.parametrize(
    ("command", "message"),
    [
        (["/usr/lib/postgresql/bin/pg_ctl", "start"], "starts Postgres"),
        (["initdb", "-D", "/nowhere"], "starts Postgres"),
        (["airflow", "standalone"], "starts Airflow"),
        (["python", "-m", "airflow", "scheduler"], "starts Airflow"),
    ],
)
def test_a_start_of_postgres_or_airflow_fails_the_test(command: list[str], message: str) -> None:
    with pytest.raises(pytest.fail.Exception, match=message):
        subprocess.run(command, check=True)


def test_other_programs_and_modules_are_allowed() -> None:
    subprocess.run([sys.executable, "-c", "pass", "airflow"], check=True)
    with pytest.raises(ModuleNotFoundError):
        __import__("no_such_module")
