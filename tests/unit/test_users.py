"""The users of Airflow's simple login, as the api-server of docker-compose.yaml gets them."""

import json
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from fpl_pulse.cli.users import (
    ADDRESS_FOR_TASKS,
    NAMES_AND_ROLES,
    PASSWORDS_FILE,
    ROLES,
    UI_ADDRESS,
    SettingError,
    prepared,
    users_of,
)

PROJECT = Path(__file__).resolve().parents[2]
SECRET = "a-long-secret-word"
INSIDE = "http://api-server:8080"
OTHER = "another:secret'\"word"
"""Only the first two colons separate; quotes are ordinary characters."""


def environment(tmp_path: Path, **more: str) -> dict[str, str]:
    addresses = {UI_ADDRESS: "http://localhost:8080", ADDRESS_FOR_TASKS: f"{INSIDE}/execution/"}
    return {"AIRFLOW_ADMIN_PASSWORD": SECRET, PASSWORDS_FILE: str(tmp_path / "passwords.json"), **addresses, **more}


def test_admin_is_the_only_user_by_default(tmp_path: Path) -> None:
    env = prepared(environment(tmp_path, FPL_PULSE_UI_USERS=""))
    assert env[NAMES_AND_ROLES] == "admin:admin"
    assert json.loads((tmp_path / "passwords.json").read_text()) == {"admin": SECRET}


def test_more_users_have_names_roles_and_passwords(tmp_path: Path) -> None:
    env = prepared(environment(tmp_path, FPL_PULSE_UI_USERS=f"anna:viewer:{SECRET}, ben@example.org:op:{OTHER},"))
    assert env[NAMES_AND_ROLES] == "admin:admin,anna:viewer,ben@example.org:op"
    passwords = json.loads((tmp_path / "passwords.json").read_text())
    assert passwords == {"admin": SECRET, "anna": SECRET, "ben@example.org": OTHER}


def test_only_the_owner_can_read_the_passwords_even_if_the_file_existed(tmp_path: Path) -> None:
    path = tmp_path / "passwords.json"
    path.write_text("{}")
    path.chmod(0o644)
    prepared(environment(tmp_path))
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_the_api_server_does_not_get_the_variables_with_passwords(tmp_path: Path) -> None:
    env = prepared(environment(tmp_path, FPL_PULSE_UI_USERS=f"anna:viewer:{OTHER}", PATH="/bin"))
    assert env["PATH"] == "/bin"
    assert not [value for value in env.values() if SECRET in value or OTHER in value]


@pytest.mark.parametrize(
    ("entries", "sentence"),
    [
        ("hunter2hunter2hunter2", "entry 1 is not a user"),
        ("anna:viewer", "entry 1 is not a user"),
        ("anna:viewer:", "entry 1 is not a user"),
        (f"ben:op:{SECRET},:op:{SECRET}", "entry 2 is not a user"),
        (f"anna bell:op:{SECRET}", "entry 1 is not a user"),
        (f"anna:hunter2:{SECRET}", "the role of anna is unknown. Use one of viewer, user, op, admin"),
        (f"anna:Viewer:{SECRET}", "the role of anna is unknown"),
        ("anna:viewer:hunter2", "user anna in .env: the password has 7 characters and needs 12"),
        (f"admin:op:{SECRET}", "two users admin"),
        (f"anna:op:{SECRET},anna:viewer:{OTHER}", "two users anna"),
    ],
)
def test_a_wrong_entry_is_named_without_its_password(tmp_path: Path, entries: str, sentence: str) -> None:
    with pytest.raises(SettingError) as raised:
        prepared(environment(tmp_path, FPL_PULSE_UI_USERS=entries))
    assert sentence in str(raised.value)
    assert "hunter2" not in str(raised.value)
    assert "secret" not in str(raised.value)
    assert not (tmp_path / "passwords.json").exists()


def test_a_missing_or_short_admin_password_is_refused() -> None:
    for env in ({}, {"AIRFLOW_ADMIN_PASSWORD": "short"}):
        with pytest.raises(SettingError, match="AIRFLOW_ADMIN_PASSWORD"):
            users_of(env)


def run(tmp_path: Path, env: dict[str, str], *command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "fpl_pulse.cli.users", *command],
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(PROJECT / "include"), **env},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )


def test_the_command_becomes_the_named_program(tmp_path: Path) -> None:
    script = f"echo ${NAMES_AND_ROLES} $AIRFLOW_ADMIN_PASSWORD; exit 3"
    result = run(tmp_path, environment(tmp_path), "sh", "-c", script)
    assert (result.returncode, result.stdout) == (3, "admin:admin\n")


def test_the_command_ends_with_one_sentence_about_a_wrong_entry(tmp_path: Path) -> None:
    result = run(tmp_path, environment(tmp_path, FPL_PULSE_UI_USERS="anna"), "sh", "-c", "echo started")
    assert (result.returncode, result.stdout) == (1, "")
    assert len(result.stderr.splitlines()) == 1


def test_the_roles_are_in_the_example_file() -> None:
    example = (PROJECT / ".env.example").read_text()
    assert all(f" {role}" in example for role in ROLES)


@pytest.mark.parametrize(
    ("address", "prefix"),
    [
        ("http://localhost:8080", ""),
        ("https://data.example/", ""),
        ("https://data.example", "/team/airflow"),
        ("http://[::1]:8080", "/a-b_c.d"),
    ],
)
def test_an_address_with_the_prefix_of_the_tasks_is_taken(tmp_path: Path, address: str, prefix: str) -> None:
    given = {UI_ADDRESS: f"{address}{prefix}", ADDRESS_FOR_TASKS: f"{INSIDE}{prefix}/execution/"}
    assert prepared(environment(tmp_path, **given))[UI_ADDRESS] == f"{address}{prefix}"


@pytest.mark.parametrize(
    ("address", "prefix"),
    [
        ("https://data.example/airflow", ""),
        ("https://data.example/", "/airflow"),
        ("https://data.example", "airflow"),
        ("https://data.example", "/airflow/"),
        ("https://data.example/a", "/b"),
        ("http://[x", ""),
        ("https://ann:another-secret@data.example", ""),
        ("https://data.example?next=1", ""),
        ("https://data.example#top", ""),
        ("https://data.example//airflow", ""),
        ("https://data.example", "/air flow"),
        ("https://data example", ""),
        ("https://data.example\n", ""),
        ("data.example", ""),
        ("", ""),
    ],
)
def test_an_address_with_which_no_task_could_run_is_refused(tmp_path: Path, address: str, prefix: str) -> None:
    given = {UI_ADDRESS: f"{address}{prefix}", ADDRESS_FOR_TASKS: f"{INSIDE}{prefix}/execution/"}
    with pytest.raises(SettingError, match="no task could run") as raised:
        prepared(environment(tmp_path, **given))
    assert "secret" not in str(raised.value)
    assert not (tmp_path / "passwords.json").exists()
