"""The image of the Dockerfile contains the product and nothing else."""

import ast
import os
import re
import subprocess
from pathlib import Path

import pytest

from tests.unit.compose_file import PROJECT

PRODUCT_FOLDERS = ("dags", "include", "plugins")


def test_only_the_product_goes_into_the_image() -> None:
    rules = [line for line in (PROJECT / ".dockerignore").read_text().splitlines() if not line.startswith("#")]
    assert rules[0] == "*"
    allowed = {rule.removeprefix("!") for rule in rules if rule.startswith("!")}
    copied = re.findall(r"^(?:COPY|ADD) (.+) \S+$", (PROJECT / "Dockerfile").read_text(), re.MULTILINE)
    assert allowed == set(copied) == {"requirements.txt", "requirements-s3.txt", *PRODUCT_FOLDERS}
    assert not [path for path in (PROJECT / "include").rglob("*") if path.name in ("dev", "local", "sandbox")]


def run_of_extras() -> str:
    """The script that installs what FPL_PULSE_EXTRAS names."""
    dockerfile = (PROJECT / "Dockerfile").read_text()
    after = dockerfile.split("ARG FPL_PULSE_EXTRAS=\n", 1)[1]
    return after.split("RUN ", 1)[1].split("\nCOPY", 1)[0].replace("\\\n", " ")


@pytest.mark.parametrize(
    ("extras", "status", "called"),
    [("", 0, ""), ("s3", 0, "requirements-s3.txt"), ("s4", 1, ""), ("s3 $(touch x)", 1, "")],
)
def test_a_build_argument_adds_what_an_object_store_needs(
    tmp_path: Path, extras: str, status: int, called: str
) -> None:
    (tmp_path / "python").write_text('#!/bin/sh\necho "$@" >>"$(dirname "$0")/called"\n')
    (tmp_path / "python").chmod(0o755)
    done = subprocess.run(
        ["/bin/sh", "-c", run_of_extras()],
        env={"PATH": f"{tmp_path}:{os.environ['PATH']}", "FPL_PULSE_EXTRAS": extras},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        timeout=30,
    )
    assert done.returncode == status
    written = (tmp_path / "called").read_text() if (tmp_path / "called").exists() else ""
    assert called in written
    assert bool(written) is bool(called)
    assert ("--require-hashes" in written) is bool(called)
    assert ("It can be s3, or empty." in done.stderr) is bool(status)
    assert not (tmp_path / "x").exists()


def test_the_extra_packages_do_not_change_a_version_of_the_image() -> None:
    """They are installed without their dependencies over what is there."""
    of_image, extra = (pinned(PROJECT / name) for name in ("requirements.txt", "requirements-s3.txt"))
    assert {"apache-airflow-providers-amazon", "s3fs"} <= set(extra)
    assert not {"moto", "pytest"} & set(extra)
    assert [name for name, version in extra.items() if of_image.get(name, version) != version] == []


def pinned(path: Path) -> dict[str, str]:
    """Package, with its marker -> version."""
    found = re.findall(r"^([\w.-]+)(?:\[[^]]*\])?==([^ ;]+)( ; [^\\]+)?", path.read_text(), re.MULTILINE)
    return {f"{name}{marker}".strip(): version for name, version, marker in found}


def test_airflow_writes_no_configuration_file_at_its_start() -> None:
    """It would write the secrets of the environment, and a read-only root refuses the file."""
    assert "RUN : >/opt/airflow/airflow.cfg" in (PROJECT / "Dockerfile").read_text()


def imported_modules(source: str) -> set[str]:
    """Every module that a Python source imports, anywhere in it."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module)
        elif isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
    return found


def imports_dev(source: str) -> bool:
    """Whether a Python source imports the package `dev` or a module of it."""
    return any(name.split(".")[0] == "dev" for name in imported_modules(source))


def test_no_module_of_the_product_imports_dev() -> None:
    modules = [path for folder in PRODUCT_FOLDERS for path in (PROJECT / folder).rglob("*.py")]
    assert len(modules) > 80
    assert [str(path) for path in modules if imports_dev(path.read_text())] == []


@pytest.mark.parametrize("line", ["import dev.local.layout", "def f():\n    from dev.sandbox import app"])
def test_an_import_of_dev_is_detected(line: str) -> None:
    assert imports_dev(line)
