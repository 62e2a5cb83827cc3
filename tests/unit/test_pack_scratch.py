"""Temporary folders: what killed processes leave is removed, and nothing that a process uses."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path

import pytest

from fpl_pulse.errors import PackNotWrittenError
from fpl_pulse.packs import scratch as module
from fpl_pulse.packs.folder import BUILDING, Folder
from fpl_pulse.packs.scratch import scratch
from fpl_pulse.packs.settings import PACKS, SCRATCH
from tests.unit.compose_file import PROJECT

WRITER = """
import sys, time
from pathlib import Path
from fpl_pulse.packs.folder import Folder
from fpl_pulse.packs.scratch import scratch
kind, root = sys.argv[1:]
with scratch(kind) if kind != "folder" else Folder(Path(root)).scratch("2024-25/gw38") as folder:
    (folder / "season").mkdir()
    (folder / "season" / "half.csv").write_text("half")
    print(folder, flush=True)
    time.sleep(60)
"""


@pytest.fixture(autouse=True)
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The place for temporary files, which does not exist yet."""
    monkeypatch.setenv(SCRATCH, str(tmp_path / "temporary"))
    return tmp_path / "temporary"


class Writer:
    """Another process that writes."""

    def __init__(self, kind: str, root: Path) -> None:
        environment = {**os.environ, "PYTHONPATH": str(PROJECT / "include")}
        self._process = subprocess.Popen(
            [sys.executable, "-c", WRITER, kind, str(root)], env=environment, stdout=subprocess.PIPE, text=True
        )

    @cached_property
    def folder(self) -> Path:
        """Its folder, in which half of a pack is."""
        assert self._process.stdout is not None
        return Path(self._process.stdout.readline().strip())

    @property
    def half(self) -> Path:
        return self.folder / "season" / "half.csv"

    def kill(self) -> None:
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGKILL)
            self._process.communicate()


@pytest.fixture
def writers(root: Path) -> Iterator[list[Writer]]:
    """Processes that are ended after the test."""
    found: list[Writer] = []
    yield found
    for one in found:
        one.kill()


@pytest.mark.parametrize("kind", ["pack", "export"])
def test_what_a_killed_process_has_left_is_removed_by_the_next_write(
    root: Path, writers: list[Writer], kind: str
) -> None:
    killed, living = Writer(kind, root), Writer(kind, root)
    writers += [killed, living]
    assert killed.folder.parent == living.folder.parent
    assert killed.folder.parent.name.startswith(".")
    with scratch("export"):
        assert killed.half.is_file()
    killed.kill()
    assert killed.half.is_file()
    with scratch("export") as mine:
        assert not killed.folder.exists()
        assert living.half.is_file()
        assert mine.is_dir()
    assert not mine.exists()
    living.kill()
    with scratch("pack"):
        pass
    assert list(root.iterdir()) == []


def test_a_killed_write_of_a_pack_is_removed_by_the_next_pack_of_any_season(
    tmp_path: Path, writers: list[Writer]
) -> None:
    packs = tmp_path / "packs"
    killed, living = Writer("folder", packs), Writer("folder", packs)
    writers += [killed, living]
    assert killed.half.is_file()
    assert living.half.is_file()
    killed.kill()
    notes = packs / "2024-25" / f".gw38.notes.{BUILDING}"
    notes.mkdir()
    with Folder(packs).scratch("2025-26/gw01"):
        assert not killed.folder.exists()
        assert living.half.is_file()
        assert notes.is_dir()


def test_only_folders_of_ours_are_removed(root: Path) -> None:
    place = root / f".fpl-pulse-{os.getuid()}"
    kept = [place / "notes", place / "pack-2025", place / "pack-0123456x"]
    left = place / "pack-01234567"
    for folder in (*kept, left):
        folder.mkdir(parents=True)
    outside = root / "important"
    outside.mkdir()
    (outside / "file").write_text("mine")
    (place / "export-01234567").symlink_to(outside)
    with scratch("pack"):
        pass
    assert all(folder.is_dir() for folder in kept)
    assert not left.exists()
    assert (outside / "file").read_text() == "mine"


def test_without_locks_only_old_folders_are_removed(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_locks(*_: object) -> None:
        raise OSError("No locks available")

    monkeypatch.setattr("fcntl.flock", no_locks)
    place = root / f".fpl-pulse-{os.getuid()}"
    old, young = place / "pack-00000000", place / "pack-11111111"
    for folder in (old, young):
        folder.mkdir(parents=True)
    os.utime(old, (0, time.time() - module.LONGEST_USE_S - 60))
    with scratch("pack"):
        assert not old.exists()
        assert young.is_dir()


def test_a_folder_that_another_process_removes_before_its_lock_is_made_again(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    removed: list[Path] = []
    make = Path.mkdir

    def removed_at_once(path: Path, *arguments: object, **options: object) -> None:
        make(path, *arguments, **options)  # type: ignore[arg-type]
        if re.fullmatch("pack-.*", path.name) and len(removed) < 2:
            path.rmdir()
            removed.append(path)

    monkeypatch.setattr(Path, "mkdir", removed_at_once)
    with scratch("pack") as folder:
        assert folder.is_dir()
    assert len(removed) == 2


def test_a_place_that_is_a_link_is_refused(root: Path, tmp_path: Path) -> None:
    """In the folder of the system, another user could have made it."""
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    root.mkdir()
    (root / f".fpl-pulse-{os.getuid()}").symlink_to(elsewhere)
    with pytest.raises(PackNotWrittenError, match="is no folder of this user"), scratch("pack"):
        pass
    assert list(elsewhere.iterdir()) == []


def test_a_temporary_folder_that_cannot_be_made_is_named(root: Path) -> None:
    root.write_text("a file")
    with pytest.raises(PackNotWrittenError) as failed, scratch("export"):
        pass
    assert f"The temporary folder {root} was not written" in str(failed.value)
    assert PACKS not in str(failed.value)


def test_a_full_temporary_folder_is_named_with_its_setting(root: Path) -> None:
    with pytest.raises(PackNotWrittenError) as failed, scratch("export"):
        raise OSError(28, "No space left on device")
    assert f"The disk of the temporary folder {root} is full" in str(failed.value)
    assert f"set {SCRATCH} to another folder" in str(failed.value)
    assert list(root.iterdir()) == []
