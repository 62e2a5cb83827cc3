"""The house's rooms: who may import whom."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]
PACKAGE = PROJECT / "include" / "fpl_pulse"
ORDER = ["errors", "week", "season", "api", "store", "alerts", "matching", "etl", "airflow", "cli"]
"""From the ground up: a room imports only from its own and lower ones."""

STANDING_ALONE = {"sandbox": {"week"}, "local": {"week", "store", "sandbox", "errors"}}


def modules() -> list[str]:
    paths = (path for path in PACKAGE.rglob("*.py") if "migrations" not in path.parts)
    names = (path.relative_to(PROJECT / "include").with_suffix("") for path in paths)
    return sorted(".".join(name.parts).removesuffix(".__init__") for name in names)


def imports_of(module: str) -> set[str]:
    """The rooms of this project that a module imports, anywhere in it."""
    path = PROJECT / "include" / Path(*module.split("."))
    file = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
    found = set()
    for node in ast.walk(ast.parse(file.read_text())):
        names = []
        if isinstance(node, ast.ImportFrom) and node.module:
            names = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
        elif isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        found |= {name.split(".")[1] for name in names if name.startswith("fpl_pulse.")}
    return found


@pytest.mark.parametrize("module", modules())
def test_a_room_imports_nothing_from_above(module: str) -> None:
    room = module.split(".")[1] if "." in module else ""
    if room in STANDING_ALONE:
        assert imports_of(module) <= STANDING_ALONE[room] | {room}
    elif room:
        assert imports_of(module) <= set(ORDER[: ORDER.index(room) + 1])


def test_every_module_outside_the_airflow_room_imports_without_airflow() -> None:
    names = [name for name in modules() if not name.startswith("fpl_pulse.airflow") and "__main__" not in name]
    code = (
        "import sys, importlib\n"
        "class Block:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        if name == 'airflow' or name.startswith('airflow.'):\n"
        "            raise ImportError('airflow is blocked here')\n"
        "sys.meta_path.insert(0, Block())\n"
        f"for name in {names!r}: importlib.import_module(name)\n"
        "print(len(sys.modules))\n"
    )
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=PROJECT / "include", check=False
    )
    assert result.returncode == 0, result.stderr[-500:]
    assert len(names) > 30
