"""What docker-compose.yaml allows a service to write and to use, and how long a message may stay lost."""

import json
import re

import pytest

from dev.local.airflow_environment import SHARED_SETTINGS
from tests.unit.compose_file import POOL, PROJECT, Service, airflow_services, declared_services, resolved_services


@pytest.fixture(name="services")
def fixture_services() -> dict[str, Service]:
    """The services with anchors and merges resolved, but every ${reference} as it is written."""
    return declared_services()


def test_no_service_can_write_outside_its_volumes_and_its_memory(services: dict[str, Service]) -> None:
    for name, service in services.items():
        assert service["read_only"] is True, name
        mounts = [mount.split(":") for mount in service["tmpfs"]]
        assert "/tmp" in [path for path, _ in mounts], name  # noqa: S108 - in the container
        # A tmpfs without a size may fill the memory of the machine.
        assert all("size=" in options for _, options in mounts), name


def test_the_socket_of_postgres_is_in_a_volume(services: dict[str, Service]) -> None:
    # Some runtimes give a tmpfs the mode of the folder in the image, but not its owner.
    mounted = {volume["target"]: volume["source"] for volume in services["postgres"]["volumes"]}
    assert mounted["/var/run/postgresql"] == "postgres-socket"


def test_no_container_leaves_an_anonymous_volume_behind(services: dict[str, Service]) -> None:
    """The images declare volumes. A path that is not mounted would get a new one with each new container."""
    declared = {"postgres:16": "/var/lib/postgresql/data", "redis:7.2-bookworm": "/data"}
    for name, service in services.items():
        if path := declared.get(service["image"]):
            mounted = {mount.split(":")[0] for mount in service["tmpfs"]}
            mounted |= {volume["target"] for volume in service.get("volumes", [])}
            assert path in mounted, name


def megabytes(limit: object) -> int:
    """A memory limit as docker compose writes it, `1536m` or `1g`, in MB."""
    number, unit = re.fullmatch(r"(\d+)([mg])", str(limit)).groups()  # type: ignore[union-attr]
    return int(number) * {"m": 1, "g": 1024}[unit]


def test_every_service_has_a_memory_limit_above_its_measured_peak(services: dict[str, Service]) -> None:
    table = re.findall(
        r"^\| `([\w-]+)` \| (\d+) MB \| (\d+) MB \|", (PROJECT / "docs" / "server.md").read_text(), re.MULTILINE
    )
    documented = {name: (int(peak), int(limit)) for name, peak, limit in table}
    assert set(documented) == set(services)
    for name, service in services.items():
        default = re.sub(r"^\$\{\w+:-(\w+)\}$", r"\1", str(service["mem_limit"]))
        peak, limit = documented[name]
        assert megabytes(default) == limit, name
        assert peak * 1.5 <= limit, name


@pytest.mark.parametrize("name", ["FPL_PULSE_POSTGRES_MEMORY", "FPL_PULSE_WORKER_MEMORY"])
def test_an_operator_can_raise_the_memory_of_the_services_that_grow_with_the_data(name: str) -> None:
    found = resolved_services({name: "3g"})
    assert [int(service["mem_limit"]) for service in found.values()].count(3 * 2**30) == 1


def test_a_task_is_queued_only_when_a_worker_can_take_it(services: dict[str, Service]) -> None:
    """Otherwise tasks that wait for a free worker would count as lost in the queue."""
    worker = services["worker"]
    concurrency = int(worker["command"][worker["command"].index("--concurrency") + 1])
    parallelism = {
        service["environment"]["AIRFLOW__CORE__PARALLELISM"] for service in airflow_services(services).values()
    }
    assert parallelism == {str(worker["scale"] * concurrency)}
    pools = json.loads((SHARED_SETTINGS / "pools.json").read_text())
    assert pools[POOL]["slots"] <= concurrency * worker["scale"]


def test_a_message_that_redis_lost_is_sent_again_within_minutes(services: dict[str, Service]) -> None:
    for service in airflow_services(services).values():
        env = {name.removeprefix("AIRFLOW__SCHEDULER__"): value for name, value in service["environment"].items()}
        lost_after = int(env["TASK_QUEUED_TIMEOUT"])
        noticed_after = lost_after + int(env["TASK_QUEUED_TIMEOUT_CHECK_INTERVAL"])
        # Longer than a worker needs to start, which is when it is healthy at the latest.
        assert lost_after >= 2 * seconds(services["worker"]["healthcheck"]["start_period"])
        # The next pipeline needs the run after an hour.
        assert noticed_after <= 180
        # All workers may be down for as long as with Airflow's defaults.
        assert (int(env["NUM_STUCK_IN_QUEUED_RETRIES"]) + 1) * lost_after >= 3 * 600


def seconds(duration: str) -> int:
    """A duration as docker compose writes it, `1m0s` or `30s`, in seconds."""
    return sum(int(number) * {"m": 60, "s": 1}[unit] for number, unit in re.findall(r"(\d+)([ms])", duration))
