"""A small disk for the product's data that a test can fill. Only root may mount one."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest

from dev.local.postgres import EmbeddedPostgres
from dev.local.postgres_home import ServerUser

DISK_MB = 160


@dataclass(frozen=True)
class SmallDisk:
    """A mounted disk that a file can fill."""

    mount_point: Path

    def fill(self, leave_kb: int = 0) -> None:
        """Write a file that takes all space but `leave_kb`."""
        free = os.statvfs(self.mount_point)
        self._filler.write_bytes(b"\0" * (free.f_bavail * free.f_frsize - leave_kb * 1024))

    def free(self) -> None:
        """Remove that file."""
        self._filler.unlink(missing_ok=True)

    @property
    def _filler(self) -> Path:
        return self.mount_point / "filler"


@contextmanager
def small_disk() -> Iterator[SmallDisk]:
    """Mount a disk; the test is skipped where that is not allowed.

    The mount point is not below pytest's temporary folder: that folder is private, and the server, which runs as
    another user, would put its data elsewhere.
    """
    mount_point = Path(tempfile.mkdtemp(prefix="fpl-pulse-disk-"))
    mount_point.chmod(0o755)
    options = f"size={DISK_MB}m,mode=755"
    mounted = subprocess.run(
        [shutil.which("mount") or "mount", "-t", "tmpfs", "-o", options, "tmpfs", str(mount_point)],
        capture_output=True,
        check=False,
    )
    if mounted.returncode != 0:
        mount_point.rmdir()
        pytest.skip("this machine does not let tests mount a tmpfs")
    try:
        yield SmallDisk(mount_point)
    finally:
        subprocess.run([shutil.which("umount") or "umount", "--lazy", str(mount_point)], check=True)
        mount_point.rmdir()


@contextmanager
def on_a_small_disk(server: EmbeddedPostgres, database: str) -> Iterator[SmallDisk]:
    """Move a database to a small disk, and back at the end. Other databases and the write-ahead log stay."""
    with small_disk() as disk:
        folder = disk.mount_point / "postgres"
        folder.mkdir(mode=0o700)
        ServerUser.choose().own(folder)
        with psycopg.connect(server.dsn("postgres"), autocommit=True) as conn:
            conn.execute(f"create tablespace small_disk location '{folder}'".encode())
            _move(conn, database, "small_disk")
            # The first connection writes a file, without which there is no other one.
            with psycopg.connect(server.dsn(database)) as first:
                first.execute("select 1")
            try:
                yield disk
            finally:
                disk.free()
                _move(conn, database, "pg_default")
                conn.execute("drop tablespace small_disk")


def _move(conn: psycopg.Connection, database: str, tablespace: str) -> None:
    """Move a database to a tablespace. Nobody may be connected to it."""
    conn.execute("select pg_terminate_backend(pid) from pg_stat_activity where datname = %s", (database,))
    conn.execute(f"alter database {database} set tablespace {tablespace}".encode())
