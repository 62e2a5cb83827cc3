"""`make matrix`: which cases it plans, what it skips, and what it says about a failure. A real case takes minutes."""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from dev.matrix import __main__ as matrix
from dev.matrix import pythons
from dev.matrix.conditions import User, strict, usual
from dev.matrix.pythons import Interpreter
from tests.local.typed_commands import copy_project

HERE = "{}.{}".format(*sys.version_info[:2])


def program(folder: Path, name: str, script: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return path


def test_the_interpreter_of_these_tests_is_found_on_the_path() -> None:
    found = pythons.find(environment={"PATH": str(Path(sys.executable).parent)})
    assert list(found) == [HERE]
    assert found[HERE].path.exists()


def test_a_shim_that_refuses_to_run_and_other_versions_are_passed_over(tmp_path: Path) -> None:
    program(tmp_path / "shims", "python3.12", "echo 'not selected' >&2; exit 127")
    program(tmp_path / "bin", "python3", "printf '3.9\\n/usr/bin/python3.9\\n'")
    program(tmp_path / ".pyenv/versions/3.12.1/bin", "python3.12", "printf '3.12\\n/pyenv/python3.12\\n'")
    environment = {"PATH": f"{tmp_path}/shims:{tmp_path}/bin:", "HOME": str(tmp_path)}
    assert pythons.find(environment=environment) == {"3.12": Interpreter("3.12", Path("/pyenv/python3.12"))}


def test_a_named_interpreter_comes_first(tmp_path: Path) -> None:
    named = program(tmp_path, "my-python", f"printf '{HERE}\\n/my/python\\n'")
    found = pythons.find([str(named)], {"PATH": str(Path(sys.executable).parent)})
    assert found[HERE].path == Path("/my/python")


def test_each_python_runs_as_usual_and_under_strict_conditions() -> None:
    cases, skipped = matrix.plan({"3.12": Interpreter("3.12", Path(sys.executable))}, None, None)
    assert [str(case) for case in cases] == [f"Python 3.12 {usual().name}", f"Python 3.12 {strict(None).name}"]
    assert skipped == [
        f"Python {version}: no working python{version} with its venv module is on this machine."
        for version in ("3.11", "3.13")
    ]


def test_an_interpreter_out_of_reach_of_the_ordinary_user_is_run_by_root_and_reported(tmp_path: Path) -> None:
    unreachable = User("nobody", os.geteuid(), os.getegid())
    missing = Interpreter("3.13", tmp_path / "python3.13")
    assert not User.can_run(unreachable, program(tmp_path, "failing", "exit 1"))
    program(tmp_path, "python3.13", "exit 1")
    cases, skipped = matrix.plan({"3.13": missing}, ["3.13"], unreachable)
    assert [case.conditions.user for case in cases] == [None, None]
    assert skipped == [f"Python 3.13 as nobody: this user cannot run {missing.path}. Root runs that case instead."]


def test_strict_conditions_have_no_home_and_nothing_of_another_airflow() -> None:
    inherited = {
        "PATH": "/bin", "HOME": "/root", "USER": "root", "XDG_CACHE_HOME": "/root/.cache", "HTTPS_PROXY": "http://proxy",
        "AIRFLOW_HOME": "/airflow", "FPL_PULSE_UI_PORT": "1", "MAKEFLAGS": "-j", "PYTHONPATH": "x", "VIRTUAL_ENV": "y",
    }  # fmt: skip
    assert strict(None).environment(inherited) == {"PATH": "/bin", "HTTPS_PROXY": "http://proxy"}
    assert usual().environment(inherited)["HOME"] == "/root"


@pytest.fixture
def fake_make(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A `make` that fails at the step in the file `fails`, and a folder for the copies."""
    log = tmp_path / "typed"
    step = f'echo "$PWD $* home=${{HOME-none}}" >>"{log}"; echo "the output of $1"; test "$1" != "$(cat fails)"'
    step = step.replace("cat fails", f"cat {tmp_path}/fails")
    program(tmp_path / "bin", "make", step)
    (tmp_path / "fails").write_text("nothing")
    monkeypatch.setenv("PATH", f"{tmp_path}/bin:{os.environ['PATH']}")
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setattr(User, "find", lambda: None)
    return tmp_path


def test_every_step_runs_in_a_copy_that_is_removed(fake_make: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert matrix.main(["--python", HERE]) == 0
    printed = capsys.readouterr().out
    assert printed.count("Passed: ") == 2
    assert printed.endswith("2 of 2 cases passed, 0 skipped.\n")
    typed = (fake_make / "typed").read_text().splitlines()
    assert [line.split(" home=")[0].split("/")[-1].split()[-1] for line in typed[1:3]] == ["unit", "demo"]
    assert "Fußball für Ängstliche" in typed[3]
    assert typed[3].endswith("home=none")
    assert not list(fake_make.glob("fpl-pulse-matrix-*"))


def test_a_failed_step_ends_its_case_prints_the_output_and_keeps_the_copy(
    fake_make: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (fake_make / "fails").write_text("unit")
    assert matrix.main(["--python", HERE]) == 1
    printed = capsys.readouterr().out
    assert printed.count("FAILED: ") == 2
    assert "the output of unit\n" in printed
    assert "demo" not in printed
    assert printed.endswith("0 of 2 cases passed, 0 skipped.\n")
    copies = list(fake_make.glob("fpl-pulse-matrix-*/*"))
    assert len(copies) == 2
    assert all(str(copy) in printed for copy in copies)
    assert not any((copy / ".env").exists() for copy in copies)


def test_without_any_python_the_matrix_fails(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(pythons, "find", lambda _named: {})
    assert matrix.main([]) == 1
    assert capsys.readouterr().out.count("Skipped: Python 3.1") == 3


def test_an_interrupted_matrix_stops_its_step(fake_make: Path) -> None:
    program(fake_make / "bin", "make", f'echo $$ >"{fake_make}/pid"; exec sleep 60')
    command = [sys.executable, "-m", "dev.matrix", "--python", HERE]
    environment = os.environ | {"PYTHONPATH": "include:.", "TMPDIR": str(fake_make)}
    with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        pid_file = fake_make / "pid"
        while not pid_file.exists() or not pid_file.read_text().strip():
            assert process.poll() is None
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 128 + signal.SIGTERM
    # Ended, if perhaps not collected yet by its new parent.
    with contextlib.suppress(psutil.NoSuchProcess):
        assert psutil.Process(int(pid_file.read_text())).status() == psutil.STATUS_ZOMBIE
    assert not list(fake_make.glob("fpl-pulse-matrix-*"))


def test_install_works_without_a_home(tmp_path: Path) -> None:
    """The install step itself, with programs that record their environment instead of installing."""
    copy = copy_project(tmp_path / "ohne Zuhause")
    shutil.rmtree(copy.folder / ".venv")
    log = tmp_path / "installed"
    stub = f'echo "pip=${{PIP_NO_CACHE_DIR-}} uv=${{UV_NO_CACHE-}}" >>"{log}"'
    for name in ("python", "uv"):
        program(copy.folder / ".venv" / "bin", name, stub)
    for home, recorded in (("", "pip=1 uv=1"), (str(tmp_path), "pip= uv=")):
        (copy.folder / ".venv" / ".installed").unlink(missing_ok=True)
        log.unlink(missing_ok=True)
        assert copy.type("make install", HOME=home).returncode == 0
        assert set(log.read_text().splitlines()[1:]) == {recorded}
