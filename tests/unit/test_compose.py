"""docker-compose.yaml is valid, has no secrets, is closed to the outside, and has the settings that are shared."""

import json
import re
import subprocess
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from dev.local.airflow_environment import SHARED_SETTINGS, shared_settings
from fpl_pulse.week import MANUAL_UPDATE_LIMIT, WAIT_LIMIT, WEEK
from tests.unit.compose_file import (
    FILE,
    ONCE,
    POOL,
    PROJECT,
    REQUIRED,
    Service,
    airflow_services,
    compose,
    declared_services,
    required_env,
    resolved_services,
    tool,
)

# A reference must have no default, because `${NAME:-text}` would contain the secret.
REFERENCE = re.compile(r"\$\{\w+:(?:\?[^}]*|-)\}")
SECRET_NAME = re.compile(r"PASSWORD|SECRET|KEY|CONN|AUTH\b|TOKEN|UI_USERS")


@pytest.fixture(name="services")
def fixture_services() -> dict[str, Service]:
    """The services with anchors and merges resolved, but every ${reference} as it is written."""
    return declared_services()


def settings(services: Mapping[str, Service]) -> list[tuple[str, str, str]]:
    """(service, variable, value as written) of every service."""
    return [
        (name, variable, str(value))
        for name, service in services.items()
        for variable, value in service.get("environment", {}).items()
    ]


def contains_a_plain_secret(value: str) -> bool:
    """Whether a value contains or is a secret that is not a ${reference}."""
    written = REFERENCE.sub("REFERENCE", value)
    if written.startswith("{"):
        connection = json.loads(written)
        return "password" in connection and connection["password"] != "REFERENCE"
    if "://" in written:
        return urlsplit(written).password != "REFERENCE"
    return written != "REFERENCE"


def test_compose_accepts_the_file() -> None:
    result = compose("config", "--quiet", env=required_env())
    assert result.returncode == 0, result.stderr
    assert result.stderr == ""


