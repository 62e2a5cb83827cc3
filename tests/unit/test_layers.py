"""The packages of the product: which may import which, and that only one of them needs Airflow."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]
INCLUDE = PROJECT / "include"
LAYERS = (
    {"wording"},
    {"errors", "runbook"},
    {"week"},
    {"season"},
    {"api", "matching", "charts"},
    {"store"},
    {"alerts", "chart_data"},
    {"etl"},
    {"packs"},
    {"web"},
    {"airflow"},
    {"cli"},
)
"""From the lowest layer up. A package imports only from itself and from lower layers, so that there is no circle."""

BLOCK_AIRFLOW = """
import importlib, sys

class Block:
    def find_spec(self, name, path=None, target=None):
        if name == "airflow" or name.startswith("airflow."):
            raise ImportError(f"{name} is blocked here")

sys.meta_path.insert(0, Block())
for name in sys.argv[1:]:
    importlib.import_module(name)
"""


def modules(folder: Path) -> dict[str, Path]:
    """The Python files of a package by module name. Migrations are left out: their names are no identifiers."""
    found = {}
    for path in folder.rglob("*.py"):
        if "migrations" not in path.parts:
            parts = path.relative_to(folder.parent).with_suffix("").parts
            found[".".join(parts).removesuffix(".__init__")] = path
    return dict(sorted(found.items()))


PRODUCT = modules(INCLUDE / "fpl_pulse")
DEV = modules(PROJECT / "dev")


def imported_names(path: Path) -> Iterator[str]:
    """All modules and names that a file imports, inside functions as well."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} has a relative import, which this test does not resolve"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


def room_of(module: str) -> str | None:
    """The room of a module of the product; None for the package itself and for other packages."""
    parts = module.split(".")
    return parts[1] if parts[0] == "fpl_pulse" and len(parts) > 1 else None


def layer_of(room: str) -> int:
    """The layer of a package."""
    for layer, rooms in enumerate(LAYERS):
        if room in rooms:
            return layer
    raise AssertionError(f"The package {room} has no layer: add it to LAYERS and to the architecture page")


@pytest.mark.parametrize("module", PRODUCT)
def test_a_room_imports_only_from_lower_layers(module: str) -> None:
    room = room_of(module)
    rooms = {room_of(name) for name in imported_names(PRODUCT[module])} - {None, room}
    if room is None:
        assert not rooms
    else:
        assert {one for one in rooms if one and layer_of(one) >= layer_of(room)} == set()


@pytest.mark.parametrize("module", PRODUCT)
def test_the_product_imports_neither_dev_nor_dags_nor_plugins(module: str) -> None:
    packages = {name.split(".")[0] for name in imported_names(PRODUCT[module])}
    assert not packages & {"dev", "dags", "plugins", "tests"}


def test_only_the_airflow_room_and_the_dag_page_name_airflow() -> None:
    outside = [name for name in PRODUCT if room_of(name) != "airflow"]
    naming = [name for name in outside if any(one.split(".")[0] == "airflow" for one in imported_names(PRODUCT[name]))]
    # The command that writes docs/dags.md reads the DAGs with Airflow, inside a function.
    assert set(naming) <= {"fpl_pulse.cli.docs"}


def test_every_module_outside_the_airflow_room_imports_without_airflow() -> None:
    names = [name for name in {**PRODUCT, **DEV} if room_of(name) != "airflow" and "__main__" not in name]
    result = subprocess.run(
        [sys.executable, "-c", BLOCK_AIRFLOW, *names],
        capture_output=True,
        text=True,
        cwd=PROJECT,
        env={"PYTHONPATH": f"{INCLUDE}:{PROJECT}"},
        check=False,
    )
    assert result.returncode == 0, result.stderr[-500:]
    assert len(names) > 80


def test_airflow_is_really_blocked_in_that_test() -> None:
    result = subprocess.run(
        [sys.executable, "-c", BLOCK_AIRFLOW, "fpl_pulse.airflow.connections"],
        capture_output=True,
        text=True,
        env={"PYTHONPATH": str(INCLUDE)},
        check=False,
    )
    assert "is blocked here" in result.stderr
