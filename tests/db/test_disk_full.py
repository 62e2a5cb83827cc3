"""The database's disk fills up during a run: the run fails, and a clear with free space completes the data."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from dev.local.postgres import EmbeddedPostgres
from dev.pipelines import Pipelines, slots_of
from fpl_pulse.store.digest import different, digest
from fpl_pulse.store.schema import upgrade
from tests.db.conftest import FIRST_MONDAY

MONDAY = slots_of(FIRST_MONDAY)["update_fixture_mappings"]
DISK_MB, FREE_KB = 160, 100


@pytest.fixture
def small_disk() -> Iterator[Path]:
    """A small disk of its own; the test is skipped where tests may not mount one.

    The mount point is not below pytest's temporary folder: that folder is private, and the server, which runs as
    another user, would put its data elsewhere.
    """
    mount_point = Path(tempfile.mkdtemp(prefix="fpl-pulse-disk-"))
    mount_point.chmod(0o755)
    mounted = subprocess.run(
        [shutil.which("mount") or "mount", "-t", "tmpfs", "-o", f"size={DISK_MB}m,mode=755", "tmpfs", str(mount_point)],
        capture_output=True,
        check=False,
    )
    if mounted.returncode != 0:
        mount_point.rmdir()
        pytest.skip("this machine does not let tests mount a tmpfs")
    yield mount_point
    subprocess.run([shutil.which("umount") or "umount", "--lazy", str(mount_point)], check=True)
    mount_point.rmdir()


def fill(disk: Path, leave_kb: int) -> Path:
    """Write a file that takes all space of a disk but `leave_kb`."""
    filler = disk / "filler"
    free = os.statvfs(disk)
    filler.write_bytes(b"\0" * (free.f_bavail * free.f_frsize - leave_kb * 1024))
    return filler


def test_a_full_disk_fails_the_run_and_a_clear_with_free_space_completes_the_data(
    small_disk: Path, sandbox: str, pipelines: Pipelines
) -> None:
    pipelines.run("update_fixture_mappings", MONDAY)
    clean = digest(pipelines.conn)
    with EmbeddedPostgres(small_disk / "postgres", durable=True) as server:
        server.create_database("pulse")
        upgrade(server.dsn("pulse"))
        filler = fill(small_disk, FREE_KB)
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
