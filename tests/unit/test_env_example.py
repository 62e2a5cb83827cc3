"""Every example of a setting is read alike by a shell, by docker compose and by the product."""

import json
from pathlib import Path

import pytest

from dev.local.source import dsn_of, libpq_environment
from fpl_pulse.cli.users import users_of
from tests.unit.compose_file import tool
from tests.unit.env_files import (
    ASSIGNMENT,
    DOCUMENTS,
    PROJECT,
    blocks_of_settings,
    read_by_compose,
    read_by_shell,
    uncommented,
)

EXAMPLE = (PROJECT / ".env.example").read_text()
BLOCKS = [(path.name, block) for path in DOCUMENTS for block in blocks_of_settings(path.read_text())]


def test_the_example_file_is_read_alike_as_it_is(tmp_path: Path) -> None:
    values = read_by_shell(EXAMPLE, tmp_path)
    assert set(values) == {"AIRFLOW_CONN_SOFASPORT_API", "AIRFLOW_CONN_FPL_API"}
    assert read_by_compose(EXAMPLE, tmp_path, tool("docker-compose")) == values


def test_every_example_is_read_alike_by_the_shell_and_by_compose(tmp_path: Path) -> None:
    text = uncommented(EXAMPLE)
    values = read_by_shell(text, tmp_path)
    assert len(values) >= 25
    assert set(values) == set(ASSIGNMENT.findall(EXAMPLE))
    assert read_by_compose(text, tmp_path, tool("docker-compose")) == values


@pytest.mark.parametrize(
    "block", [block for _, block in BLOCKS], ids=[f"{name}-{i}" for i, (name, _) in enumerate(BLOCKS)]
)
def test_the_settings_in_the_documents_are_read_alike(block: str, tmp_path: Path) -> None:
    values = read_by_shell(block, tmp_path)
    assert read_by_compose(block, tmp_path, tool("docker-compose")) == values
    for name, value in values.items():
        if name.startswith("AIRFLOW_CONN_"):
            assert json.loads(value)["conn_type"]


def test_the_documents_have_examples() -> None:
    assert {"README.md", "runbook.md"} <= {name for name, _ in BLOCKS}


def test_the_product_reads_every_example(tmp_path: Path) -> None:
    values = read_by_shell(uncommented(EXAMPLE), tmp_path)
    connections = {name: json.loads(value) for name, value in values.items() if name.startswith("AIRFLOW_CONN_")}
    assert {name: connection["conn_type"] for name, connection in connections.items()} == {
        "AIRFLOW_CONN_SOFASPORT_API": "http",
        "AIRFLOW_CONN_FPL_API": "http",
        "AIRFLOW_CONN_FPL_POSTGRES": "postgres",
        "AIRFLOW_CONN_FPL_PULSE_ALERTS": "apprise",
        "AIRFLOW_CONN_FPL_PULSE_PACKS": "aws",
    }
    address = values["AIRFLOW_CONN_FPL_POSTGRES"]
    assert dsn_of(address) == "postgresql://pulse:YOUR-PASSWORD@localhost:5432/fpl_pulse"
    assert libpq_environment(address)["PGPASSWORD"] == "YOUR-PASSWORD"
    assert float(values["FPL_PULSE_CALLS_PER_SECOND"]) > 0
    assert int(values["FPL_PULSE_MOST_CALLS_A_RUN"]) > 0
    users = users_of({**values, "AIRFLOW_ADMIN_PASSWORD": "a-long-secret-word"})
    assert [(user.name, user.role) for user in users] == [("admin", "admin"), ("anna", "viewer"), ("ben", "op")]


def test_a_password_with_any_character_reaches_the_product_unchanged(tmp_path: Path) -> None:
    """By the rules at the top of the example file: single quotes, and a code for an apostrophe."""
    password = """a'b"c$HOME ${PATH}$$ #d\\e`f`!ü%20"""
    written = json.dumps({"conn_type": "http", "password": password}).replace("'", "\\u0027")
    text = f"AIRFLOW_CONN_SOFASPORT_API='{written}'\n"
    for values in (read_by_shell(text, tmp_path), read_by_compose(text, tmp_path, tool("docker-compose"))):
        assert json.loads(values["AIRFLOW_CONN_SOFASPORT_API"])["password"] == password