def test_the_file_follows_the_compose_specification() -> None:
    result = subprocess.run(
        [tool("check-jsonschema"), "--builtin-schema", "vendor.compose-spec", str(FILE)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert result.returncode == 0, result.stdout + result.stderr


def test_every_secret_is_required() -> None:
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
def test_the_error_about_a_missing_setting_names_it_and_the_file(name: str) -> None:
    env = required_env()
    del env[name]
    result = compose("config", "--quiet", env=env)
    assert result.returncode != 0
    assert f"Set {name} in .env" in result.stderr


def test_the_example_file_names_every_required_setting() -> None:
    named = set(re.findall(r"^#? ?(\w+)=", (PROJECT / ".env.example").read_text(), re.MULTILINE))
    assert sorted(set(REQUIRED) - named) == []


def test_the_file_contains_no_secret(services: dict[str, Service]) -> None:
    secret = [
        (service, variable, value)
        for service, variable, value in settings(services)
        if (SECRET_NAME.search(variable) or "@" in value) and not variable.endswith("_FILE")
    ]
    assert len({variable for _, variable, _ in secret}) >= 12
    assert [one for one in secret if contains_a_plain_secret(one[2])] == []


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
def test_a_plain_secret_is_detected(value: str) -> None:
    assert contains_a_plain_secret(value)


def test_no_command_line_shows_a_secret(services: dict[str, Service]) -> None:
    shown = [
        name
        for name, service in services.items()
        for part in (service.get("command"), service.get("entrypoint"), service.get("healthcheck"))
        if "${" in json.dumps(part)
    ]
    assert shown == []


def test_only_the_api_server_publishes_a_port_and_only_on_loopback(services: dict[str, Service]) -> None:
    published = {name: service["ports"] for name, service in services.items() if service.get("ports")}
    assert list(published) == ["api-server"]
    assert all(re.fullmatch(r"127\.0\.0\.1:.+:8080", port) for port in published["api-server"])
    assert [name for name, service in services.items() if service.get("network_mode")] == []


def test_the_database_and_the_queue_have_no_outside_network(services: dict[str, Service]) -> None:
    result = compose("config", "--format", "json", env=required_env())
    assert json.loads(result.stdout)["networks"]["inside"]["internal"] is True
    for name in ("postgres", "redis", "databases"):
        assert list(services[name]["networks"]) == ["inside"]


def test_redis_requires_a_password(services: dict[str, Service]) -> None:
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


def test_no_service_can_gain_privileges(services: dict[str, Service]) -> None:
    for name, service in services.items():
        assert service["cap_drop"] == ["ALL"], name
        assert "no-new-privileges:true" in service["security_opt"], name
        assert not service.get("privileged"), name


def test_services_that_keep_running_have_a_health_check_and_restart(services: dict[str, Service]) -> None:
    for name, service in services.items():
        assert service["restart"] == ("no" if name in ONCE else "unless-stopped"), name
        assert ("healthcheck" in service) is (name not in ONCE), name
        # Docker engines with API 1.41 do not know this key.
        assert "start_interval" not in service.get("healthcheck", {}), name


def test_services_start_after_their_dependencies(services: dict[str, Service]) -> None:
    for name, service in services.items():
        for needed, how in service.get("depends_on", {}).items():
            wanted = "service_completed_successfully" if needed in ONCE else "service_healthy"
            assert how["condition"] == wanted, (name, needed)
    for name in ("scheduler", "dag-processor", "triggerer", "worker"):
        assert {"airflow-init", "api-server"} <= set(services[name]["depends_on"])


def test_only_the_workers_get_the_api_keys(services: dict[str, Service]) -> None:
    holders = {name for name, variable, _ in settings(services) if variable.endswith(("SOFASPORT_API", "FPL_API"))}
    assert holders == {"worker"}


def test_only_the_workers_get_the_login_of_the_packs_object_store() -> None:
    name = "AIRFLOW_CONN_FPL_PULSE_PACKS"
    given = '{"conn_type": "aws", "login": "KEY-ID", "password": "SECRET"}'
    found = {
        service: declared["environment"][name]
        for service, declared in resolved_services({name: given}).items()
        if name in declared.get("environment", {})
    }
    assert found == {"worker": given}
    assert resolved_services()["worker"]["environment"][name] == ""


def test_every_airflow_service_has_an_image_with_the_extras_of_the_environment() -> None:
    def extras(env: Mapping[str, str]) -> list[str]:
        return [one["build"]["args"]["FPL_PULSE_EXTRAS"] for one in airflow_services(resolved_services(env)).values()]

    assert extras({}) == [""] * 6
    assert extras({"FPL_PULSE_EXTRAS": "s3"}) == ["s3"] * 6


def test_what_a_pack_needs_while_it_is_written_is_in_a_volume(services: dict[str, Service]) -> None:
    """Also when packs go to an object store: a pack is larger than the tmpfs."""
    scratch = services["worker"]["environment"]["FPL_PULSE_SCRATCH"]
    assert scratch in {volume["target"] for volume in services["worker"]["volumes"]}
    owned = re.search(rf"mkdir {scratch} && chown (\S+) {scratch}", (PROJECT / "Dockerfile").read_text())
    assert owned is not None
    assert owned[1] == services["worker"]["user"]


def test_every_airflow_service_can_record_how_runs_end_and_link_to_the_runbook(services: dict[str, Service]) -> None:
    airflow = {name: service["environment"] for name, service in services.items() if "build" in service}
    assert all("AIRFLOW_CONN_FPL_POSTGRES" in env for env in airflow.values())
    assert {env["FPL_PULSE_DOCS_URL"] for env in airflow.values()} == {"${FPL_PULSE_DOCS_URL:-}"}


def test_all_airflow_services_use_the_same_signing_secret(services: dict[str, Service]) -> None:
    airflow = {name: service["environment"] for name, service in airflow_services(services).items()}
    assert set(airflow) == {"airflow-init", "api-server", "scheduler", "dag-processor", "triggerer", "worker"}
    for setting in ("AIRFLOW__API_AUTH__JWT_SECRET", "AIRFLOW__CORE__EXECUTION_API_SERVER_URL"):
        assert len({env[setting] for env in airflow.values()}) == 1


@pytest.mark.parametrize("prefix", ["", "/team/airflow"])
def test_tasks_reach_an_api_server_behind_a_prefix(prefix: str) -> None:
    given = {"FPL_PULSE_UI_URL": "https://data.example", "FPL_PULSE_UI_PREFIX": prefix}
    for service in airflow_services(resolved_services(given)).values():
        env = service["environment"]
        assert env["AIRFLOW__API__BASE_URL"] == f"https://data.example{prefix}"
        # With a prefix in its own address, the api-server answers 404 to /execution/.
        assert env["AIRFLOW__CORE__EXECUTION_API_SERVER_URL"] == f"http://api-server:8080{prefix}/execution/"


def test_a_long_task_is_not_handed_to_a_second_worker(services: dict[str, Service]) -> None:
    longest = max(MANUAL_UPDATE_LIMIT, WAIT_LIMIT, *(slot.limit for slot in WEEK))
    name = "AIRFLOW__CELERY_BROKER_TRANSPORT_OPTIONS__VISIBILITY_TIMEOUT"
    assert int(services["worker"]["environment"][name]) > 2 * longest.total_seconds()


def test_metrics_are_off_unless_the_environment_turns_them_on() -> None:
    def environments(given: Mapping[str, str]) -> dict[str, dict[str, str | None]]:
        found = airflow_services(resolved_services(given))
        return {name: service["environment"] for name, service in found.items()}

    switches = {"AIRFLOW__METRICS__STATSD_ON": "True", "AIRFLOW__METRICS__STATSD_HOST": "10.0.0.7"}
    for env in environments({}).values():
        # A variable without a value is not set in the container.
        assert not any(value for name, value in env.items() if name.startswith(("AIRFLOW__METRICS__", "OTEL_")))
    for env in environments(switches).values():
        assert switches.items() <= env.items()


def test_two_workers_share_the_tasks(services: dict[str, Service]) -> None:
    assert services["worker"]["scale"] == 2


def test_the_rate_limit_of_the_api_calls_is_passed_through_and_has_no_default_here(
    services: dict[str, Service],
) -> None:
    value = services["worker"]["environment"]["FPL_PULSE_CALLS_PER_SECOND"]
    assert value == "${FPL_PULSE_CALLS_PER_SECOND:-}"


def test_every_airflow_service_gets_the_shared_settings() -> None:
    shared = shared_settings()
    assert len(shared) >= 5
    airflow = airflow_services(resolved_services())
    assert len(airflow) == 6
    for service in airflow.values():
        assert shared.items() <= service["environment"].items()


def test_the_pools_are_imported_from_the_shared_file(services: dict[str, Service]) -> None:
    (script,) = (part for part in services["airflow-init"]["command"] if "airflow" in part)
    path = re.search(r"airflow pools import /opt/airflow/(\S+)", script)
    assert path is not None
    assert json.loads((PROJECT / path[1]).read_text()).keys() == {POOL}


def repeated_settings(text: str) -> list[str]:
    """What a file repeats of the shared settings: their names, and the names and descriptions of pools."""
    pools = json.loads((SHARED_SETTINGS / "pools.json").read_text())
    descriptions = [pool["description"] for pool in pools.values()]
    commands = [f"pools set {name}" for name in pools]
    constants = [f'"{name}"' for name in pools if re.search(rf"pool.*[\"']{name}[\"']", text, re.IGNORECASE)]
    known = [*shared_settings(), *descriptions, *commands]
    return [one for one in known if one in text] + constants


@pytest.mark.parametrize(
    "path",
    [FILE, PROJECT / "Dockerfile", PROJECT / ".env.example", *sorted((PROJECT / "dev" / "local").glob("*.py"))],
    ids=lambda path: path.name,
)
def test_no_file_repeats_a_shared_setting(path: Path) -> None:
    assert repeated_settings(path.read_text()) == []


@pytest.mark.parametrize(
    "text",
    [
        '  AIRFLOW__API__WORKERS: "1"',
        '"AIRFLOW__SCHEDULER__TASK_INSTANCE_HEARTBEAT_TIMEOUT": "30",',
        "airflow pools set sofasport 4 'Other words'",
        '_POOLS = {"sofasport": (6, "Other words")}',
    ],
)
def test_a_repeated_setting_is_detected(text: str) -> None:
    assert repeated_settings(text) != []
