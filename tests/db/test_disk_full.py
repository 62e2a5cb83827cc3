"""The disk of the data fills up in the middle of a run: red, nothing torn, and whole after a clear with room."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from dev.local.postgres import EmbeddedPostgres
from fpl_pulse.store.digest import different, digest
from fpl_pulse.store.schema import upgrade
from tests.db.conftest import FIRST_MONDAY, Pipelines, slots_of

MONDAY = slots_of(FIRST_MONDAY)["update_fixture_mappings"]
DISK_MB, LEFT_KB = 160, 100


@pytest.fixture
def small_disk() -> Iterator[Path]:
    """A disk of its own, small; only where this machine lets tests mount one.

    Not below pytest's folder: that one is private, and the server would put its data elsewhere.
    """
    place = Path(tempfile.mkdtemp(prefix="fpl-pulse-disk-"))
    place.chmod(0o755)
    mounted = subprocess.run(
        [
            shutil.which("mount") or "mount",
            "-t",
            "tmpfs",
            "-o",
            f"size={DISK_MB}m,mode=755",
            "tmpfs",
            str(place),
        ],
        capture_output=True,
        check=False,
    )
    if mounted.returncode != 0:
        place.rmdir()
        pytest.skip("this machine does not let tests mount a tmpfs")
    yield place
    subprocess.run([shutil.which("umount") or "umount", "--lazy", str(place)], check=True)
    place.rmdir()


def fill(disk: Path, leave_kb: int) -> Path:
    """Take all room of a disk but a little."""
    filler = disk / "filler"
    room = os.statvfs(disk)
    filler.write_bytes(b"\0" * (room.f_bavail * room.f_frsize - leave_kb * 1024))
    return filler


def test_a_full_disk_is_red_and_a_clear_with_room_ends_as_if_it_had_never_been(
    small_disk: Path, sandbox: str, pipelines: Pipelines
) -> None:
    pipelines.run("update_fixture_mappings", MONDAY)
    clean = digest(pipelines.conn)
    with EmbeddedPostgres(small_disk / "postgres", durable=True) as server:
        server.create_database("pulse")
        upgrade(server.dsn("pulse"))
        filler = fill(small_disk, LEFT_KB)
        with (
            psycopg.connect(server.dsn("pulse"), autocommit=True) as conn,
            pytest.raises(psycopg.OperationalError) as failed,
        ):
            Pipelines(conn, sandbox).run("update_fixture_mappings", MONDAY)
        assert "No space left on device" in str(failed.value) or failed.value.sqlstate is None
        filler.unlink()
        if server.status() is None:
            server.start()
        with psycopg.connect(server.dsn("pulse"), autocommit=True) as conn:
            assert different(clean, digest(conn)) != []
            Pipelines(conn, sandbox).run("update_fixture_mappings", MONDAY)
            assert different(clean, digest(conn)) == []
