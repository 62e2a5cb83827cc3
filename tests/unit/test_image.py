"""The image of the Dockerfile contains the product and nothing else."""

import ast
import re

import pytest

from tests.unit.compose_file import PROJECT

PRODUCT_FOLDERS = ("dags", "include", "plugins")


def test_only_the_product_goes_into_the_image() -> None:
    rules = [line for line in (PROJECT / ".dockerignore").read_text().splitlines() if not line.startswith("#")]
    assert rules[0] == "*"
    allowed = {rule.removeprefix("!") for rule in rules if rule.startswith("!")}
    copied = re.findall(r"^(?:COPY|ADD) (.+) \S+$", (PROJECT / "Dockerfile").read_text(), re.MULTILINE)
    assert allowed == set(copied) == {"requirements.txt", *PRODUCT_FOLDERS}
    assert not [path for path in (PROJECT / "include").rglob("*") if path.name in ("dev", "local", "sandbox")]


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
