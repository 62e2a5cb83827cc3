"""docker-compose.yaml as Compose itself reads it: sound, without a secret, and closed to the outside."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from fpl_pulse.week import MANUAL_UPDATE_LIMIT, WAIT_LIMIT, WEEK

PROJECT = Path(__file__).resolve().parents[2]
FILE = PROJECT / "docker-compose.yaml"
# Without a default: `${NAME:-text}` would be a secret in clear.
REFERENCE = re.compile(r"\$\{\w+:(?:\?[^}]*|-)\}")
REQUIRED = sorted(set(re.findall(r"\$\{(\w+):\?", FILE.read_text())))
SECRET_NAME = re.compile(r"PASSWORD|SECRET|KEY|CONN|AUTH\b|TOKEN")
ONCE = {"databases", "airflow-init"}

Service = dict[str, Any]


def tool(name: str) -> str:
    """The path of a program that requirements-dev.txt installs; skips where it is not installed."""
    found = shutil.which(name, path=os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]))
    if found is None:
        pytest.skip(f"{name} is not installed; `make install` does it")
    return found


def compose(*arguments: str, env: Mapping[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    """Run `docker-compose` on the project's file with nothing but the given settings."""
    return subprocess.run(
        [tool("docker-compose"), "--env-file", os.devnull, "--file", str(FILE), *arguments],
        env={"PATH": os.environ["PATH"], **(env or {})},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def whole_env() -> dict[str, str]:
    return dict.fromkeys(REQUIRED, "given")


@pytest.fixture(scope="module")
def services() -> dict[str, Service]:
    """The services with anchors and merges resolved, and every ${reference} as it is written."""
    answer = compose("config", "--no-interpolate", "--format", "json")
    assert answer.returncode == 0, answer.stderr
    found: dict[str, Service] = json.loads(answer.stdout)["services"]
    return found


def settings(services: Mapping[str, Service]) -> list[tuple[str, str, str]]:
    """(service, variable, value as written) of every service."""
    return [
        (name, variable, str(value))
        for name, service in services.items()
        for variable, value in service.get("environment", {}).items()
    ]


def holds_a_secret_in_clear(value: str) -> bool:
    """Whether a value has a password, or is one, that no ${reference} stands for."""
    written = REFERENCE.sub("REFERENCE", value)
    if written.startswith("{"):
        connection = json.loads(written)
        return "password" in connection and connection["password"] != "REFERENCE"
    if "://" in written:
        return urlsplit(written).password != "REFERENCE"
    return written != "REFERENCE"


def test_compose_finds_no_fault_in_the_file() -> None:
    answer = compose("config", "--quiet", env=whole_env())
    assert answer.returncode == 0, answer.stderr
    assert answer.stderr == ""


def test_the_file_keeps_to_the_compose_specification() -> None:
    answer = subprocess.run(
        [tool("check-jsonschema"), "--builtin-schema", "vendor.compose-spec", str(FILE)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert answer.returncode == 0, answer.stdout + answer.stderr


def test_every_secret_is_asked_for() -> None:
    assert set(REQUIRED) == {
        "AIRFLOW_ADMIN_PASSWORD",
        "AIRFLOW_API_SECRET_KEY",
        "AIRFLOW_CONN_FPL_API",
        "AIRFLOW_CONN_SOFASPORT_API",
        "AIRFLOW_DB_PASSWORD",
        "AIRFLOW_FERNET_KEY",
        "AIRFLOW_JWT_SECRET",
        "POSTGRES_PASSWORD",
        "PULSE_DB_PASSWORD",
        "REDIS_PASSWORD",
    }


@pytest.mark.parametrize("name", REQUIRED)
def test_a_missing_setting_is_named_with_where_to_put_it(name: str) -> None:
    env = whole_env()
    del env[name]
    answer = compose("config", "--quiet", env=env)
    assert answer.returncode != 0
    assert f"Set {name} in .env" in answer.stderr


def test_the_example_of_the_settings_names_every_one_that_is_needed() -> None:
    named = set(re.findall(r"^#? ?(\w+)=", (PROJECT / ".env.example").read_text(), re.MULTILINE))
    assert sorted(set(REQUIRED) - named) == []


def test_no_secret_is_written_in_the_file(services: dict[str, Service]) -> None:
    secret = [
        (service, variable, value)
        for service, variable, value in settings(services)
        if (SECRET_NAME.search(variable) or "@" in value) and not variable.endswith("_FILE")
    ]
    assert len({variable for _, variable, _ in secret}) >= 12
    assert [one for one in secret if holds_a_secret_in_clear(one[2])] == []


@pytest.mark.parametrize(
    "value",
    [
        "hunter2",
        "${REDIS_PASSWORD:-hunter2}",
        "redis://:hunter2@redis:6379/0",
        '{"conn_type": "postgres", "password": "hunter2"}',
        "redis://redis:6379/0",
    ],
)
def test_a_written_secret_would_be_found(value: str) -> None:
    assert holds_a_secret_in_clear(value)


def test_no_command_line_shows_a_secret(services: dict[str, Service]) -> None:
    shown = [
        name
        for name, service in services.items()
        for part in (service.get("command"), service.get("entrypoint"), service.get("healthcheck"))
        if "${" in json.dumps(part)
    ]
    assert shown == []


def test_only_the_api_server_is_published_and_only_on_loopback(services: dict[str, Service]) -> None:
    published = {name: service["ports"] for name, service in services.items() if service.get("ports")}
    assert list(published) == ["api-server"]
    assert all(re.fullmatch(r"127\.0\.0\.1:.+:8080", port) for port in published["api-server"])
    assert [name for name, service in services.items() if service.get("network_mode")] == []


def test_database_and_queue_have_no_way_out(services: dict[str, Service]) -> None:
    answer = compose("config", "--format", "json", env=whole_env())
    assert json.loads(answer.stdout)["networks"]["inside"]["internal"] is True
    for name in ("postgres", "redis", "databases"):
        assert list(services[name]["networks"]) == ["inside"]


def test_redis_wants_a_password(services: dict[str, Service]) -> None:
    assert "requirepass" in " ".join(services["redis"]["command"])


def test_every_image_is_pinned(services: dict[str, Service]) -> None:
    images = {service["image"] for service in services.values()}
    images |= set(re.findall(r"^FROM (\S+)", (PROJECT / "Dockerfile").read_text(), re.MULTILINE))
    assert [image for image in images if not re.fullmatch(r"[\w./-]+:\d[\w.-]*", image)] == []


def test_no_service_runs_as_root(services: dict[str, Service]) -> None:
    users = {name: str(service.get("user", "root")) for name, service in services.items()}
    assert [name for name, user in users.items() if user.split(":")[0] in ("root", "0", "")] == []
    in_image = re.findall(r"^USER (\S+)", (PROJECT / "Dockerfile").read_text(), re.MULTILINE)
    assert in_image[-1].split(":")[0] not in ("root", "0")


def test_no_service_can_gain_rights(services: dict[str, Service]) -> None:
    for name, service in services.items():
        assert service["cap_drop"] == ["ALL"], name
        assert "no-new-privileges:true" in service["security_opt"], name
        assert not service.get("privileged"), name


def test_what_runs_on_is_watched_and_comes_back(services: dict[str, Service]) -> None:
    for name, service in services.items():
        assert service["restart"] == ("no" if name in ONCE else "unless-stopped"), name
        assert ("healthcheck" in service) is (name not in ONCE), name
        # Newer than the engine's API 1.41.
        assert "start_interval" not in service.get("healthcheck", {}), name


def test_nothing_starts_before_what_it_needs(services: dict[str, Service]) -> None:
    for name, service in services.items():
        for needed, how in service.get("depends_on", {}).items():
            wanted = "service_completed_successfully" if needed in ONCE else "service_healthy"
            assert how["condition"] == wanted, (name, needed)
    for name in ("scheduler", "dag-processor", "triggerer", "worker"):
        assert {"airflow-init", "api-server"} <= set(services[name]["depends_on"])


def test_the_keys_of_the_apis_are_given_to_the_workers_alone(services: dict[str, Service]) -> None:
    holders = {
        name for name, variable, _ in settings(services) if variable.endswith(("SOFASPORT_API", "FPL_API"))
    }
    assert holders == {"worker"}


def test_all_of_airflow_signs_with_the_same_secret(services: dict[str, Service]) -> None:
    airflow = {name: service["environment"] for name, service in services.items() if "build" in service}
    assert set(airflow) == {"airflow-init", "api-server", "scheduler", "dag-processor", "triggerer", "worker"}
    for setting in ("AIRFLOW__API_AUTH__JWT_SECRET", "AIRFLOW__CORE__EXECUTION_API_SERVER_URL"):
        assert len({env[setting] for env in airflow.values()}) == 1


def test_a_task_that_runs_long_is_not_handed_out_twice(services: dict[str, Service]) -> None:
    longest = max(MANUAL_UPDATE_LIMIT, WAIT_LIMIT, *(slot.limit for slot in WEEK))
    name = "AIRFLOW__CELERY_BROKER_TRANSPORT_OPTIONS__VISIBILITY_TIMEOUT"
    assert int(services["worker"]["environment"][name]) > 2 * longest.total_seconds()


def test_metrics_are_off_and_switched_on_by_the_environment_alone() -> None:
    def environments(given: Mapping[str, str]) -> dict[str, dict[str, str | None]]:
        answer = compose("config", "--format", "json", env={**whole_env(), **given})
        found: dict[str, Service] = json.loads(answer.stdout)["services"]
        return {name: service["environment"] for name, service in found.items() if "build" in service}

    switches = {"AIRFLOW__METRICS__STATSD_ON": "True", "AIRFLOW__METRICS__STATSD_HOST": "10.0.0.7"}
    for env in environments({}).values():
        # A variable without a value is not set in the container.
        assert not any(
            value for name, value in env.items() if name.startswith(("AIRFLOW__METRICS__", "OTEL_"))
        )
    for env in environments(switches).values():
        assert switches.items() <= env.items()


def test_two_workers_share_the_tasks(services: dict[str, Service]) -> None:
    assert services["worker"]["scale"] == 2


def test_nothing_but_code_goes_into_the_image() -> None:
    rules = [
        line for line in (PROJECT / ".dockerignore").read_text().splitlines() if not line.startswith("#")
    ]
    assert rules[0] == "*"
    allowed = {rule.removeprefix("!") for rule in rules if rule.startswith("!")}
    assert allowed == {"requirements.txt", "dags", "include", "plugins"}
