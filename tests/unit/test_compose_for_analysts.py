"""docker-compose.analysts.yaml opens the database on loopback, only when it is chosen, and changes nothing else."""

import json
import os
import subprocess
from collections.abc import Mapping
from typing import Any

import pytest

from tests.unit.compose_file import FILE, PROJECT, required_env, resolved_services, tool

ADDITION = PROJECT / "docker-compose.analysts.yaml"
PORT = {"FPL_PULSE_DATABASE_PORT": "5433"}


def both(env: Mapping[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run `docker-compose config` on both files, chosen as .env chooses them."""
    return subprocess.run(
        [tool("docker-compose"), "--env-file", os.devnull, "config", *arguments],
        env={"PATH": os.environ["PATH"], "COMPOSE_FILE": f"{FILE}:{ADDITION}", **required_env(), **env},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.fixture(scope="module", name="opened")
def fixture_opened() -> dict[str, Any]:
    """Both files together."""
    result = both(PORT, "--format", "json")
    assert (result.returncode, result.stderr) == (0, "")
    found: dict[str, Any] = json.loads(result.stdout)
    return found


def test_the_file_follows_the_compose_specification() -> None:
    result = subprocess.run(
        [tool("check-jsonschema"), "--builtin-schema", "vendor.compose-spec", str(ADDITION)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert result.returncode == 0, result.stdout + result.stderr


def test_the_database_has_a_port_on_loopback_only(opened: dict[str, Any]) -> None:
    (port,) = opened["services"]["postgres"]["ports"]
    assert (port["host_ip"], port["published"], port["target"], port["protocol"]) == ("127.0.0.1", "5433", 5432, "tcp")
    published = {name for name, service in opened["services"].items() if service.get("ports")}
    assert published == {"api-server", "postgres"}


def test_the_database_keeps_everything_else(opened: dict[str, Any]) -> None:
    before, after = resolved_services(), opened["services"]
    assert {name: service for name, service in after.items() if name != "postgres"} == {
        name: service for name, service in before.items() if name != "postgres"
    }
    added = {"ports", "networks"}
    assert {key: value for key, value in after["postgres"].items() if key not in added} == {
        key: value for key, value in before["postgres"].items() if key not in added
    }
    assert before["postgres"]["read_only"] is True
    assert before["postgres"]["cap_drop"] == ["ALL"]


def test_the_network_of_the_port_has_no_route_to_the_outside(opened: dict[str, Any]) -> None:
    assert set(opened["services"]["postgres"]["networks"]) == {"inside", "analysts"}
    assert opened["networks"]["inside"]["internal"] is True
    options = opened["networks"]["analysts"]["driver_opts"]
    assert options == {"com.docker.network.bridge.enable_ip_masquerade": "false"}
    others = {name for name, service in opened["services"].items() if "analysts" in service["networks"]}
    assert others == {"postgres"}


def test_the_port_must_be_chosen() -> None:
    result = both({})
    assert result.returncode != 0
    assert "Set FPL_PULSE_DATABASE_PORT in .env" in result.stderr


def test_without_the_file_the_port_is_closed_even_if_it_is_chosen() -> None:
    assert "ports" not in resolved_services(PORT)["postgres"]


def test_the_documents_choose_both_files() -> None:
    choice = f"COMPOSE_FILE={FILE.name}:{ADDITION.name}"
    for name in (".env.example", "docs/server.md", ADDITION.name):
        assert choice in (PROJECT / name).read_text(), name
