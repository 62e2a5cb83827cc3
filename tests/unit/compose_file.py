"""docker-compose.yaml as Compose reads it."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest

PROJECT = Path(__file__).resolve().parents[2]
FILE = PROJECT / "docker-compose.yaml"
POOL = "sofasport"
REQUIRED = sorted(set(re.findall(r"\$\{(\w+):\?", FILE.read_text())))
ONCE = {"databases", "airflow-init"}
"""Services that end after they have prepared the databases."""

Service = dict[str, Any]


def tool(name: str) -> str:
    """The path of a program from requirements-dev.txt; skips the test if it is not installed."""
    found = shutil.which(name, path=os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]))
    if found is None:
        pytest.skip(f"{name} is not installed; run `make install`")
    return found


def compose(*arguments: str, env: Mapping[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    """Run `docker-compose` on the project's file with only the given settings."""
    return subprocess.run(
        [tool("docker-compose"), "--env-file", os.devnull, "--file", str(FILE), *arguments],
        env={"PATH": os.environ["PATH"], **(env or {})},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def required_env() -> dict[str, str]:
    """Any value for every required setting."""
    return dict.fromkeys(REQUIRED, "given")


@cache
def declared_services() -> dict[str, Service]:
    """The services with anchors and merges resolved, but every ${reference} as it is written."""
    result = compose("config", "--no-interpolate", "--format", "json")
    assert result.returncode == 0, result.stderr
    found: dict[str, Service] = json.loads(result.stdout)["services"]
    return found


def resolved_services(env: Mapping[str, str] | None = None) -> dict[str, Service]:
    """The services with the required settings and those of `env` filled in."""
    result = compose("config", "--format", "json", env={**required_env(), **(env or {})})
    assert result.returncode == 0, result.stderr
    found: dict[str, Service] = json.loads(result.stdout)["services"]
    return found


def airflow_services(services: Mapping[str, Service]) -> dict[str, Service]:
    """The services that run Airflow, by name."""
    return {name: service for name, service in services.items() if "build" in service}
